// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/stable_hash.hpp"

namespace shardproof::distribution {

/// Further hashes of a key that is hashed already: output number `round` + 1 of SplitMix64 (Steele,
/// Lea, Flood 2014) seeded with `hash`. For a fixed round a bijection.
constexpr std::uint64_t rehash(std::uint64_t hash, std::uint64_t round) {
  return mix64(hash + (round + 1) * 0x9e3779b97f4a7c15u);
}

}  // namespace shardproof::distribution
