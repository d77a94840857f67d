// SPDX-License-Identifier: Apache-2.0
#include "core/base/units.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

TEST(NanosecondsTest, UnitsAreMultiplesOfEachOther) {
  EXPECT_EQ(microseconds(1), nanoseconds(1'000));
  EXPECT_EQ(milliseconds(1), microseconds(1'000));
  EXPECT_EQ(seconds(1), milliseconds(1'000));
  EXPECT_EQ(minutes(1), seconds(60));
  EXPECT_EQ(hours(1), minutes(60));
}

TEST(NanosecondsTest, PrintsTheLargestExactUnit) {
  EXPECT_EQ(fmt::format("{} {} {} {}", Nanoseconds(0), nanoseconds(17), microseconds(250),
                        milliseconds(1500)),
            "0s 17ns 250us 1500ms");
  EXPECT_EQ(fmt::format("{} {} {} {}", seconds(3), minutes(90), hours(2), nanoseconds(-5)),
            "3s 90min 2h -5ns");
}

TEST(InstantTest, DifferencesAreSpans) {
  const Instant later = Instant(seconds(5)) + milliseconds(1);
  EXPECT_EQ(later - Instant(seconds(5)), milliseconds(1));
  EXPECT_EQ(later - milliseconds(1), Instant(seconds(5)));
  EXPECT_LT(Instant(seconds(5)), later);
  EXPECT_LT(later, Instant::never());
}

TEST(InstantTest, PrintsSecondsWithNineDecimals) {
  EXPECT_EQ(fmt::format("{}", Instant(nanoseconds(12'000'345'678))), "12.000345678s");
  EXPECT_EQ(fmt::format("{}", Instant(nanoseconds(-1'500'000'000))), "-1.500000000s");
  EXPECT_EQ(fmt::format("{}", Instant()), "0.000000000s");
}

TEST(BytesTest, ArithmeticAndPrinting) {
  Bytes amount = Bytes(4096) + Bytes(4) * 2;
  amount -= Bytes(8);
  amount += Bytes(1);
  EXPECT_EQ(amount, Bytes(4097));
  EXPECT_EQ(Bytes(9) / 2, Bytes(4));
  EXPECT_EQ(Bytes(9) - Bytes(2), Bytes(7));
  EXPECT_EQ(fmt::format("{}", amount), "4097B");
}

TEST(BandwidthTest, TimeIsRoundedUp) {
  EXPECT_EQ(Bandwidth(1'000'000'000).time_for(Bytes(5)), nanoseconds(5));
  EXPECT_EQ(Bandwidth(3).time_for(Bytes(1)), nanoseconds(333'333'334));
  EXPECT_EQ(Bandwidth(3).time_for(Bytes(3)), seconds(1));
  EXPECT_EQ(Bandwidth(3).time_for(Bytes(0)), nanoseconds(0));
}

TEST(BandwidthTest, LargeAmountsDoNotOverflow) {
  const Bytes petabyte(1'000'000'000'000'000);
  EXPECT_EQ(Bandwidth(1'000'000'000).time_for(petabyte), seconds(1'000'000));
}

TEST(BandwidthTest, ZeroMeansUnlimited) {
  EXPECT_TRUE(Bandwidth().is_unlimited());
  EXPECT_EQ(Bandwidth().time_for(Bytes(1'000'000)), nanoseconds(0));
  EXPECT_EQ(fmt::format("{} {}", Bandwidth(), Bandwidth(5)), "unlimited 5B/s");
}

TEST(RatioTest, EqualFractionsAreEqualWhateverTheirTerms) {
  EXPECT_EQ(Ratio(1, 2), Ratio(2, 4));
  EXPECT_LT(Ratio(1, 3), Ratio(1, 2));
  EXPECT_GT(Ratio(5, 4), Ratio(1, 1));
  EXPECT_LT(Ratio(kMax64 - 1, kMax64), Ratio(1, 1));
  EXPECT_EQ(fmt::format("{}", Ratio(2, 4)), "2/4");
}

TEST(RatioTest, OfIsExactAndRoundsTowardsZero) {
  EXPECT_EQ(Ratio(1, 3).of(std::uint64_t{10}), 3u);
  EXPECT_EQ(Ratio(2, 3).of(std::uint64_t{kMax64}), kMax64 / 3 * 2);
  EXPECT_EQ(Ratio(3, 2).of(seconds(1)), milliseconds(1500));
  EXPECT_EQ(Ratio(1, 3).of(nanoseconds(-10)), nanoseconds(-3));
  EXPECT_EQ(Ratio().of(std::uint64_t{5}), 0u);
}

}  // namespace
}  // namespace shardproof
