// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// The remainder of the hash by the number of nodes. O(1), no table; equal nodes only.
///
/// Going from N to M nodes leaves min(N, M) / lcm(N, M) of the keys where they were (Chinese
/// remainder theorem), so nearly all of them move.
class ModuloMap final : public PerKeyMap<ModuloMap> {
 public:
  using PerKeyMap::PerKeyMap;

  std::uint32_t owner(const Key& key) const {
    return static_cast<std::uint32_t>(key.hash % nodes());
  }
  std::uint64_t table_bytes() const override { return 0; }
};

}  // namespace shardproof::distribution
