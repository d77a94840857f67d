// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/units.hpp"
#include "core/base/wide.hpp"
#include "sim/observe/exact_value.hpp"
#include "sim/observe/skew_sample.hpp"

namespace shardproof::sim {

/// Above this max/mean the load counts as uneven: `over_ns`.
inline constexpr Ratio kUnevenOver{5, 4};

/// A measure of skew over time. A sample's value holds until the next sample; while there is none
/// (no load) no time counts.
class SkewOverTime {
 public:
  /// Times never decrease. O(1).
  void add(const std::optional<ExactValue>& value, Instant now);

  /// Weighted by time, each value to 2^-32; nothing while no time has counted.
  std::optional<ExactValue> mean() const;
  /// Nothing without a value.
  const std::optional<ExactValue>& max() const { return max_; }
  /// Time in which it was above kUnevenOver.
  Nanoseconds over() const { return over_; }
  /// Until when it last was; nothing if it never was.
  const std::optional<Instant>& last_over() const { return last_over_; }

 private:
  std::optional<ExactValue> last_;
  std::uint64_t last_q32_ = 0;
  Instant last_at_;
  bool was_over_ = false;
  UInt128 weighted_q32_ = 0;
  std::uint64_t span_ = 0;  ///< nanoseconds with a value
  std::optional<ExactValue> max_;
  Nanoseconds over_;
  std::optional<Instant> last_over_;
};

/// Both figures that are followed.
struct SkewTimes {
  SkewOverTime max_over_mean;
  SkewOverTime cv;

  void add(const std::optional<SkewSample>& sample, Instant now);
};

}  // namespace shardproof::sim
