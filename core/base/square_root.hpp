// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shardproof {

/// The square root of a whole number, rounded down, bit by bit from the highest.
constexpr std::uint64_t square_root(std::uint64_t value) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31; bit > 0; bit >>= 1) {
    const std::uint64_t tried = root + bit;
    if (tried * tried <= value) root = tried;
  }
  return root;
}

}  // namespace shardproof
