// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/ladder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shardproof::sim::campaign {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Ladder, NumbersAreEachUpToTenAndReadableBeyond) {
  EXPECT_THAT(readable_numbers(1, 4), ElementsAre(1, 2, 3));
  EXPECT_THAT(readable_numbers(8, 120), ElementsAre(8, 9, 10, 20, 50, 100));
  EXPECT_THAT(readable_numbers(3, 3), IsEmpty());
  EXPECT_THAT(readable_numbers(0, 1), ElementsAre(0));
}

TEST(Ladder, SpansAreReadableFromAMillisecondOn) {
  EXPECT_THAT(readable_spans(0, 7'000'000), ElementsAre(0, 1'000'000, 2'000'000, 5'000'000));
  EXPECT_THAT(readable_spans(100'000'000, 500'000'000), ElementsAre(100'000'000, 200'000'000));
  EXPECT_THAT(readable_spans(5, 5), IsEmpty());
}

TEST(Ladder, RoundingKeepsSignificantDigits) {
  EXPECT_EQ(rounded_down(milliseconds(3547), 2), milliseconds(3500));
  EXPECT_EQ(rounded_up(milliseconds(3547), 2), milliseconds(3600));
  EXPECT_EQ(rounded_up(milliseconds(3500), 2), milliseconds(3500));
  EXPECT_EQ(rounded_up(milliseconds(9990), 1), seconds(10));
  EXPECT_EQ(rounded_up(Nanoseconds(0), 1), Nanoseconds(0));
}

}  // namespace
}  // namespace shardproof::sim::campaign
