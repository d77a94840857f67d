// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// The weighted ring of libketama (Jones 2007) on a circle of 2^32: in the mean 40 digests a node
/// of four points each, 160.
///
/// A node of weight w among n with the sum W has floor(40 n w / W) digests, at least 1. Digest j of
/// node i is XXH64 of `node-<i>-<j>` with an even seed and with the next one, and each gives two
/// points of 32 bits, the lower half first: libketama's own digests are MD5, so that its figures
/// are alike but not equal. A key belongs to the first point at or after the upper half of its
/// hash, wrapping; points that meet belong to the lower node. Build O(P log P) for P points,
/// look-up O(log P), 8 bytes a point; copies are on the next distinct nodes clockwise.
///
/// A node's share is as of `RingMap` with 160 virtual nodes. A node that comes takes its share, and
/// nothing moves between the others while weights are equal.
class KetamaMap final : public PerKeyMap<KetamaMap> {
 public:
  explicit KetamaMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return owners_[successor(key.hash)]; }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override {
    return points_.size() * (sizeof(points_[0]) + sizeof(owners_[0]));
  }

 private:
  std::size_t successor(std::uint64_t hash) const;

  std::vector<std::uint32_t> points_;  ///< ascending, distinct
  std::vector<std::uint32_t> owners_;  ///< of each point
};

}  // namespace shardproof::distribution
