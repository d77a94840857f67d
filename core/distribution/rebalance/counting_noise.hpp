// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/distribution/rebalance/draft.hpp"
#include "core/distribution/rebalance/shift.hpp"

namespace shardproof::distribution {

/// By how much what nodes have counted may be off by chance, so that policies are at rest under a
/// load that does not change.
///
/// Requests, and the inputs that they give processors, are counted over view.counted_over. They
/// come as they like: where n are expected, n come give or take sqrt(n), and with k inputs for each
/// request n inputs give or take sqrt(k n) (a compound Poisson process). Taken into account are
/// kDeviations of these standard deviations. Copies, leaders and bytes are no such counts, and
/// nothing is where the view states no time. O(1) after O(nodes).
class CountingNoise {
 public:
  static constexpr PolicyOption kDeviations{
      "deviations",
      "of a measured load, standard deviations that are left to chance",
      {4, 1},
      0,
      1000};

  CountingNoise(const Draft& draft, LoadMeasure measure);

  LoadMeasure measure() const { return measure_; }
  /// Of a rate, in the same unit, rounded down.
  std::uint64_t of(std::uint64_t rate) const;
  /// Of what a shift takes from its source, with one event more than there were, as none may be
  /// chance. Half as many deviations, as both a step and the one that undoes it have to be off; but
  /// all of them of an exchange, where of so many pairs the one is chosen that differs.
  std::uint64_t of(const Draft& draft, const Shift& shift) const;
  /// Whether the shift takes more than that.
  bool is_certain(const Draft& draft, const Shift& shift) const;

 private:
  LoadMeasure measure_;
  std::uint64_t deviations_ = 0;
  /// Variance of a rate, over the rate.
  Ratio spread_{0, 1};
};

}  // namespace shardproof::distribution
