// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/crush/crush_item.hpp"

namespace shardproof::distribution {

/// A binary tree (Weil et al. 2006, section 3.4.3; after RUSH_T) whose leaves are the items: from
/// the root on, each vertex sends a key to the left or to the right with the chance of the weight
/// there.
///
/// Vertices have labels that stay when the tree grows: leaf i has 2 i + 1, a vertex of height h the
/// odd multiple of 2^h between its subtrees, so that an old root is the left child of a new one.
/// The vertex with label v sends the key left where rehash(hash ^ mix64(seed + v), r) / 2^64 is
/// below the quotient of the left weight and its own.
///
/// O(log n) a choice, 8 bytes a label, of which there are twice the items rounded up to a power of
/// two. An item that comes, goes or changes its weight changes the chances at the vertices above it
/// alone: keys move within these subtrees too, up to log n times the optimum.
class TreeBucket {
 public:
  TreeBucket(const std::vector<CrushItem>& items, std::uint64_t seed);

  /// The index of the item for try `r`.
  std::uint32_t choose(std::uint64_t hash, std::uint64_t r) const;
  std::uint64_t bytes() const { return weights_.size() * sizeof(weights_[0]); }

 private:
  std::uint64_t seed_;
  std::vector<std::uint64_t> weights_;  ///< below each vertex, by label; 0 where no item is
};

}  // namespace shardproof::distribution
