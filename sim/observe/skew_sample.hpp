// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/wide.hpp"
#include "sim/observe/exact_value.hpp"

namespace shardproof::sim {

/// The figures of `Skew` that are followed over time.
struct SkewSample {
  ExactValue max_over_mean;
  ExactValue cv;
};

/// What these need of loads, taken in one by one: no list, no sorting. Nodes without load need not
/// be told. The total is below 2^64.
class SkewSums {
 public:
  /// The load of one node more. O(1).
  void add(std::uint64_t load);

  /// Of `n` nodes, at least as many as had a load; nothing without a load. As `skew_of` has it, but
  /// where that halves loads: then to 2^-50. O(1).
  std::optional<SkewSample> sample(std::size_t n) const;

 private:
  UInt128 total_ = 0;
  UInt128 squares_ = 0;
  std::uint64_t largest_ = 0;
};

/// Of a list. O(n).
std::optional<SkewSample> skew_sample_of(std::span<const std::uint64_t> loads);

}  // namespace shardproof::sim
