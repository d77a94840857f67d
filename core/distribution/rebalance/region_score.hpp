// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/units.hpp"
#include "core/base/wide.hpp"
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// The region score of a store, version 2, in 2^-52 of the original's unit, which is a MiB. With C
/// the capacity and A what is available of it in GiB, R the data on it in MiB, K = 1, M = 256,
/// B = 1e10 and F = max(50, C (1 - low_space)):
///
///     R                                               if A >= C or C < 1
///     (K + M (ln C - ln(A - F + 1)) / (C - A + F - 1)) R       if A > F
///     (K + M ln(C) / C) R + B (F - A) / F             else
///
/// So data weighs about the same while disks are far from full, more on small disks, and all but
/// prohibitively on one that is nearly full. Logarithms are fixed point integers
/// (fixed_math.hpp, absolute error below 2^-28), so the score is the same everywhere. A capacity of
/// zero means unlimited: the first line. `available` <= `capacity` is taken for granted. Source:
/// PD, pkg/core/store.go (`regionScoreV2`, low-space-ratio 0.8).
UInt128 region_score(Bytes capacity, Bytes available, Bytes data, Ratio low_space = {8, 10});

/// From the store of the highest score to that of the lowest that may take a copy, while the
/// source's score less a tolerance is above the target's with it. The tolerance, added to the data
/// before the score is taken, is the mean size of a copy times max(1, kCopies * the most copies on
/// a node), or the copy's own size if that is more. Leaders are handed over by their number, per
/// weight, with a tolerance of kLeaders on both sides, of one at least: with none, leaders would go
/// to and fro for ever. Source: PD, balance-region and balance-leader schedulers
/// (`tolerant-size-ratio` 0 for automatic, leader-schedule-policy `count`).
///
/// What is available changes with the plan. No move makes the target score more than the source
/// would then: so the sorted scores fall with every move. PD picks regions at random, here the
/// first goes that may. Its limits on operators at once are the scheduler's. Drains and domains
/// come first. O(m (n log n + t c R)) for m moves, n nodes, t pairs tried and c copies on a node.
class RegionScoreRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kLowSpace{
      "low_space",
      "of a disk, what may be full before data weighs prohibitively",
      {8, 10},
      0,
      1,
      false,
      "low-space-ratio"};
  static constexpr PolicyOption kCopies{"copies",
                                        "tolerance in mean copies, over the most copies of a node",
                                        {5, 1000},
                                        0,
                                        1,
                                        false,
                                        "tolerant-size-ratio"};
  static constexpr PolicyOption kLeaders{"leaders",
                                         "tolerance in leaders, on both sides",
                                         {5, 1},
                                         1,
                                         1'000'000,
                                         true,
                                         "leaderTolerantSizeRatio"};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Bytes, LoadMeasure::Leaders};
  }
  std::vector<PolicyOption> options() const override { return {kLowSpace, kCopies, kLeaders}; }
};

}  // namespace shardproof::distribution
