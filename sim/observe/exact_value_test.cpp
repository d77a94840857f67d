// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/exact_value.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim {
namespace {

constexpr UInt128 kHuge = ~UInt128{0};

TEST(ExactValue, ComparesFractionsWhoseProductsDoNotFit) {
  EXPECT_EQ(compare_fractions(kHuge, kHuge - 1, kHuge - 1, kHuge - 2), std::strong_ordering::less);
  EXPECT_EQ(compare_fractions(kHuge - 1, kHuge - 2, kHuge, kHuge - 1),
            std::strong_ordering::greater);
  EXPECT_EQ(compare_fractions(kHuge, kHuge, 7, 7), std::strong_ordering::equal);
  EXPECT_EQ(compare_fractions(0, 5, 0, kHuge), std::strong_ordering::equal);
}

RC_GTEST_PROP(ExactValue, ComparesLikeCrossMultiplication, ()) {
  const auto number = rc::gen::inRange<std::uint64_t>(0, 50);
  const auto above_zero = rc::gen::inRange<std::uint64_t>(1, 50);
  const std::uint64_t a = *number;
  const std::uint64_t b = *above_zero;
  const std::uint64_t c = *number;
  const std::uint64_t d = *above_zero;
  RC_ASSERT((compare_fractions(a, b, c, d) == (a * d <=> c * b)));
  // The same where products of the terms would not fit.
  constexpr UInt128 kFactor = (UInt128{1} << 120) + 1;
  RC_ASSERT((compare_fractions(a * kFactor, b * kFactor, c, d) == (a * d <=> c * b)));
}

TEST(ExactValue, ARootIsComparedByItsSquare) {
  const ExactValue root_of_two = ExactValue::square_root(2, 1);
  EXPECT_GT(root_of_two, Ratio(1'414'213'562, 1'000'000'000));
  EXPECT_LT(root_of_two, Ratio(1'414'213'563, 1'000'000'000));
  EXPECT_TRUE(ExactValue::square_root(1, 4) == Ratio(1, 2));
}

TEST(ExactValue, ABoundThatADoubleCannotHoldIsStillExact) {
  const auto largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_GT(ExactValue::integer(largest), Ratio(largest - 1, 1));
  EXPECT_TRUE(ExactValue::integer(largest) == Ratio(largest, 1));
}

TEST(ExactValue, PrintsAsTheNearbyDouble) {
  EXPECT_DOUBLE_EQ(ExactValue::fraction(5, 4).to_double(), 1.25);
  EXPECT_DOUBLE_EQ(ExactValue::square_root(9, 4).to_double(), 1.5);
  EXPECT_TRUE(ExactValue::integer(3).is_integer());
  EXPECT_FALSE(ExactValue::fraction(3, 2).is_integer());
}

TEST(ExactValue, InFixedPointIsRoundedDownAndNeverWrapsRound) {
  constexpr std::uint64_t kOne = std::uint64_t{1} << 32;
  EXPECT_EQ(ExactValue::fraction(3, 2).to_q32(), kOne * 3 / 2);
  EXPECT_EQ(ExactValue::fraction(2, 3).to_q32(), kOne * 2 / 3);
  EXPECT_EQ(ExactValue::fraction(kHuge - 1, kHuge).to_q32(), kOne - 1);
  EXPECT_EQ(ExactValue::fraction(kHuge, 1).to_q32(), ~std::uint64_t{0});
  EXPECT_EQ(ExactValue::square_root(9, 4).to_q32(), kOne * 3 / 2);
  EXPECT_EQ(ExactValue::square_root(2, 1).to_q32(), 6'074'000'999u);  // 1.41421356 * 2^32
  EXPECT_EQ(ExactValue::square_root(kHuge, 1).to_q32(), ~std::uint64_t{0});
}

RC_GTEST_PROP(ExactValue, ARootInFixedPointIsTheLargestThatIsNotTooLarge, ()) {
  const auto word = rc::gen::inRange<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max());
  const std::uint64_t numerator = *word;
  const std::uint64_t denominator = (*word >> *rc::gen::inRange(0, 63)) | 1;
  const UInt128 square = (static_cast<UInt128>(numerator) << 64) / denominator;
  const UInt128 root = ExactValue::square_root(numerator, denominator).to_q32();
  RC_ASSERT(root * root <= square);
  RC_ASSERT(root == ~std::uint64_t{0} || (root + 1) * (root + 1) > square);
}

TEST(ExactValue, FractionsAndRootsCompareAmongTheirLike) {
  EXPECT_TRUE(compare_alike(ExactValue::fraction(1, 3), ExactValue::fraction(1, 2)) < 0);
  EXPECT_TRUE(compare_alike(ExactValue::square_root(4, 2), ExactValue::square_root(2, 1)) == 0);
}

}  // namespace
}  // namespace shardproof::sim
