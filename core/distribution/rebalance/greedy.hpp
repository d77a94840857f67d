// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// From the hottest node to the coldest, in lexicographic goals: what comes later never undoes what
/// came before.
///
/// 1. Drain: nodes in maintenance hand over leadership, without data; every copy on a draining node
///    goes to the least loaded node that spreads best.
/// 2. Domain: copies that share a domain, while another is free, are spread.
/// 3. Count: a copy goes from the node with the most copies per weight to the one with the fewest
///    while (copies of the target + count_gap) / weight stays below copies / weight of the source.
///    Each move lowers the sum of c(c+1)/w over the nodes, so this ends, and with equal weights and
///    no domain in the way all nodes are within count_gap of each other. A join moves copies to the
///    newcomer only.
/// 4. Bytes: nodes further than bytes_band from their share (by weight) exchange copies, or move
///    one where the counts stay as even, while each step closes an eighth of the gap between them;
///    with nodes from which they are as far apart alone. Where a share is out of reach (a zone of
///    one node that has a copy of everything), those that cannot reach it are even among themselves
///    and rest.
/// 5. Leaders: leadership goes from the node that leads most per weight to the in-sync replica's
///    node that leads fewest, without data.
///
/// At every step of the plan, in order, no level has fewer distinct domains under a shard's copies
/// than before (only a drain may have to), no target is dead, draining, in maintenance or above the
/// disk watermark, in-flight and planned copies counted and space to be freed not. Shards with too
/// few living copies are repaired first and not balanced. Ties go to the lower id. A plan for the
/// state that a plan leads to is empty, given that space was no obstacle.
///
/// The goals and their order follow Cruise Control (domains and capacity hard, then counts, bytes,
/// leaders); the condition for a count move is the divisor method of apportionment (D'Hondt).
///
/// O(m log n + p c (n + R)) for c copies, n nodes, m moves and p rounds until nothing changes; p is
/// 2 to 4 in practice.
class GreedyRebalance final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Bytes};
  }
  std::optional<BalanceBound> bound(const RebalanceOptions& options) const override {
    BalanceBound bound{options.count_gap, options.bytes_band, std::nullopt};
    if (options.balance_leaders) bound.leader_gap = options.count_gap;
    return bound;
  }
  std::vector<PolicyOption> options() const override { return {kCountGapOption, kBytesBandOption}; }
};

}  // namespace shardproof::distribution
