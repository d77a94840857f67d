// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// A control: moves that are legal and lead nowhere. Drains and domains are served like everywhere;
/// then each shard, with a chance of 1 in kShardsPerMove, has one of its copies moved to any node
/// that may take it, copy and node uniformly. Whatever a policy is good for it has to show against
/// this one, and whatever a check finds here is not evenness. It never comes to rest.
///
/// Nothing is drawn from a stream: the numbers are a hash (stable_hash.hpp) of the members and of
/// who holds and leads what, so the same state has the same plan. O(c R) for c copies and O(n R)
/// for each move.
class RandomRebalance final : public RebalancePolicy {
 public:
  static constexpr std::uint64_t kShardsPerMove = 4;

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {}; }
};

}  // namespace shardproof::distribution
