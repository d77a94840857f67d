// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Consistent hashing on a circle of 2^64 (Karger et al. 1997) with virtual nodes.
///
/// Node i has v_i points, XXH64 of `node-<i>#<j>` for j = 0..v_i - 1; a key belongs to the first
/// point at or after its hash, wrapping. v_i is the option `vnodes`, with weights
/// vnodes * w_i / mean(w) rounded to nearest and at least 1. Where points meet the lower node has
/// it. Build O(P log P) for P points, look-up O(log P), 12 bytes a point; replicas are the next
/// distinct nodes along the circle.
///
/// A node's share is Beta(v, (n - 1) v): E[CV^2] = (n - 1) / (n v + 1). A node that comes takes
/// 1 / (n + 1) of the keys in the mean, from all others alike; no key moves between old nodes while
/// weights are equal (weights are relative to their mean, so with them a new node may change the
/// points of the others).
class RingMap final : public PerKeyMap<RingMap> {
 public:
  explicit RingMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return owners_[successor(key.hash)]; }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override {
    return distinct_from(successor(key.hash), count);
  }
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override {
    return points_.size() * (sizeof(points_[0]) + sizeof(owners_[0]));
  }

  std::size_t points() const { return points_.size(); }
  /// The index of the first point at or after `hash`, in order round the circle.
  std::size_t successor(std::uint64_t hash) const;
  std::uint32_t owner_at(std::size_t point) const { return owners_[point]; }
  /// The first `count` distinct nodes from that point on, or all.
  std::vector<std::uint32_t> distinct_from(std::size_t point, std::uint32_t count) const;

 private:
  std::vector<std::uint64_t> points_;  ///< ascending, distinct
  std::vector<std::uint32_t> owners_;  ///< of each point
};

}  // namespace shardproof::distribution
