// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/dice.hpp"

#include <bit>
#include <map>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

TEST(Dice, MagnitudesStayWithinTheirBounds) {
  Dice dice(1, 0, "test");
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t drawn = dice.magnitude(37, 1013);
    ASSERT_GE(drawn, 37u);
    ASSERT_LE(drawn, 1013u);
  }
  EXPECT_EQ(dice.magnitude(5, 5), 5u);
}

TEST(Dice, EachDoublingOfAMagnitudeIsAsFrequent) {
  Dice dice(2, 0, "test");
  std::map<int, int> by_doubling;
  for (int i = 0; i < 16'000; ++i) {
    ++by_doubling[std::bit_width(dice.magnitude(1024, 1024 * 16 - 1)) - 11];
  }
  ASSERT_EQ(by_doubling.size(), 4u);
  for (int doubling = 0; doubling < 4; ++doubling) {
    EXPECT_NEAR(by_doubling[doubling], 4000, 600) << doubling;
  }
}

TEST(Dice, MagnitudesHaveTwoDigitsThatMatter) {
  Dice dice(3, 0, "test");
  for (int i = 0; i < 1000; ++i) {
    std::uint64_t drawn = dice.magnitude(1, 1'000'000'000);
    while (drawn >= 100) {
      ASSERT_EQ(drawn % 10, 0u);
      drawn /= 10;
    }
  }
}

TEST(Dice, TimesAreWholeStepsAndReachBothEnds) {
  Dice dice(4, 0, "test");
  bool is_first = false;
  bool is_last = false;
  for (int i = 0; i < 1000; ++i) {
    const Nanoseconds drawn = dice.time(milliseconds(105), milliseconds(205));
    ASSERT_EQ((drawn - milliseconds(105)).count() % milliseconds(10).count(), 0);
    is_first |= drawn == milliseconds(105);
    is_last |= drawn == milliseconds(205);
  }
  EXPECT_TRUE(is_first && is_last);
}

}  // namespace
}  // namespace shardproof::sim
