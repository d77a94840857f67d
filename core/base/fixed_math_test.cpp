// SPDX-License-Identifier: Apache-2.0
#include "core/base/fixed_math.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace shardproof {
namespace {

double from_q32(std::int64_t value) { return static_cast<double>(value) / 4294967296.0; }

void expect_log2_within_bound(std::uint64_t value) {
  const long double exact = std::log2(static_cast<long double>(value));
  const auto error = static_cast<double>(from_q32(log2_q32(value)) - exact);
  ASSERT_LT(std::fabs(error), std::ldexp(1.0, -28)) << "log2 of " << value;
}

TEST(Log2, IsExactAtPowersOfTwo) {
  for (int exponent = 0; exponent < 64; ++exponent) {
    EXPECT_EQ(log2_q32(std::uint64_t{1} << exponent), std::int64_t{exponent} << 32);
  }
}

TEST(Log2, ErrorStaysBelowTheDocumentedBound) {
  Random random(1);
  for (std::uint64_t value = 1; value < 20'000; ++value) expect_log2_within_bound(value);
  for (int i = 0; i < 100'000; ++i) expect_log2_within_bound((random.next() >> (i % 64)) | 1);
  expect_log2_within_bound(std::numeric_limits<std::uint64_t>::max());
}

TEST(Log2, NeverFallsWithItsArgument) {
  std::int64_t before = 0;
  for (std::uint64_t value = 1; value < 100'000; ++value) {
    ASSERT_GE(log2_q32(value), before) << value;
    before = log2_q32(value);
  }
}

TEST(Log2, LargestArgumentStaysBelow64) {
  EXPECT_LT(log2_q32(std::numeric_limits<std::uint64_t>::max()), std::int64_t{64} << 32);
}

TEST(Exp2, IsExactAtWholeExponents) {
  for (std::int64_t exponent = -32; exponent < 31; ++exponent) {
    EXPECT_EQ(exp2_q32(exponent << 32), std::uint64_t{1} << (exponent + 32));
  }
}

TEST(Exp2, ErrorStaysBelowTheDocumentedBound) {
  Random random(2);
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t exponent =
        random.between(-(std::int64_t{33} << 32), (std::int64_t{31} << 32) - 1);
    const double exact = std::exp2(from_q32(exponent)) * 4294967296.0;
    const double error = static_cast<double>(exp2_q32(exponent)) - exact;
    ASSERT_LT(std::fabs(error), exact * std::ldexp(1.0, -27) + 1) << exponent;
  }
}

TEST(Exp2, UndoesLog2) {
  for (std::uint64_t value = 1; value < 100'000; value += 7) {
    const auto back = static_cast<double>(exp2_q32(log2_q32(value) - (std::int64_t{1} << 32)));
    const double exact = static_cast<double>(value) * 2147483648.0;
    ASSERT_NEAR(back, exact, exact * std::ldexp(1.0, -26) + 1) << value;
  }
}

TEST(MultiplyQ32, RoundsTowardsNegativeInfinity) {
  EXPECT_EQ(multiply_q32(3 * kQ32One, kQ32One / 2), 3 * kQ32One / 2);
  EXPECT_EQ(multiply_q32(1, 1), 0);
  EXPECT_EQ(multiply_q32(-1, 1), -1);
}

}  // namespace
}  // namespace shardproof
