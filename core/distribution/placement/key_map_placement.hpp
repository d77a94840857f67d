// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/keys/registry.hpp"
#include "core/distribution/placement/placement.hpp"

namespace shardproof::distribution {

/// Shards go where an algorithm that places keys on nodes would put them: a shard is the key
/// `shard-<id>`, hashed by XXH64, and node i of the algorithm the i-th of those that take copies,
/// by id, weighing what `node_weights` says where the algorithm knows weights. All of its options
/// can be set but `copies`, which is the replication factor.
///
/// Copies are taken from the first 64 nodes that the algorithm gives for copies of the key, in that
/// order: the next one that has space and crowds the failure domains no more than any other node
/// would. Where none of the 64 is one, the highest random weight decides among all that are, as in
/// RendezvousPlacement. So copies are in as many domains as they can be, and where domains do not
/// interfere they are just the algorithm's own.
///
/// An algorithm that goes by loads meets the shards of the view that have copies first, in the
/// order of their ids, as keys that came before. O(nodes) for each shard, beside the map's tables
/// and look-ups.
class KeyMapPlacement final : public PlacementPolicy {
 public:
  /// An entry of the registry, which lives as long.
  explicit KeyMapPlacement(const KeyAlgorithm& algorithm) : algorithm_(algorithm) {}

  /// Fails also where the algorithm cannot have as many nodes as there are, or its options do not
  /// fit together.
  Result<std::vector<CopyList>> place_all(const ClusterView& view,
                                          const std::vector<NewShard>& shards,
                                          const PlacementOptions& options) const override;
  std::vector<PolicyOption> options() const override;

 private:
  const KeyAlgorithm& algorithm_;
};

}  // namespace shardproof::distribution
