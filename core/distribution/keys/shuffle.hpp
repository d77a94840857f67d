// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Shuffle sharding (MacCarthaigh 2014; Amazon's Builders' Library): each of `tenants` has a shard
/// of `shard` nodes of its own, and the keys of a tenant are on these. Who is harmed when one
/// tenant takes its nodes down is who has all of the same ones: of two tenants j nodes are common
/// with chance C(k, j) C(n - k, k - j) / C(n, k).
///
/// A key's tenant is its hash modulo the tenants; place p of tenant t's shard is the first of
/// jump(rehash(XXH64 of `tenant-<t>`, 2^32 p + i), n), i = 0, 1, ..., that no earlier place has;
/// the key is on place rehash(hash, 0) mod k, and its copies on those that follow. Beyond k copies
/// the further draws. All nodes are in each shard where there are no more than k.
///
/// O(1) look-up, 4 k bytes a tenant. With T tenants E[CV^2] of the shares is (n - k) / (k T). Equal
/// nodes only. A node that comes takes a place in k / (n + 1) of the shards; beyond that a place
/// changes where an earlier one that it met has become another.
class ShuffleMap final : public PerKeyMap<ShuffleMap> {
 public:
  explicit ShuffleMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return shards_[slot_of(key)]; }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override { return shards_.size() * sizeof(shards_[0]); }

  /// The distinct nodes of one tenant, below `tenants`.
  std::span<const std::uint32_t> shard_of(std::uint64_t tenant) const {
    return std::span(shards_).subspan(tenant * size_, size_);
  }

 private:
  /// Appends one tenant's shard to `shards_`.
  void draw_shard(std::uint64_t tenant);
  /// The index in `shards_` of the key's node.
  std::size_t slot_of(const Key& key) const;

  std::uint64_t tenants_;
  std::uint32_t size_;                 ///< nodes of a shard
  std::vector<std::uint32_t> shards_;  ///< nodes, one shard after the other
};

}  // namespace shardproof::distribution
