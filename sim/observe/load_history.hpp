// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/observe/peers/asim.hpp"
#include "sim/observe/skew_readings.hpp"

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
  Instant last_at_;
  bool was_over_ = false;
  UInt128 weighted_q32_ = 0;
  std::uint64_t span_ = 0;  ///< nanoseconds with a value
  std::optional<ExactValue> max_;
  Nanoseconds over_;
  std::optional<Instant> last_over_;
};

/// Loads and their skew from sample to sample. O(nodes) per sample.
class LoadHistory {
 public:
  void on_sample(SkewReadings& readings, const ClusterTally& cluster, const LoadTally& loads,
                 Instant now);

  const SkewOverTime& max_over_mean(SkewDimension dimension) const {
    return of(dimension).max_over_mean;
  }
  const SkewOverTime& cv(SkewDimension dimension) const { return of(dimension).cv; }
  /// Of asim, over the members' series; a member's begins and stops when it is counted.
  std::optional<ExactValue> thrash_percent(SkewDimension dimension) const {
    return peers::thrash_percent(of(dimension).nodes);
  }
  /// The most runs of a member's series; nothing without a sample.
  std::optional<std::uint64_t> thrash_runs(SkewDimension dimension) const;

 private:
  struct Dimension {
    SkewOverTime max_over_mean;
    SkewOverTime cv;
    std::vector<peers::ThrashSeries> nodes;  ///< by id
  };
  const Dimension& of(SkewDimension dimension) const {
    return dimensions_[static_cast<std::size_t>(dimension)];
  }

  std::array<Dimension, kSkewDimensions> dimensions_;
};

}  // namespace shardproof::sim
