// SPDX-License-Identifier: Apache-2.0
#include "core/base/stable_hash.hpp"

#include "core/base/xxh32.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace shardproof {

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) {
  return XXH64(bytes.data(), bytes.size(), seed);
}

std::uint32_t xxh32(std::string_view bytes, std::uint32_t seed) {
  return XXH32(bytes.data(), bytes.size(), seed);
}

}  // namespace shardproof
