// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof::distribution {

/// Which node each key is on, in the order in which the keys came. A key is its hash: two keys with
/// the same 64 bits are one (of a hundred million keys once in four thousand directories).
///
/// Open addressing with linear probing, at most half full: O(1) in the mean, 12 bytes a key and 8
/// to 16 for the index.
class KeyDirectory {
 public:
  KeyDirectory() : index_(16) {}

  /// The number of the entry, or nothing.
  std::optional<std::size_t> find(std::uint64_t hash) const {
    const std::uint32_t entry = index_[slot_of(hash)];
    return entry == 0 ? std::nullopt : std::optional<std::size_t>(entry - 1);
  }
  /// A key that is not there.
  void add(std::uint64_t hash, std::uint32_t node) {
    SHARDPROOF_CHECK(hashes_.size() < 0xffff'ffff, "a directory of too many keys");
    if (2 * (hashes_.size() + 1) > index_.size()) grow();
    hashes_.push_back(hash);
    nodes_.push_back(node);
    index_[slot_of(hash)] = static_cast<std::uint32_t>(hashes_.size());
  }

  std::size_t size() const { return hashes_.size(); }
  std::uint64_t hash(std::size_t entry) const { return hashes_[entry]; }
  std::uint32_t node(std::size_t entry) const { return nodes_[entry]; }
  void move(std::size_t entry, std::uint32_t node) { nodes_[entry] = node; }

  std::uint64_t bytes() const {
    return hashes_.size() * (sizeof(hashes_[0]) + sizeof(nodes_[0])) +
           index_.size() * sizeof(index_[0]);
  }

 private:
  /// Where the key's entry is, or would go.
  std::size_t slot_of(std::uint64_t hash) const {
    const std::size_t mask = index_.size() - 1;
    std::size_t slot = mix64(hash) & mask;
    while (index_[slot] != 0 && hashes_[index_[slot] - 1] != hash) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    index_.assign(2 * index_.size(), 0);
    for (std::size_t entry = 0; entry < hashes_.size(); ++entry) {
      index_[slot_of(hashes_[entry])] = static_cast<std::uint32_t>(entry + 1);
    }
  }

  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> nodes_;
  std::vector<std::uint32_t> index_;  ///< entry + 1, or 0; its size a power of two
};

}  // namespace shardproof::distribution
