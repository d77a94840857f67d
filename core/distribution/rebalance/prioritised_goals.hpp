// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/distribution/rebalance/counting_noise.hpp"

namespace shardproof::distribution {

/// Goals in the order of their importance; what serves a later one never takes a node further from
/// an earlier one.
///
/// Each goal is a range in which every node is to be:
///
/// 1. hard: bytes at most kCapacity of the disk, where a node states one
/// 2. hard: at most kCopies copies
/// 3. copies, 4. bytes, 5. cpu, 6. leaders, 7. requests: between 2 - kBalance and kBalance of the
///    node's share by weight, whole numbers around it allowed
///
/// Drains and failure domains are hard goals that come before all of these. For the goal's nodes
/// out of range, furthest first, leadership is handed over (goals 5 to 7), a copy moves, or two
/// copies are exchanged (goals 4, 5 and 7), with the partner at the other end first and the largest
/// copies first: the first such step that brings the two nodes, taken together, closer to the
/// goal's ranges and neither of them further from the range of a goal before it. Distances in the
/// order of goals fall lexicographically with every step, so this ends; then a plan is empty.
///
/// So that it is at rest under a load that does not change: a node whose cpu or requests are out of
/// range by no more than chance (counting_noise.hpp) is left alone, one that is further out is
/// served until it is within the range; for bytes, what is aimed at is nine tenths of the range. A
/// step for evenness (goals 3 to 7) brings the nodes closer by a quarter of what it shifts, and
/// what it shifts of a measured load is more than chance, to this goal, and could be more than it
/// seems, to those before.
///
/// Source: LinkedIn Cruise Control, analyzer.goals (ReplicaCapacityGoal, DiskCapacityGoal,
/// ReplicaDistributionGoal, DiskUsageDistributionGoal, CpuUsageDistributionGoal,
/// LeaderReplicaDistributionGoal, LeaderBytesInDistributionGoal; balance thresholds 1.1, capacity
/// threshold 0.8, 10 000 replicas a broker, BALANCE_MARGIN 0.9). It averages loads over hours,
/// where reports tell of the last seconds: hence the allowance for chance. Its hard goal for the
/// processor has no counterpart, as nodes report how much they have to do and not how much they
/// could; nor have its goals for the network and for the replicas of a topic. Exchanges look at
/// kExchanged copies on either side.
///
/// O(p g n (n + c n R + k^2 R)) for p steps, g goals, n nodes, c copies on a node, k exchanged.
class PrioritisedGoalsRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kCapacity{"capacity", "of a disk, what may be full", {8, 10}, 0, 1,
                                          false,      "disk.capacity.threshold"};
  static constexpr PolicyOption kCopies{
      "copies", "of a node at most",      {10'000, 1}, 1, 1'000'000'000,
      true,     "max.replicas.per.broker"};
  static constexpr PolicyOption kBalance{"balance",
                                         "of a node's share, what it has at most",
                                         {11, 10},
                                         1,
                                         2,
                                         false,
                                         "*.balance.threshold"};
  static constexpr PolicyOption kExchanged{
      "exchanged", "copies of either node that are tried in exchanges", {32, 1}, 1, 10'000};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Bytes, LoadMeasure::Cpu, LoadMeasure::Leaders,
            LoadMeasure::Requests};
  }
  std::vector<PolicyOption> options() const override {
    return {kCapacity, kCopies, kBalance, kExchanged, CountingNoise::kDeviations};
  }
};

}  // namespace shardproof::distribution
