// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/observe/peers/asim.hpp"
#include "sim/observe/peers/scylla.hpp"
#include "sim/observe/skew_over_time.hpp"
#include "sim/observe/skew_readings.hpp"

namespace shardproof::sim {

/// Loads and their skew from sample to sample. O(nodes) per sample.
class LoadHistory {
 public:
  void on_sample(SkewReadings& readings, const ClusterTally& cluster, const LoadTally& loads,
                 Instant now);

  /// Of the whole cluster.
  const SkewTimes& times(SkewDimension dimension) const { return of(dimension).times; }
  /// Of asim, over the members' series; a member's begins and stops when it is counted.
  std::optional<ExactValue> thrash_percent(SkewDimension dimension) const {
    return peers::thrash_percent(of(dimension).nodes);
  }
  /// Of bytes, over the samples.
  const peers::OvercommitHistory& overcommit() const { return overcommit_; }
  /// The most runs of a member's series; nothing without a sample.
  std::optional<std::uint64_t> thrash_runs(SkewDimension dimension) const;

 private:
  struct Dimension {
    SkewTimes times;
    std::vector<peers::ThrashSeries> nodes;  ///< by id
  };
  const Dimension& of(SkewDimension dimension) const {
    return dimensions_[static_cast<std::size_t>(dimension)];
  }

  std::array<Dimension, kSkewDimensions> dimensions_;
  peers::OvercommitHistory overcommit_;
};

}  // namespace shardproof::sim
