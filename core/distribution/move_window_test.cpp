// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/move_window.hpp"

#include <gtest/gtest.h>

namespace shardproof::distribution {
namespace {

constexpr Nanoseconds kMidnight(0);

MoveWindow daily(Nanoseconds start, Nanoseconds end) { return {true, start, end}; }

bool is_open(const MoveWindow& window, Nanoseconds time_of_day) {
  return window.contains(Instant(time_of_day), kMidnight);
}

TEST(MoveWindowTest, IncludesItsStartAndNotItsEndToTheNanosecond) {
  const Nanoseconds start = hours(1) + nanoseconds(7);
  const Nanoseconds end = hours(1) + milliseconds(1);
  EXPECT_FALSE(is_open(daily(start, end), start - nanoseconds(1)));
  EXPECT_TRUE(is_open(daily(start, end), start));
  EXPECT_TRUE(is_open(daily(start, end), end - nanoseconds(1)));
  EXPECT_FALSE(is_open(daily(start, end), end));
}

TEST(MoveWindowTest, RunsOverMidnight) {
  const MoveWindow night = daily(hours(22), hours(2));
  EXPECT_TRUE(is_open(night, hours(23)));
  EXPECT_TRUE(is_open(night, kMidnight));
  EXPECT_FALSE(is_open(night, hours(2)));
  EXPECT_FALSE(is_open(night, hours(12)));
}

TEST(MoveWindowTest, WholeDayEndsAtTwentyFourHours) {
  EXPECT_TRUE(is_open(daily(kMidnight, hours(24)), hours(24) - nanoseconds(1)));
  EXPECT_TRUE(is_open(daily(kMidnight, hours(24)), kMidnight));
}

TEST(MoveWindowTest, DailyOnesComeEveryDay) {
  const MoveWindow morning = daily(hours(6), hours(7));
  EXPECT_TRUE(morning.contains(Instant(hours(24) + minutes(30)), hours(6)));
  EXPECT_FALSE(morning.contains(Instant(hours(30)), hours(6)));
}

TEST(MoveWindowTest, OthersComeOnce) {
  const MoveWindow once{false, minutes(2), minutes(4)};
  EXPECT_TRUE(once.contains(Instant(minutes(3)), hours(12)));
  EXPECT_FALSE(once.contains(Instant(minutes(4)), hours(12)));
  EXPECT_FALSE(once.contains(Instant(hours(24) + minutes(3)), hours(12)));
}

TEST(MoveWindowTest, TimeOfDayWrapsAfterTwentyFourHours) {
  EXPECT_EQ(time_of_day(Instant(hours(50)), hours(23)), hours(1));
  EXPECT_EQ(time_of_day(Instant(kMidnight), hours(6)), hours(6));
  EXPECT_EQ(time_of_day(Instant(seconds(-1)), kMidnight), hours(24) - seconds(1));
}

TEST(MoveWindowTest, NoWindowsMeansAlways) {
  EXPECT_TRUE(inside_windows({}, Instant(hours(12)), kMidnight));
  EXPECT_FALSE(inside_windows({daily(hours(1), hours(2))}, Instant(hours(12)), kMidnight));
}

}  // namespace
}  // namespace shardproof::distribution
