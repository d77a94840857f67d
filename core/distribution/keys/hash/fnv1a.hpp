// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

/// FNV-1a (Fowler, Noll, Vo; RFC 9923) of 64 bits, with `seed` xored to the offset basis.
constexpr std::uint64_t fnv1a64(std::string_view bytes, std::uint64_t seed = 0) {
  std::uint64_t hash = 0xcbf29ce484222325u ^ seed;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x00000100000001b3u;
  }
  return hash;
}

/// FNV-1a of 32 bits, likewise.
constexpr std::uint32_t fnv1a32(std::string_view bytes, std::uint32_t seed = 0) {
  std::uint32_t hash = 0x811c9dc5u ^ seed;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x01000193u;
  return hash;
}

}  // namespace shardproof::distribution
