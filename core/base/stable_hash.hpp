// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof {

/// A 64-bit hash that is the same on every machine, compiler and version of this program: XXH64 of
/// the bytes with the given seed (xxHash specification, version 0.1.1). Empty input is legal.
std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0);

/// A bijection of 64-bit words with full avalanche (the finaliser of Stafford's "Mix13", as used by
/// SplitMix64; Steele, Lea, Flood 2014). Inline because digests and tables call it per event.
constexpr std::uint64_t mix64(std::uint64_t word) {
  word ^= word >> 30;
  word *= 0xbf58476d1ce4e5b9u;
  word ^= word >> 27;
  word *= 0x94d049bb133111ebu;
  word ^= word >> 31;
  return word;
}

/// Folds one more word into a running hash; not commutative. A few instructions, no avalanche of
/// its own on the last word: finish with `mix64` where single bits of the result are used.
constexpr std::uint64_t combine64(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * 0x9fb21c651e98df25u;
  return state ^ (state >> 29);
}

}  // namespace shardproof
