// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/keys/ring.hpp"

namespace shardproof::distribution {

/// Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2018): the ring of
/// `RingMap` where no node takes more than its capacity.
///
/// Of m keys a node of weight w may have ceil(c * m * w / W), W the sum of weights and c the option
/// `c`, an integer computation; m is the number announced, or of those placed once it is larger. A
/// key whose node is full goes on clockwise, point by point, to the first that is not (linear
/// probing); with the option `jumps` to the points of rehash(hash, 0), rehash(hash, 1), ... instead
/// (Chen, Coleman, Shrivastava 2021), and after 64 for each node clockwise from there.
///
/// Keys count in the order in which they come; the same keys in the same order give the same loads,
/// so `resized` begins with none placed. Look-up O(log P + points passed), 12 bytes a point and 16
/// a node. Copies beyond the first are the next distinct nodes clockwise and count for no load.
class BoundedMap final : public KeyMap {
 public:
  explicit BoundedMap(KeyMapRequest request);

  void place(std::span<const Key> keys, std::span<std::uint32_t> owners) override;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override;

  /// The most that a node may have when `keys` are placed.
  std::uint64_t capacity(std::uint32_t node, std::uint64_t keys) const;

 private:
  /// The point that takes one more key of this hash; the load counts.
  std::size_t taken_point(std::uint64_t hash);
  bool is_full(std::uint32_t node) const { return loads_[node] >= capacities_[node]; }
  void set_capacities(std::uint64_t keys);

  RingMap ring_;
  Ratio c_;
  bool jumps_;
  std::uint64_t total_weight_ = 0;
  std::uint64_t placed_ = 0;
  std::uint64_t announced_ = 0;  ///< what the capacities are for
  std::vector<std::uint64_t> loads_;
  std::vector<std::uint64_t> capacities_;
};

/// Whether c has so few decimals that capacities are exact.
Result<void> bounded_fits(const KeyMapRequest& request);

}  // namespace shardproof::distribution
