// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace shardproof::storage {

/// Finds slots of someone else's vector by hash: open addressing with linear probing, a power of
/// two of 8-byte cells, at most half of them used. Slots are added and never removed. A cell keeps
/// 32 bits of the hash, so that a probe seldom looks at a slot in vain and growth needs no slot at
/// all.
class HashIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// The slot with that hash for which `is_it(slot)` holds, or kNone. Expected O(1).
  template <typename Predicate>
  std::uint32_t find(std::uint64_t hash, Predicate is_it) const {
    if (cells_.empty()) return kNone;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t place = tag & mask();; place = (place + 1) & mask()) {
      const Cell& cell = cells_[place];
      if (cell.slot == kNone) return kNone;
      if (cell.tag == tag && is_it(cell.slot)) return cell.slot;
    }
  }

  /// The slot must not be there. Amortised expected O(1).
  void insert(std::uint64_t hash, std::uint32_t slot) {
    if (used_ * 2 >= cells_.size()) grow();
    place({static_cast<std::uint32_t>(hash), slot});
    ++used_;
  }

 private:
  struct Cell {
    std::uint32_t tag = 0;
    std::uint32_t slot = kNone;
  };

  std::size_t mask() const { return cells_.size() - 1; }

  void place(Cell cell) {
    std::size_t place = cell.tag & mask();
    while (cells_[place].slot != kNone) place = (place + 1) & mask();
    cells_[place] = cell;
  }

  void grow() {
    std::vector<Cell> before(cells_.empty() ? 16 : cells_.size() * 2);
    before.swap(cells_);
    for (const Cell& cell : before) {
      if (cell.slot != kNone) place(cell);
    }
  }

  std::vector<Cell> cells_;
  std::size_t used_ = 0;
};

}  // namespace shardproof::storage
