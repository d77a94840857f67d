// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/placement/placement.hpp"

namespace shardproof::distribution {

/// The greedy rule of the system whose module description this project started from, kept as a
/// known-bad example: each shard in turn goes to the node with the fewest copies at that moment,
/// lower id first, and its further copies to the next ones in the same order. It ignores failure
/// domains, capacities and bytes: two copies may share a rack, and a small node gets as many shards
/// as a big one. Only nodes that take copies and have space are asked. O(n log n) per shard for n
/// nodes.
class AncestorPlacement final : public PlacementPolicy {
 public:
  Result<std::vector<CopyList>> place_all(const ClusterView& view,
                                          const std::vector<NewShard>& shards,
                                          const PlacementOptions& options) const override;
  bool spreads_domains() const override { return false; }
};

/// The rule itself: the `wanted` nodes of `eligible` (ascending) with the smallest `counts` (by
/// node index), lower id first.
CopyList least_loaded(const std::vector<NodeId>& eligible, const std::vector<std::uint32_t>& counts,
                      std::uint32_t wanted);

}  // namespace shardproof::distribution
