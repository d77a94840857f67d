// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// A control: moves that are legal and lead nowhere. Drains and domains are served like everywhere;
/// then each shard, with a chance of 1 in kShardsPerMove, gets a copy on a node that is drawn among
/// those that take copies, from whichever of its nodes may give it, if it has none there. Whatever
/// a policy is good for it has to show against this one. It comes to rest, and begins anew with
/// other nodes for other shards whenever the nodes that take copies change.
///
/// Nothing is drawn from a stream: the numbers are a hash (stable_hash.hpp) of the shard and of the
/// nodes that take copies. O(c R) for c copies and O(R^2) for each move.
class RandomRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kShardsPerMove{
      "shards_per_move", "of so many shards one moves, on average", {4, 1}, 1, 1'000'000};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {}; }
  std::vector<PolicyOption> options() const override { return {kShardsPerMove}; }
};

}  // namespace shardproof::distribution
