// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/base/check.hpp"
#include "core/base/wide.hpp"

namespace shardproof {

/// Logarithms and exponentials in integer arithmetic, so that distributions give the same draws on
/// every compiler and libm. Fixed point with 32 fractional bits ("q32").

/// One in q32.
inline constexpr std::int64_t kQ32One = std::int64_t{1} << 32;
/// ln 2 in q32, rounded to nearest.
inline constexpr std::int64_t kQ32Ln2 = 2977044472;

/// a*b in q32, rounded towards negative infinity, computed in 128 bits.
constexpr std::int64_t multiply_q32(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>((static_cast<Int128>(a) * b) >> 32);
}

namespace detail {
/// log2 over one 256th of [1, 2): its value at the start, the chord's step, the depth of the bow.
struct Log2Piece {
  std::int64_t value_q32;
  std::int64_t step_q32;
  std::int64_t bend_q32;
};
inline constexpr int kTableBits = 8;
extern const std::array<Log2Piece, std::size_t{1} << kTableBits> kLog2Pieces;
}  // namespace detail

/// log2(value) in q32 for value >= 1; absolute error below 2^-28. O(1): 256 chords with a quadratic
/// correction. Inline because a delay is drawn for most events.
inline std::int64_t log2_q32(std::uint64_t value) {
  SHARDPROOF_CHECK(value > 0);
  const int zeros = std::countl_zero(value);
  const std::uint64_t fraction = (value << zeros) << 1;
  const detail::Log2Piece& piece = detail::kLog2Pieces[fraction >> (64 - detail::kTableBits)];
  const auto rest_q32 = static_cast<std::int64_t>((fraction << detail::kTableBits) >> 32);
  const std::int64_t linear = (piece.step_q32 * rest_q32) >> 32;
  // The chord lies below the concave curve by about f(1-f)/2 * step^2 * ln 2.
  const std::int64_t bow_q32 = (rest_q32 * (kQ32One - rest_q32)) >> 33;
  const std::int64_t correction = (bow_q32 * piece.bend_q32) >> 32;
  return (std::int64_t{63 - zeros} << 32) + piece.value_q32 + linear + correction;
}

/// 2^exponent in q32 for an exponent in q32 below 31. Off by less than 2^-27 of the result and one
/// unit in the last place, so 0 where the result is below 2^-32. O(1).
std::uint64_t exp2_q32(std::int64_t exponent_q32);

}  // namespace shardproof
