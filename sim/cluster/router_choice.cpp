// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/router_choice.hpp"

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

RouterChoice::Seen& RouterChoice::seen(NodeId node) { return grown(nodes_, node.value()); }

bool RouterChoice::is_avoided(NodeId node, Instant now) const {
  if (node.value() >= nodes_.size()) return false;
  const Seen& seen = nodes_[node.value()];
  return seen.is_suspect && now < seen.avoided_until;
}

NodeId RouterChoice::choose(std::size_t nodes, Instant now, Random& random) {
  NodeId chosen(static_cast<NodeId::Rep>(random.below(nodes)));
  if (is_avoided(chosen, now)) {
    std::vector<NodeId> others;
    for (NodeId::Rep id = 0; id < nodes; ++id) {
      if (!is_avoided(NodeId(id), now)) others.push_back(NodeId(id));
    }
    if (!others.empty()) chosen = others[random.below(others.size())];
  }
  const bool is_trial = chosen.value() < nodes_.size() && nodes_[chosen.value()].is_suspect;
  if (is_trial) nodes_[chosen.value()].avoided_until = now + avoid_for_;
  return chosen;
}

void RouterChoice::on_answer(NodeId node, Instant now) { seen(node) = {now, Instant(), false}; }

void RouterChoice::on_silence(NodeId node, Instant sent, Instant now) {
  Seen& known = seen(node);
  if (known.last_answer >= sent || known.is_suspect) return;
  known.is_suspect = true;
  known.avoided_until = now + avoid_for_;
}

}  // namespace shardproof::sim
