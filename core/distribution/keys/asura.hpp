// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// ASURA (Ishikawa 2013, "Advanced Scalable and Uniform storage by Random number Assignment"): node
/// i owns the segment [i, i + w_i / w_max) of a number line, w_max the largest weight, and a key
/// draws numbers until one falls on a segment.
///
/// The numbers come from generators with ranges [0, 1), [0, 2), [0, 4), ...: the first draw is of
/// the smallest range 2^m that holds all segments; what falls into its lower half is replaced by
/// the next number of the generator below, and so on down. So a longer line only puts numbers
/// between those that a key draws already, and no key moves but to a new segment. Number c of the
/// generator of range 2^m is rehash(hash, 2^32 m + c) * 2^m / 2^64; weights count in 2^-32 of the
/// largest.
///
/// Fewer than 2 numbers in the mean for equal nodes, each of at most 2 generators in the mean;
/// after 256 times the line's length over that of all segments a key goes to node 0 (once in e^256
/// keys). 4 bytes a node. Weights are relative to the largest: changing another one moves keys only
/// from and to that node.
class AsuraMap final : public PerKeyMap<AsuraMap> {
 public:
  explicit AsuraMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const;
  std::uint64_t table_bytes() const override { return lengths_.size() * sizeof(lengths_[0]); }

 private:
  std::uint32_t levels_;  ///< m of the largest range
  std::uint64_t draws_max_ = 0;
  std::vector<std::uint32_t> lengths_;  ///< of segments, less 1, in 2^-32
};

}  // namespace shardproof::distribution
