// SPDX-License-Identifier: Apache-2.0
#include "core/base/humanise.hpp"

#include <gtest/gtest.h>

namespace shardproof {
namespace {

TEST(Humanise, CountsAreGrouped) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1'234'567), "1,234,567");
  EXPECT_EQ(human_number_of(1, "event"), "1 event");
  EXPECT_EQ(human_number_of(2'000, "event"), "2,000 events");
  EXPECT_EQ(human_number_of(1, "copy"), "1 copy");
  EXPECT_EQ(human_number_of(0, "copy"), "0 copies");
}

TEST(Humanise, NumbersKeepThreeDigits) {
  EXPECT_EQ(human_scaled(950), "950");
  EXPECT_EQ(human_scaled(12'340), "12.3 k");
  EXPECT_EQ(human_scaled(999'900), "1.00 M");
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1.24e9), "1.24 GB");
}

TEST(Humanise, DurationsTakeTheUnitThatFits) {
  EXPECT_EQ(human_duration(Nanoseconds(0)), "0 s");
  EXPECT_EQ(human_duration(Nanoseconds(950)), "950 ns");
  EXPECT_EQ(human_duration(microseconds(1'240)), "1.24 ms");
  EXPECT_EQ(human_duration(milliseconds(12'340)), "12.3 s");
  EXPECT_EQ(human_duration(milliseconds(123'400)), "2 min 3.40 s");
  EXPECT_EQ(human_duration(minutes(2)), "2 min");
  EXPECT_EQ(human_duration(minutes(192)), "3 h 12 min");
  EXPECT_EQ(human_duration(hours(5)), "5 h");
  // Not "1 min 60 s".
  EXPECT_EQ(human_duration(milliseconds(119'990)), "2 min");
}

TEST(Humanise, RatesAndNodesThatAreNoneHaveWords) {
  EXPECT_EQ(human_bandwidth(Bandwidth(54'000)), "54 kB/s");
  EXPECT_EQ(human_bandwidth(Bandwidth()), "unlimited");
  EXPECT_EQ(human_node(NodeId(3)), "n3");
  EXPECT_EQ(human_node(NodeId::none()), "nobody");
}

}  // namespace
}  // namespace shardproof
