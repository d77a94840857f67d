// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/base/wide.hpp"
#include "sim/observe/exact_value.hpp"

/// CockroachDB's allocation simulator (asim): how much a store's load went up and down again.
/// Source: cockroachdb/cockroach, pkg/kv/kvserver/asim/history/thrashing.go.
namespace shardproof::sim::peers {

/// A series of loads of one store, value by value. O(1) each.
class ThrashSeries {
 public:
  void add(std::uint64_t value);

  bool is_empty() const { return count_ == 0; }
  /// Total variation upwards and downwards.
  UInt128 up() const { return up_; }
  UInt128 down() const { return down_; }
  /// 1 + sign changes of the first differences, where no change counts as upwards.
  std::uint64_t runs() const { return runs_; }
  std::uint64_t min() const { return min_; }
  std::uint64_t max() const { return max_; }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
  std::uint64_t runs_ = 1;
  bool is_upwards_ = false;
  UInt128 up_ = 0;
  UInt128 down_ = 0;
};

/// The variation that a trend does not explain, in q32: 0 if min(u, d) = 0, else
/// a (u + d) + (1 - a) min(u, d) with a = (min / max)^0.8. Off by less than 2^-26 of u + d; sums
/// beyond 2^63 count as 2^63.
UInt128 trend_discounting_variation_q32(UInt128 up, UInt128 down);

/// thrash_pct summed over stores: 100 tdtv / range, the range from the least to the largest value
/// of any store (1 if they are equal). Nothing without a value. O(stores).
std::optional<ExactValue> thrash_percent(std::span<const ThrashSeries> stores);

/// What its assertion `balance` looks at: max_s(x) / mean_s(x) of a statistic's values x over
/// stores s. Nothing without a value above zero. O(stores).
std::optional<ExactValue> balance(std::span<const std::uint64_t> stores);

}  // namespace shardproof::sim::peers
