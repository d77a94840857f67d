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
/// kThreshold, 1.0, the one that brings them closest, if it does not make the target the heavier
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
  static constexpr PolicyOption kCopies{"copies",
                                        "factor of a node's copies",
                                        {45, 100},
                                        0,
                                        1000,
                                        false,
                                        "cluster.routing.allocation.balance.shard"};
  static constexpr PolicyOption kCollection{
      "collection", "factor of its copies of the same collection", {55, 100}, 0, 1000,
      false,        "cluster.routing.allocation.balance.index"};
  static constexpr PolicyOption kWriteLoad{
      "write_load", "factor of its threads that are busy",          {10, 1}, 0, 1000,
      false,        "cluster.routing.allocation.balance.write_load"};
  static constexpr PolicyOption kBytes{"bytes",
                                       "factor of its bytes",
                                       {2, kOptionSteps},
                                       0,
                                       1,
                                       false,
                                       "cluster.routing.allocation.balance.disk_usage"};
  static constexpr PolicyOption kThreshold{
      "threshold", "difference of two nodes' weights that is left alone", {1, 1}, 0, 1000,
      false,       "cluster.routing.allocation.balance.threshold"};
  static constexpr PolicyOption kRequestsPerThread{"requests_per_thread",
                                                   "requests a second that keep a thread busy",
                                                   {1000, 1},
                                                   1,
                                                   1'000'000'000};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Copies, LoadMeasure::Requests, LoadMeasure::Bytes};
  }
  std::vector<PolicyOption> options() const override {
    return {kCopies, kCollection, kWriteLoad, kBytes, kThreshold, kRequestsPerThread};
  }
};

}  // namespace shardproof::distribution
