// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/base/wide.hpp"

namespace shardproof::sim {

/// Bits of a number without leading zeros.
constexpr unsigned width_of(UInt128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  if (high != 0) return 64 + static_cast<unsigned>(std::bit_width(high));
  return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// By how many bits loads of total `total` on `n` nodes are shifted so that n T^2 fits.
constexpr unsigned shift_for(UInt128 total, std::size_t n) {
  const unsigned width = 2 * width_of(total) + static_cast<unsigned>(std::bit_width(n));
  return width <= 128 ? 0 : (width - 128 + 1) / 2;
}

}  // namespace shardproof::sim
