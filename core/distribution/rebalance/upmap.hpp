// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// The copies of each collection by themselves within one of their shares.
///
/// For each collection in turn, a node's deviation is its copies less its share (by weight, and no
/// more than failure domains allow). Shares are rounded to whole targets with the same sum, up for
/// those who have most. While one of a pair deviates by more than kDeviation, a copy goes from a
/// node above its target to one below, the furthest off first. A plan makes kMoves moves
/// for evenness, the rest waits for the next plan. Who has given a copy of a collection never takes
/// one: whoever was rounded up stays above those who were not.
///
/// Source: Ceph, OSDMap::calc_pg_upmaps and the balancer module in mode `upmap`
/// (`upmap_max_optimizations` 10, `upmap_max_deviation` 5 by default; one is what its manual calls
/// perfect, and what is wanted here). Drains and domains come first and are not limited. Copies of
/// different sizes are all one to it, and so are several collections that each have one copy more
/// on the same node.
///
/// O(c + m (n log n + t c_n R)) for c copies, m moves, t partners tried, c_n copies on a node.
class UpmapRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kDeviation{"deviation",
                                           "copies by which a node may be off its share",
                                           {1, 1},
                                           1,
                                           1'000'000,
                                           true,
                                           "upmap_max_deviation"};
  static constexpr PolicyOption kMoves{"moves", "of a plan, for evenness", {10, 1}, 1, 1'000'000,
                                       true,    "upmap_max_optimizations"};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {LoadMeasure::Copies}; }
  std::vector<PolicyOption> options() const override { return {kDeviation, kMoves}; }
};

}  // namespace shardproof::distribution
