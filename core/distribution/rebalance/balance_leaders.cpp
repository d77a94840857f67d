// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

WeightedLoad lead(const Draft& draft, NodeId node, std::uint64_t more = 0) {
  return {draft.leader_count(node) + more, draft.weight(node)};
}

/// The node among the shard's copies, other than the leader's, that leads fewest per weight.
NodeId least_leading(const Draft& draft, ShardIndex shard) {
  const std::uint64_t gap = draft.options().count_gap;
  NodeId best;
  for (const NodeId node : draft.nodes_of(shard)) {
    if (node == draft.leader_of(shard) || !draft.takes_copies(node)) continue;
    if (best.is_none() || lead(draft, node, gap) < lead(draft, best, gap)) best = node;
  }
  return best;
}

/// The shards that a node leads and another could, in the order of its copies.
std::vector<ShardIndex> led_by(const Draft& draft, NodeId node) {
  std::vector<ShardIndex> led;
  for (const CopyIndex copy : draft.copies_on(node)) {
    const ShardIndex shard = draft.shard_of(copy);
    if (draft.leads(copy) && draft.may_change_leader(shard)) led.push_back(shard);
  }
  return led;
}

/// One round over the leaders on a node: while one of them has a colder replica, it is handed over.
bool hand_over_excess(Draft& draft, NodeId node) {
  bool moved = false;
  for (const ShardIndex shard : led_by(draft, node)) {
    const NodeId target = least_leading(draft, shard);
    if (target.is_none()) continue;
    if (!(lead(draft, target, draft.options().count_gap) < lead(draft, node))) continue;
    draft.transfer_leader(shard, target, MoveReason::Balance);
    moved = true;
  }
  return moved;
}

/// The nodes that may lead more or less, those that lead most per weight first.
std::vector<NodeId> by_leadership(const Draft& draft) {
  std::vector<NodeId> nodes;
  for (const NodeView& node : draft.view().nodes) {
    if (draft.takes_copies(node.id)) nodes.push_back(node.id);
  }
  std::sort(nodes.begin(), nodes.end(), [&](NodeId a, NodeId b) {
    const auto order = lead(draft, a) <=> lead(draft, b);
    return order != 0 ? order > 0 : a < b;
  });
  return nodes;
}

}  // namespace

void hand_over_before_maintenance(Draft& draft) {
  for (const NodeView& node : draft.view().nodes) {
    if (node.state != NodeState::Maintenance || !node.alive) continue;
    for (const ShardIndex shard : led_by(draft, node.id)) {
      const NodeId target = least_leading(draft, shard);
      if (target.has_value()) draft.transfer_leader(shard, target, MoveReason::Drain);
    }
  }
}

void balance_leaders(Draft& draft) {
  bool moved = true;
  while (moved) {
    moved = false;
    for (const NodeId node : by_leadership(draft)) moved |= hand_over_excess(draft, node);
  }
}

}  // namespace shardproof::distribution
