// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/wide.hpp"

namespace shardproof {

/// Logarithms and exponentials in integer arithmetic, so that distributions give the same draws on
/// every compiler and libm. Fixed point with 32 fractional bits ("q32").

/// One in q32.
inline constexpr std::int64_t kQ32One = std::int64_t{1} << 32;
/// ln 2 in q32, rounded to nearest.
inline constexpr std::int64_t kQ32Ln2 = 2977044472;

/// log2(value) in q32 for value >= 1; absolute error below 2^-28. O(1): a 257-entry table with linear
/// interpolation and a quadratic correction.
std::int64_t log2_q32(std::uint64_t value);

/// 2^exponent in q32 for an exponent in q32 below 31; 0 where the result is below 2^-32. Relative
/// error below 2^-27. O(1).
std::uint64_t exp2_q32(std::int64_t exponent_q32);

/// a*b in q32, rounded towards negative infinity, computed in 128 bits.
constexpr std::int64_t multiply_q32(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>((static_cast<Int128>(a) * b) >> 32);
}

}  // namespace shardproof
