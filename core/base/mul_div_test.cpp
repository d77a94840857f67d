// SPDX-License-Identifier: Apache-2.0
#include "core/base/mul_div.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

TEST(MulDiv, RoundsDownOnEitherSideOfZero) {
  EXPECT_EQ(mul_div_floor(7, 1, 2), 3);
  EXPECT_EQ(mul_div_floor(-7, 1, 2), -4);
  EXPECT_EQ(mul_div_floor(7, -3, 7), -3);
  EXPECT_EQ(mul_div_floor(-8, 1, 2), -4);
}

TEST(MulDiv, IsExactWhereTheProductDoesNotFit) {
  EXPECT_EQ(mul_div_floor(kMax, 3, 3), kMax);
  EXPECT_EQ(mul_div_floor(kMax, kMax - 1, kMax), kMax - 1);
  EXPECT_EQ(mul_div_floor(-kMax, 2, kMax), -2);
  EXPECT_EQ(mul_div_floor(-kMax, 3, 2 * (kMax / 2)), -4);
}

RC_GTEST_PROP(MulDivProperty, IsTheGreatestWholeNumberNotAboveTheQuotient,
              (std::int64_t a, std::int64_t b)) {
  const auto c =
      *rc::gen::suchThat(rc::gen::arbitrary<std::int64_t>(), [](auto n) { return n > 0; });
  const Int128 product = static_cast<Int128>(a) * b;
  RC_PRE(product / c < kMax && product / c > -kMax);
  const Int128 found = mul_div_floor(a, b, c);
  RC_ASSERT(found * c <= product);
  RC_ASSERT(product < (found + 1) * c);
}

}  // namespace
}  // namespace shardproof
