// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/ancestor.hpp"

#include <algorithm>

#include "core/base/contains.hpp"
#include "core/distribution/placement/greedy_ancestor.hpp"

namespace shardproof::distribution {
namespace {

/// Those of `nodes` that are not in `others`, in order.
std::vector<NodeId> those_not_in(const std::vector<NodeId>& nodes,
                                 const std::vector<NodeId>& others) {
  std::vector<NodeId> rest;
  for (const NodeId node : nodes) {
    if (!contains(others, node)) rest.push_back(node);
  }
  return rest;
}

/// The steps from the copies a shard has to those it is to have: arrivals replace departures
/// pairwise, and what is left over was missing and comes first; then the first of the new list
/// leads.
void append_steps(const ClusterView& view, const ShardView& shard, const CopyList& wanted,
                  std::vector<Move>& moves) {
  const std::vector<NodeId> leaving = those_not_in(shard.replicas, wanted);
  const std::vector<NodeId> arriving = those_not_in(wanted, shard.replicas);
  const std::uint32_t living = living_replicas(view, shard);
  const std::size_t replaced = std::min(leaving.size(), arriving.size());
  for (std::size_t i = replaced; i < arriving.size(); ++i) {
    moves.push_back({shard.id, shard.leader, arriving[i], MoveKind::Add, MoveReason::Repair, false,
                     living, shard.bytes});
  }
  NodeId leader = shard.leader;
  for (std::size_t i = 0; i < replaced; ++i) {
    const bool moves_leader = leaving[i] == leader;
    moves.push_back({shard.id, leaving[i], arriving[i], MoveKind::Move, MoveReason::Balance,
                     moves_leader, living, shard.bytes});
    if (moves_leader) leader = arriving[i];
  }
  if (leader == wanted.front() || shard.leader_stays) return;
  moves.push_back({shard.id, leader, wanted.front(), MoveKind::LeaderTransfer, MoveReason::Balance,
                   true, living, Bytes(0)});
}

}  // namespace

Plan AncestorRebalance::plan(const ClusterView& view, const RebalanceOptions&) const {
  std::vector<NodeId> eligible;
  for (const NodeView& node : view.nodes) {
    if (takes_copies(node)) eligible.push_back(node.id);
  }
  Plan plan;
  std::vector<std::uint32_t> counts(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    const bool busy = !is_movable(shard) || shard.leader.is_none();
    const CopyList wanted = busy || eligible.empty()
                                ? planned_copies(shard)
                                : least_loaded(eligible, counts, shard.replication_factor);
    for (const NodeId node : wanted) ++counts[node.value()];
    if (!busy && !wanted.empty()) append_steps(view, shard, wanted, plan.moves);
  }
  return plan;
}

}  // namespace shardproof::distribution
