// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// The least that has to move, from the computed optimum: what other policies are to be compared
/// with. In this order, what comes later never undoing what came before:
///
/// 1. Nodes in maintenance hand over leadership; copies that share a domain while another is free
///    are spread: as greedy does it (goals.hpp).
/// 2. Drains and counts in one: the minimum cost flow of minimum_flow.hpp, which moves as few
/// copies
///    as any plan can for the most even counts that domains allow; of those plans one that heads
///    for even bytes, if they are to be balanced. What that model bars from leaving a draining node
///    goes where greedy would put it.
/// 3. Bytes: exchanges that leave the counts alone (exchange_bytes.hpp) until each node is within
///    bytes_band of its share, as cheap as single exchanges are. This part is a heuristic: the
///    minimum is NP-hard. migration_minimum (bounds.hpp) says how far it can be off.
/// 4. Leaders, without data, as greedy does it.
///
/// Counts are exact whatever the size where the relaxation proves the first plan, which is the
/// rule. Else they are exact up to 60,000 copies; with more, only 16 searches for an improvement
/// are made, so that a plan takes seconds, and the counts may fall short of the optimum
/// (minimum_flow tells).
///
/// A count_gap above 1 leaves counts alone while no two nodes are further apart than that, as
/// greedy measures it, and nothing has to be drained. Steps are legal as those of greedy are. A
/// plan for the state that a plan leads to is empty, given that space was no obstacle.
class OptimumRebalance final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Bytes};
  }
  std::vector<PolicyOption> options() const override { return {kCountGapOption, kBytesBandOption}; }
};

}  // namespace shardproof::distribution
