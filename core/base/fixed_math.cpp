// SPDX-License-Identifier: Apache-2.0
#include "core/base/fixed_math.hpp"

#include <array>
#include <bit>

#include "core/base/check.hpp"

namespace shardproof {
namespace {

using detail::kTableBits;
constexpr std::size_t kTableSize = (std::size_t{1} << kTableBits) + 1;

/// log2 of a q62 mantissa in [1, 2], bit by bit: square, and emit a one whenever it passes 2.
constexpr std::int64_t log2_bitwise_q32(UInt128 mantissa_q62) {
  std::int64_t result = 0;
  const UInt128 two = static_cast<UInt128>(1) << 63;
  if (mantissa_q62 >= two) return kQ32One;
  for (int bit = 31; bit >= 0; --bit) {
    mantissa_q62 = (mantissa_q62 * mantissa_q62) >> 62;
    if (mantissa_q62 >= two) {
      mantissa_q62 >>= 1;
      result |= std::int64_t{1} << bit;
    }
  }
  return result;
}

constexpr std::array<detail::Log2Piece, kTableSize - 1> make_log2_pieces() {
  std::array<detail::Log2Piece, kTableSize - 1> pieces{};
  std::int64_t value = 0;
  for (std::size_t i = 0; i + 1 < kTableSize; ++i) {
    const std::size_t end = kTableSize + i;
    const std::int64_t next = log2_bitwise_q32(static_cast<UInt128>(end) << (62 - kTableBits));
    const std::int64_t step = next - value;
    pieces[i] = {value, step, multiply_q32(multiply_q32(step, step), kQ32Ln2)};
    value = next;
  }
  return pieces;
}

constexpr std::uint64_t square_root_q62(std::uint64_t value_q62) {
  const UInt128 target = static_cast<UInt128>(value_q62) << 62;
  std::uint64_t low = 0;
  std::uint64_t high = std::uint64_t{1} << 63;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (static_cast<UInt128>(middle) * middle <= target) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/// 2^(i/256) in q62 for i in 0..256, by multiplying the repeated square roots of 2.
constexpr std::array<std::uint64_t, kTableSize> make_exp2_table() {
  std::array<std::uint64_t, kTableBits> roots{};
  std::uint64_t root = square_root_q62(std::uint64_t{1} << 63);
  for (auto& slot : roots) {
    slot = root;
    root = square_root_q62(root);
  }
  std::array<std::uint64_t, kTableSize> table{};
  for (std::size_t i = 0; i + 1 < kTableSize; ++i) {
    UInt128 product = static_cast<UInt128>(1) << 62;
    for (int bit = 0; bit < kTableBits; ++bit) {
      if ((i >> (kTableBits - 1 - bit)) & 1) product = (product * roots[bit]) >> 62;
    }
    table[i] = static_cast<std::uint64_t>(product);
  }
  table[kTableSize - 1] = std::uint64_t{1} << 63;
  return table;
}

const std::array<std::uint64_t, kTableSize> kExp2Table = make_exp2_table();

}  // namespace

namespace detail {
const std::array<Log2Piece, std::size_t{1} << kTableBits> kLog2Pieces = make_log2_pieces();
}  // namespace detail

std::uint64_t exp2_q32(std::int64_t exponent_q32) {
  const std::int64_t whole = exponent_q32 >> 32;
  SHARDPROOF_CHECK(whole < 31, "exponent {} out of range", whole);
  if (whole < -32) return 0;
  const std::uint64_t fraction = static_cast<std::uint64_t>(exponent_q32) & (kQ32One - 1);
  const std::size_t index = fraction >> (32 - kTableBits);
  const std::int64_t rest = static_cast<std::int64_t>(fraction & ((1u << (32 - kTableBits)) - 1));
  // 2^rest = 1 + y + y^2/2 with y = rest ln 2 below 2^-8.
  const std::int64_t y = multiply_q32(rest, kQ32Ln2);
  const std::int64_t factor = kQ32One + y + multiply_q32(y, y) / 2;
  const auto mantissa_q62 = static_cast<std::uint64_t>(
      (static_cast<UInt128>(kExp2Table[index]) * static_cast<std::uint64_t>(factor)) >> 32);
  return whole >= 30 ? mantissa_q62 : mantissa_q62 >> (30 - whole);
}

}  // namespace shardproof
