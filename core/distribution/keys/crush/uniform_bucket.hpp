// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/crush/crush_item.hpp"

namespace shardproof::distribution {

/// Items of one weight (Weil et al. 2006, section 3.4.1): of m items try r takes number
/// (rehash(hash ^ seed, 0) + r p) mod m, with p the least prime above m + seed mod m. Tries 0 to m
/// - 1 are m different items. Ceph has replaced the prime by a permutation that the key draws; for
/// the first copy the two are the same.
///
/// O(1) a choice, 24 bytes. Weights play no part. When the number of items changes, keys move as
/// with the remainder of a hash: nearly all.
class UniformBucket {
 public:
  UniformBucket(const std::vector<CrushItem>& items, std::uint64_t seed);

  /// The index of the item for try `r`.
  std::uint32_t choose(std::uint64_t hash, std::uint64_t r) const;
  std::uint64_t bytes() const { return sizeof(*this); }

 private:
  std::uint64_t seed_;
  std::uint64_t items_;
  std::uint64_t step_;  ///< the prime, modulo the items
};

}  // namespace shardproof::distribution
