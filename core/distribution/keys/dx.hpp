// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

/// DxHash (Dong, Wang 2021): a key's pseudo-random sequence of places, rehash(hash, t) mod capacity
/// for t = 0, 1, ..., taken until a place has a node that is alive. `capacity` is a power of two
/// (rounded up); node i has place i.
///
/// capacity / nodes draws in the mean, geometrically distributed; after 64 times that many (once in
/// e^64 keys) the first node takes the key. One bit a place. Equal nodes only. A node that comes or
/// goes moves its share and nothing else, up to `capacity` nodes: beyond that all is built anew
/// with the capacity doubled.
class DxMap final : public PerKeyMap<DxMap> {
 public:
  explicit DxMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const {
    for (std::uint64_t draw = 0; draw < draws_max_; ++draw) {
      const std::uint64_t place = rehash(key.hash, draw) & mask_;
      if ((alive_[place / 64] >> (place % 64) & 1) != 0) return static_cast<std::uint32_t>(place);
    }
    return 0;
  }
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override { return alive_.size() * sizeof(alive_[0]); }

 private:
  /// `capacity` a power of two, at least the number of nodes.
  void build(std::uint64_t capacity);

  std::uint64_t mask_ = 0;  ///< capacity - 1
  std::uint64_t draws_max_ = 1;
  std::vector<std::uint64_t> alive_;  ///< a bit for each place
};

}  // namespace shardproof::distribution
