// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// The rebalance of the system whose module description this project started from, kept as a
/// known-bad example: throw the table away and assign every shard anew by the greedy rule
/// (placement/ greedy_ancestor.hpp), from empty nodes, in order of shard id. It ignores who holds a
/// copy now, so most of the data moves at every change of membership and all holders of a shard may
/// be replaced in one plan; it ignores failure domains and sizes. Shards in flight or frozen stay,
/// but are counted. O(shards * n log n) for n nodes.
class AncestorRebalance final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {LoadMeasure::Copies}; }
  bool keeps_domains() const override { return false; }
};

}  // namespace shardproof::distribution
