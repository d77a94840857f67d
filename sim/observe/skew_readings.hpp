// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/observe/placement_skew.hpp"
#include "sim/observe/scope_samples.hpp"

namespace shardproof::sim {

/// Skew as of now, computed once however many of its figures are read. Whoever changes what it is
/// computed from says `forget`.
class SkewReadings {
 public:
  void forget() { is_current_ = false; }
  /// The same where a commit has changed the table.
  void forget_table() {
    is_current_ = false;
    tables_.reset();
  }

  /// Loads of the members, as of `cluster_loads`. O(nodes) after a change, else O(1).
  const std::vector<std::uint64_t>& loads(SkewDimension dimension, const ClusterTally& cluster,
                                          const LoadTally& loads);
  /// Of the whole cluster, without logarithms. O(nodes log nodes) after a change, else O(1).
  const std::optional<Skew>& of(SkewDimension dimension, const ClusterTally& cluster,
                                const LoadTally& loads);
  /// Of every scope but the cluster, as far as they are followed over time. O(copies + nodes x
  /// collections) after a change, else O(1).
  const std::vector<ScopeSample>& samples(const ClusterTally& cluster, const LoadTally& loads);
  /// The largest max/mean among these. As `samples`.
  const WorstOfScopes& worst(const ClusterTally& cluster, const LoadTally& loads);
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
  std::optional<std::vector<TableSample>> tables_;
  std::optional<std::vector<ScopeSample>> samples_;
  WorstOfScopes worst_;
  std::optional<std::vector<ScopedSkew>> scopes_;
};

}  // namespace shardproof::sim
