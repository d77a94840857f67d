// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// The copies of each collection by themselves within one of their shares.
///
/// For each collection in turn, a node's deviation is its copies less its share by weight. While
/// one deviates by more than kDeviationMax, the node furthest off gives to the one most below its
/// share, or takes from the one most above; the sum of squares falls with every move. A plan makes
/// kOptimisationsMax moves for evenness, the rest waits for the next plan. A copy never goes back:
/// who takes ends less than one above its share, who gives less than one below.
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
  static constexpr std::uint64_t kDeviationMax = 1;
  static constexpr std::uint32_t kOptimisationsMax = 10;

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {LoadMeasure::Copies}; }
};

}  // namespace shardproof::distribution
