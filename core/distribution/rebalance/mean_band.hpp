// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// Counts of copies, then of leaders, each within a band around the mean.
///
/// A node is overfull above its share (by weight) + max(kBand of it, kCopies), underfull below
/// share - that. The node furthest beyond its band comes first: an overfull one gives to the node
/// that is most below its share, an underfull one takes from the one most above; and only if the
/// move brings both closer to their share, so both were more than half a copy away from it. Thus
/// who has given never takes. Source: CockroachDB, pkg/kv/kvserver/allocator
/// (`kv.allocator.range_rebalance_threshold` 0.05, minimum 2 ranges; convergence on the mean;
/// lease counts with the same constants). Its scores of diversity are what drains and domains do
/// here, which come first.
///
/// O(m n log n + p n^2 c R) for m moves, p passes, n nodes and c copies on a node.
class MeanBandRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kBand{"band",
                                      "distance from a node's share that is left alone, over it",
                                      {5, 100},
                                      0,
                                      1,
                                      false,
                                      "kv.allocator.range_rebalance_threshold"};
  static constexpr PolicyOption kCopies{"copies",
                                        "the same in copies, and leaders, where that is more",
                                        {2, 1},
                                        0,
                                        1'000'000,
                                        true,
                                        "minRangeRebalanceThreshold"};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Leaders};
  }
  std::vector<PolicyOption> options() const override { return {kBand, kCopies}; }
};

}  // namespace shardproof::distribution
