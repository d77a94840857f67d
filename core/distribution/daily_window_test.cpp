// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/daily_window.hpp"

#include <gtest/gtest.h>

namespace shardproof::distribution {
namespace {

DailyWindow window(std::string_view text) { return parse_daily_window(text).value(); }

TEST(DailyWindowTest, IncludesItsStartAndNotItsEnd) {
  const DailyWindow night = window("01:00-05:30");
  EXPECT_FALSE(night.contains(hours(1) - nanoseconds(1)));
  EXPECT_TRUE(night.contains(hours(1)));
  EXPECT_TRUE(night.contains(minutes(330) - nanoseconds(1)));
  EXPECT_FALSE(night.contains(minutes(330)));
}

TEST(DailyWindowTest, RunsOverMidnight) {
  const DailyWindow night = window("22:00-02:00");
  EXPECT_TRUE(night.contains(hours(23)));
  EXPECT_TRUE(night.contains(Nanoseconds(0)));
  EXPECT_FALSE(night.contains(hours(2)));
  EXPECT_FALSE(night.contains(hours(12)));
}

TEST(DailyWindowTest, WholeDayIsWrittenWithTwentyFourHours) {
  EXPECT_TRUE(window("00:00-24:00").contains(hours(24) - nanoseconds(1)));
  EXPECT_TRUE(window("00:00-24:00").contains(Nanoseconds(0)));
}

TEST(DailyWindowTest, RefusesWhatIsNoWindowAndSaysWhatIs) {
  for (const char* text : {"", "1:00-2:00", "01:00", "01:00-25:00", "01:60-02:00", "24:00-01:00",
                           "01:00 -02:00", "0a:00-02:00", "01:00-02:00 ", "24:01-02:00"}) {
    const auto result = parse_daily_window(text);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(result.error().message.find("expected HH:MM-HH:MM"), std::string::npos);
  }
  const auto empty = parse_daily_window("03:00-03:00");
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().message.find("same time"), std::string::npos);
}

TEST(DailyWindowTest, TimeOfDayWrapsAfterTwentyFourHours) {
  EXPECT_EQ(time_of_day(Instant(hours(50)), hours(23)), hours(1));
  EXPECT_EQ(time_of_day(Instant(Nanoseconds(0)), hours(6)), hours(6));
}

TEST(DailyWindowTest, NoWindowsMeansAlways) {
  EXPECT_TRUE(inside_windows({}, hours(12)));
  EXPECT_FALSE(inside_windows({window("01:00-02:00")}, hours(12)));
}

TEST(DailyWindowTest, NextOpeningIsTheNearestStartAlsoTomorrow) {
  const std::vector<DailyWindow> windows{window("01:00-02:00"), window("13:00-14:00")};
  EXPECT_EQ(next_opening(windows, Instant(hours(12)), Nanoseconds(0)), Instant(hours(13)));
  EXPECT_EQ(next_opening(windows, Instant(hours(20)), Nanoseconds(0)), Instant(hours(25)));
  EXPECT_EQ(next_opening(windows, Instant(minutes(90)), Nanoseconds(0)), Instant(minutes(90)));
  EXPECT_EQ(next_opening({}, Instant(hours(3)), Nanoseconds(0)), Instant(hours(3)));
}

}  // namespace
}  // namespace shardproof::distribution
