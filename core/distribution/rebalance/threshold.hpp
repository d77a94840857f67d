// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// What is compared, and how far from the mean a node may be.
struct ThresholdRule {
  LoadMeasure measure = LoadMeasure::Bytes;
  Ratio threshold{10, 100};
  bool of_share = false;  ///< of the node's share, not of its capacity
};
inline constexpr ThresholdRule kPointsOfUtilisation{};
inline constexpr ThresholdRule kShareOfCopies{LoadMeasure::Copies, Ratio(2, 100), true};

/// Moves between nodes that are too full and such that are too empty, and no others.
///
/// Utilisation is bytes per capacity, the mean that of all nodes together. A node is *over* if it
/// is more than the threshold above the mean, *above* if it is above it by less, *below* and
/// *under* likewise. Copies go over -> under, then over -> below, then above -> under, the most
/// extreme nodes first, the largest copy that makes neither node cross the mean, so that who gives
/// never takes. It is done when no pair is left. Source: the balancer of Apache HDFS,
/// `org.apache.hadoop.hdfs.server.balancer` (BalancingPolicy.Node, 10 percentage points). Its
/// limits of 10 GB a node and iteration and its five idle iterations are matters of blocks and of
/// schedule, and not made here.
///
/// `kShareOfCopies` is the other common form, of `redis-cli --cluster rebalance`: counts, and 2 %
/// of the node's own share; Redis goes on to the share itself once a node is beyond it, here nodes
/// stop at the threshold. Points of utilisation need disks: where a node states none, the threshold
/// is a part of the share as well.
///
/// Drains and domains come first. O(m (n log n + p c)) for m moves, n nodes, p pairs tried and c
/// copies on a node.
class ThresholdRebalance final : public RebalancePolicy {
 public:
  explicit ThresholdRebalance(ThresholdRule rule = kPointsOfUtilisation) : rule_(rule) {}

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {rule_.measure}; }
  /// `threshold`, from 0 to 1.
  std::vector<PolicyOption> options() const override { return {threshold_option()}; }

 private:
  PolicyOption threshold_option() const;

  ThresholdRule rule_;
};

}  // namespace shardproof::distribution
