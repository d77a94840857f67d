// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/wide.hpp"
#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// A part of the key space, [start, start + length) of [0, 2^64).
struct KeySlice {
  std::uint64_t start = 0;
  UInt128 length = 0;  ///< at most 2^64, above zero
  std::uint32_t owner = 0;

  friend bool operator==(const KeySlice&, const KeySlice&) = default;
};

/// The slices of Random Slicing (Miranda, Effert, Kang, Miller, Brinkmann, Cortes: SYSTOR 2011):
/// they cover the key space, and the table of them is the memory of all changes so far.
///
/// Node i's share is 2^64 W_{i+1} / W - 2^64 W_i / W, each quotient rounded down, with W_i the sum
/// of the weights before it and W of all: exact to 2^-64.
class SliceTable {
 public:
  /// One slice for each node, in order.
  SliceTable(std::uint32_t nodes, const std::vector<std::uint64_t>& weights);

  /// Gives nodes 0..nodes-1 their shares anew. Each node that has more than its share gives up just
  /// the surplus: its smallest slices whole, then the end of the next one. The nodes that have less
  /// fill the gaps, in order. So what changes hands is exactly the least that can. O(s log s) for s
  /// slices.
  void resize(std::uint32_t nodes, const std::vector<std::uint64_t>& weights);

  std::uint32_t owner(std::uint64_t hash) const;
  /// By start; neighbours have different owners.
  std::vector<KeySlice> slices() const;
  std::uint64_t bytes() const { return starts_.size() * (sizeof(starts_[0]) + sizeof(owners_[0])); }

 private:
  void take(const std::vector<KeySlice>& slices);

  std::vector<std::uint64_t> starts_;  ///< ascending, the first is 0
  std::vector<std::uint32_t> owners_;
};

/// Random Slicing by the key's hash. Look-up O(log s) for s slices, 12 bytes a slice; movement is
/// exactly minimal for any change of nodes or weights.
class RandomSlicingMap final : public PerKeyMap<RandomSlicingMap> {
 public:
  explicit RandomSlicingMap(KeyMapRequest request_made)
      : PerKeyMap(std::move(request_made)), table_(nodes(), request().weights) {}

  std::uint32_t owner(const Key& key) const { return table_.owner(key.hash); }
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override { return table_.bytes(); }

 private:
  SliceTable table_;
};

}  // namespace shardproof::distribution
