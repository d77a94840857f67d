// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/tenure.hpp"

#include <algorithm>

namespace shardproof {

Tenure::Tenure(Term own_term, const Step& step)
    : term(own_term), began(step.now), proposals(own_term, step.config.rules) {
  for (const NodeRecord& node : step.table.nodes()) {
    if (node.id.is_none() || node.state == NodeState::Removed) continue;
    detector.watch(node.id, step);
  }
  for (const ShardInfo& shard : step.table.shards()) {
    if (shard.id.has_value()) copies.on_shard(shard, step.table);
  }
}

NodeState node_state(const ShardTable& table, NodeId node) {
  const NodeRecord* record = table.find_node(node);
  return record == nullptr ? NodeState::Removed : record->state;
}

bool knows_all_members(const Tenure& tenure, const ShardTable& table) {
  for (const NodeRecord& node : table.nodes()) {
    if (node.id.is_none() || node.state == NodeState::Removed) continue;
    if (!tenure.detector.is_alive(node.id) && !tenure.detector.is_dead(node.id)) return false;
  }
  return true;
}

bool knows_all_loads(const Tenure& tenure, const ShardTable& table) {
  for (const NodeRecord& node : table.nodes()) {
    if (node.id.is_none() || node.state == NodeState::Removed) continue;
    if (tenure.detector.is_dead(node.id)) continue;
    if (!tenure.loads.node(node.id).is_known) return false;
  }
  return true;
}

bool is_any_node_changing(const Tenure& tenure, const ShardTable& table) {
  return std::any_of(table.nodes().begin(), table.nodes().end(), [&](const NodeRecord& node) {
    return node.id.has_value() && tenure.proposals.is_busy({RecordKind::Node, node.id.value()});
  });
}

bool is_any_collection_changing(const Tenure& tenure, const ShardTable& table) {
  // A new one has the id after the last.
  for (std::uint32_t id = 0; id <= table.collections().size(); ++id) {
    if (tenure.proposals.is_busy({RecordKind::Collection, id})) return true;
  }
  return false;
}

}  // namespace shardproof
