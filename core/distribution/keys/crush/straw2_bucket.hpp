// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/crush/crush_item.hpp"
#include "core/distribution/placement/rendezvous.hpp"

namespace shardproof::distribution {

/// Straw2 (Ceph, since Hammer): each item draws a straw of length ln(u) / weight, u =
/// rehash(hash ^ seed, r) / 2^64 for try number r, with the item's seed; the longest wins, of
/// equals the lower item. The straw is of 64 bits and compared exactly, see RendezvousScore: Ceph's
/// own has 16 bits and a table of logarithms, so that its figures are not these.
///
/// O(n) a choice, 16 bytes an item. Straws are independent: when items come, go or change their
/// weight, keys move only to and from these, and as few as can be.
class Straw2Bucket {
 public:
  Straw2Bucket(std::vector<CrushItem> items, std::uint64_t seed);

  /// The index of the item for try `r`.
  std::uint32_t choose(std::uint64_t hash, std::uint64_t r) const;
  std::uint64_t bytes() const { return items_.size() * sizeof(items_[0]); }

  /// A straw alone; `is_even` if all that it is compared with weigh the same.
  static RendezvousScore straw(const CrushItem& item, bool is_even, std::uint64_t hash,
                               std::uint64_t r);

 private:
  std::vector<CrushItem> items_;
  bool is_even_;  ///< in weight
};

}  // namespace shardproof::distribution
