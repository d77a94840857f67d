// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/crush/crush_item.hpp"

namespace shardproof::distribution {

/// A list (Weil et al. 2006, section 3.4.2; after RUSH_P): from the item that came last on, each is
/// taken with the chance of its weight over that of itself and all before it, which is where
/// rehash(hash ^ seed, r) / 2^64 is below that quotient; the first item takes what is left.
///
/// O(n) a choice, 24 bytes an item. An item that comes at the end takes just its share, from all:
/// the optimum. One that goes, or changes its weight, from within the list changes the chance of
/// each item after it, so that keys move between these too: the more, the earlier it came.
class ListBucket {
 public:
  ListBucket(const std::vector<CrushItem>& items, std::uint64_t seed);

  /// The index of the item for try `r`.
  std::uint32_t choose(std::uint64_t hash, std::uint64_t r) const;
  std::uint64_t bytes() const { return links_.size() * sizeof(links_[0]); }

 private:
  struct Link {
    CrushItem item{};
    std::uint64_t sum = 0;  ///< of the weights of this one and all before it
  };

  std::vector<Link> links_;  ///< the item that came first is the first
};

}  // namespace shardproof::distribution
