// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace shardproof::distribution {

/// A selectable hash of keys.
struct KeyHash {
  std::string_view name{};
  std::string_view about{};
  /// Of the bytes with a seed; 0 is the published function. A hash of 32 bits is repeated in the
  /// upper half, so that a circle or a range of 2^64 is covered: modulo n it is h * (2^32 + 1) mod
  /// n.
  std::uint64_t (*of)(std::string_view bytes, std::uint64_t seed) = nullptr;
};

/// All of them, XXH64 first.
std::span<const KeyHash> key_hashes();

/// The hash of that name, or null.
const KeyHash* find_key_hash(std::string_view name);

}  // namespace shardproof::distribution
