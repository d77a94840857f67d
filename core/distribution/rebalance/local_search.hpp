// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/wide.hpp"
#include "core/distribution/rebalance/counting_noise.hpp"

namespace shardproof::distribution {

/// Steepest descent in one objective over all measures.
///
/// Objective: over the nodes that take copies and over copies, leaders, bytes, requests and cpu,
/// the sum of weight * (load / share - 1)^2, in integers (fair_shares.hpp). A node is looked at if
/// one of its measures is off: counts by more than options.count_gap and bytes_band of the share,
/// the others by more than bytes_band of it and what chance may do (counting_noise.hpp). Of those
/// the one that adds most to the objective tries, with each of the kPartners nodes that hold least
/// and most altogether, to hand leadership over either way and to move any copy either way; only if
/// none of that helps, to exchange any two copies (kExchanged on either side at most). What lowers
/// the objective most, less the price of moving, is taken; of equals what copies fewer bytes, then
/// the lower shard. The price is kMovePrice of weight * (copies and bytes that are copied, as parts
/// of the shares): a tenth of what it brings to move as much between nodes that are half a share
/// off. If nothing is worth its price, the next node is looked at. Of what a step gains in a
/// measured load only that counts which is no chance: moving a from x to y gains 2a (x - y - a),
/// and a and x - y - a are taken for less by what they may be off; of what a step loses a is taken
/// for more. The objective is an integer and falls with every step, so this ends, at the latest
/// when kEvaluations steps have been tried in a plan.
///
/// Source: the local search of Rebalancer (Kumar et al., OSDI 2024: hottest bin first, move types
/// Single and Swap, objectives of several dimensions, minimised movement, budgets). Drains and
/// domains come first. O(s (n log n + p (c + k^2) R)) for s steps, p partners, c copies on a node,
/// k exchanged.
class LocalSearchRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kPartners{
      "partners", "nodes of the least and of the most load that are tried", {4, 1}, 1, 10'000};
  static constexpr PolicyOption kExchanged{
      "exchanged", "copies of either node that are tried in exchanges", {32, 1}, 1, 10'000};
  static constexpr PolicyOption kEvaluations{
      "evaluations", "steps that a plan tries", {2'000'000, 1}, 1, 1'000'000'000'000};
  static constexpr PolicyOption kMovePrice{
      "move_price", "what moving costs, over what it brings", {1, 10}, 0, 1000, false};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Leaders, LoadMeasure::Bytes, LoadMeasure::Requests,
            LoadMeasure::Cpu};
  }
  std::vector<PolicyOption> options() const override {
    return {kPartners,
            kExchanged,
            kEvaluations,
            kMovePrice,
            kCountGapOption,
            kBytesBandOption,
            CountingNoise::kDeviations};
  }
};

}  // namespace shardproof::distribution
