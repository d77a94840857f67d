// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/rendezvous.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/base/fixed_math.hpp"
#include "core/base/stable_hash.hpp"
#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

struct Candidate {
  NodeId id;
  RendezvousScore score;
};

/// Better candidates first.
bool preferred(const Candidate& a, const Candidate& b) {
  if (a.score.beats(b.score)) return true;
  return !b.score.beats(a.score) && a.id < b.id;
}

bool weights_are_equal(const std::vector<RendezvousNode>& nodes) {
  return std::all_of(nodes.begin(), nodes.end(), [&](const RendezvousNode& node) {
    return node.weight == nodes.front().weight;
  });
}

std::vector<Candidate> score(std::string_view key, const std::vector<RendezvousNode>& nodes) {
  const bool plain = weights_are_equal(nodes);
  std::vector<Candidate> candidates;
  candidates.reserve(nodes.size());
  for (const RendezvousNode& node : nodes) {
    const std::uint64_t hash = stable_hash(key, node.seed);
    candidates.push_back(
        {node.id, plain ? RendezvousScore::unweighted(hash) : RendezvousScore(hash, node.weight)});
  }
  return candidates;
}

/// Takes the best candidate for the next copy, given those chosen, out of `candidates`.
NodeId take_next(const ClusterView& view, std::vector<Candidate>& candidates,
                 const CopyList& chosen) {
  std::size_t best = 0;
  Crowding least = crowding(view, candidates[0].id, chosen);
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const Crowding here = crowding(view, candidates[i].id, chosen);
    const auto order = here <=> least;
    if (order > 0 || (order == 0 && !preferred(candidates[i], candidates[best]))) continue;
    best = i;
    least = here;
  }
  const NodeId node = candidates[best].id;
  candidates[best] = candidates.back();
  candidates.pop_back();
  return node;
}

}  // namespace

RendezvousScore::RendezvousScore(std::uint64_t hash, std::uint64_t weight)
    : hash_(hash), cost_q32_(0), weight_(weight) {
  constexpr std::int64_t kLog2OfOne = std::int64_t{64} << 32;
  const std::int64_t cost = kLog2OfOne - log2_q32(std::max<std::uint64_t>(hash, 1));
  cost_q32_ = static_cast<std::uint64_t>(std::max<std::int64_t>(cost, 0));
}

bool RendezvousScore::beats(const RendezvousScore& other) const {
  const UInt128 cost = static_cast<UInt128>(cost_q32_) * other.weight_;
  const UInt128 its_cost = static_cast<UInt128>(other.cost_q32_) * weight_;
  return cost != its_cost ? cost < its_cost : hash_ > other.hash_;
}

RendezvousNode rendezvous_node(NodeId id, std::uint64_t weight) {
  return {id, stable_hash(fmt::format("node-{}", id.value())), weight};
}

std::vector<NodeId> rendezvous_order(std::string_view key,
                                     const std::vector<RendezvousNode>& nodes) {
  std::vector<Candidate> candidates = score(key, nodes);
  std::sort(candidates.begin(), candidates.end(), preferred);
  std::vector<NodeId> order;
  order.reserve(candidates.size());
  for (const Candidate& candidate : candidates) order.push_back(candidate.id);
  return order;
}

Result<std::vector<CopyList>> RendezvousPlacement::place_all(
    const ClusterView& view, const std::vector<NewShard>& shards,
    const PlacementOptions& options) const {
  const std::vector<std::uint64_t> weights = node_weights(view);
  std::vector<RendezvousNode> all;
  for (const NodeView& node : view.nodes) {
    all.push_back(rendezvous_node(node.id, weights[node.id.value()]));
  }
  std::vector<Bytes> incoming = incoming_bytes(view);
  std::vector<CopyList> result;
  std::vector<RendezvousNode> open;
  for (const NewShard& shard : shards) {
    const auto eligible = eligible_nodes(view, shard, incoming, options);
    if (!eligible) return Unexpected{eligible.error()};
    open.clear();
    for (const NodeId node : *eligible) open.push_back(all[node.value()]);
    auto candidates = score(fmt::format("shard-{}", shard.id.value()), open);
    CopyList chosen;
    while (chosen.size() < options.replication_factor) {
      chosen.push_back(take_next(view, candidates, chosen));
      incoming[chosen.back().value()] += shard.bytes;
    }
    result.push_back(std::move(chosen));
  }
  return result;
}

}  // namespace shardproof::distribution
