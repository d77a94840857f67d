// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/observe/placement_skew.hpp"

namespace shardproof::sim {

/// Skew as of now, computed once however many of its figures are read. Whoever changes what it is
/// computed from says `forget`.
class SkewReadings {
 public:
  void forget() { is_current_ = false; }

  /// Loads of the members, as of `cluster_loads`. O(nodes) after a change, else O(1).
  const std::vector<std::uint64_t>& loads(SkewDimension dimension, const ClusterTally& cluster,
                                          const LoadTally& loads);
  /// Of the whole cluster, without logarithms. O(nodes log nodes) after a change, else O(1).
  const std::optional<Skew>& of(SkewDimension dimension, const ClusterTally& cluster,
                                const LoadTally& loads);
  /// Of every scope, logarithms included. O(copies + nodes log nodes) after a change, else O(1).
  const std::vector<ScopedSkew>& scopes(const ClusterTally& cluster, const LoadTally& loads);

 private:
  struct Reading {
    bool is_known = false;
    std::vector<std::uint64_t> loads;
    std::optional<Skew> skew;
  };
  Reading& reading(SkewDimension dimension, const ClusterTally& cluster, const LoadTally& loads);
  void refresh();

  bool is_current_ = false;
  std::array<Reading, kSkewDimensions> readings_{};
  std::optional<std::vector<ScopedSkew>> scopes_;
};

}  // namespace shardproof::sim
