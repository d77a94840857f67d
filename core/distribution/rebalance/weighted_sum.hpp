// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// One weight for a node and a collection, a sum of four kinds of load:
///
///     w(n, c) = t0 (copies - share) + t1 (copies of c - share)
///             + t2 (requests - share) + t3 (bytes - share)
///
/// with t = 0.45, 0.55, 10, 2e-11, each divided by their sum. For each collection, from the node of
/// the largest weight to that of the smallest, a copy moves while the two differ by more than
/// kThreshold = 1.0, the one that brings them closest, if it does not make the target the heavier
/// one. Source: Elasticsearch, BalancedShardsAllocator (`cluster.routing.allocation.balance.shard`,
/// `.index`, `.write_load`, `.disk_usage`, `.threshold`). With all four, eleven copies more on one
/// of two nodes make a difference of 1.0: that is how it is published.
///
/// Elasticsearch's write load is the number of threads that writing keeps busy. Nodes report no
/// such thing here, so kRequestsPerThread requests per second stand for one. Shares are by weight
/// of the nodes, where the original divides by their number.
///
/// All is computed in integers, 1e-11 to one and shares in 2^-20. A sum is
/// no potential: copies of several collections may go round for ever, so a plan makes no more moves
/// for evenness than there are copies. Drains and domains come first. O(p n^2 + m c R) for p passes
/// over the collections, n nodes, m moves, c copies on a node.
class WeightedSumRebalance final : public RebalancePolicy {
 public:
  /// In 1e-11.
  static constexpr std::uint64_t kCopies = 45'000'000'000;
  static constexpr std::uint64_t kCollection = 55'000'000'000;
  static constexpr std::uint64_t kWriteLoad = 1'000'000'000'000;
  static constexpr std::uint64_t kBytes = 2;
  /// 1.0, times the sum of the four.
  static constexpr std::uint64_t kThreshold = kCopies + kCollection + kWriteLoad + kBytes;
  static constexpr std::uint64_t kRequestsPerThread = 1000;

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Requests, LoadMeasure::Bytes};
  }
};

}  // namespace shardproof::distribution
