// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/wide.hpp"

namespace shardproof {

/// a * b / c, rounded down, exactly, for c > 0; the result must fit 64 bits. One 64-bit division
/// where the product fits 64 bits: a division of 128 bits costs some ten times as much.
constexpr std::int64_t mul_div_floor(std::int64_t a, std::int64_t b, std::int64_t c) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) {
    return product / c - (product % c < 0 ? 1 : 0);
  }
  const Int128 wide = static_cast<Int128>(a) * b;
  return static_cast<std::int64_t>(wide / c - (wide % c < 0 ? 1 : 0));
}

}  // namespace shardproof
