// SPDX-License-Identifier: Apache-2.0
#include "core/base/fixed_log.hpp"

#include <bit>

#include "core/base/check.hpp"
#include "core/base/wide.hpp"

namespace shardproof {
namespace {

/// ln 2 in units of 2^-64, rounded to nearest.
constexpr std::uint64_t kLn2Q64 = 0xB17217F7D1CF79AC;

/// The 48 fractional bits of log2 of a q62 mantissa in [1, 2), rounded down: squaring doubles the
/// logarithm, and a square of 2 or more has a one as its next bit. Each step's rounding counts half
/// as much as the one before, so all of them together come to less than 2^-60.
std::uint64_t log2_bits_q48(std::uint64_t mantissa_q62) {
  std::uint64_t bits = 0;
  for (int bit = 47; bit >= 0; --bit) {
    const UInt128 square = static_cast<UInt128>(mantissa_q62) * mantissa_q62;
    const bool is_one = (square >> 125) != 0;
    mantissa_q62 = static_cast<std::uint64_t>(square >> (is_one ? 63 : 62));
    bits |= static_cast<std::uint64_t>(is_one) << bit;
  }
  return bits;
}

}  // namespace

std::int64_t ln_ratio_q48(std::uint64_t numerator, std::uint64_t denominator) {
  SHARDPROOF_CHECK(numerator > 0 && denominator > 0);
  if (numerator < denominator) return -ln_ratio_q48(denominator, numerator);
  const int numerator_zeros = std::countl_zero(numerator);
  const int denominator_zeros = std::countl_zero(denominator);
  const std::uint64_t a = numerator << numerator_zeros;
  const std::uint64_t b = denominator << denominator_zeros;
  // a/b lies in (1/2, 2): where it is below 1 the exponent is one less.
  const int borrow = a < b ? 1 : 0;
  const auto exponent = static_cast<std::uint64_t>(denominator_zeros - numerator_zeros - borrow);
  const auto mantissa_q62 =
      static_cast<std::uint64_t>((static_cast<UInt128>(a) << (62 + borrow)) / b);
  const std::uint64_t log2_q48 = (exponent << 48) + log2_bits_q48(mantissa_q62);
  const UInt128 product = static_cast<UInt128>(log2_q48) * kLn2Q64;
  return static_cast<std::int64_t>((product + (UInt128{1} << 63)) >> 64);
}

}  // namespace shardproof
