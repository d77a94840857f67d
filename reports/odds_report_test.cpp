// SPDX-License-Identifier: Apache-2.0
#include "reports/odds_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/golden_testing.hpp"

namespace shardproof::reports {
namespace {

using testing::expect_golden;
using ::testing::HasSubstr;

sim::OddsPoint point(std::uint64_t event, std::uint64_t failing, std::uint64_t passing) {
  sim::OddsPoint point;
  point.event = event;
  point.time = Instant(milliseconds(static_cast<std::int64_t>(event)));
  point.failing = failing;
  point.passing = passing;
  return point;
}

sim::OddsResult odds() {
  sim::OddsResult odds;
  odds.scenario = "failover";
  odds.seed = 42;
  odds.odds_seed = 1;
  odds.branches = 20;
  odds.failure = "invariant 5, phase none, roles leader";
  odds.title = "invariant 5, single owner, is violated";
  odds.failure_event = 9'000;
  odds.failure_time = Instant(milliseconds(9'000));
  odds.points = {point(1'000, 0, 20), point(3'000, 9, 8), point(5'000, 19, 1), point(7'000, 20, 0)};
  odds.points[1].otherwise = 2;
  odds.points[1].unknown = 1;
  odds.what_happened = {"4.200000000s #4200 process n0: down",
                        "4.900000000s #4900 leadership n1 s0: taken in e2"};
  return odds;
}

TEST(OddsReport, ShowsAChartAndFromWhereTheFailureIsInevitable) {
  expect_golden("odds.txt", odds_text(odds(), {}));
  expect_golden("odds.json", odds_json(odds()));
}

TEST(OddsReport, InevitableIsWhatStaysSoUpToTheFailure) {
  sim::OddsResult result = odds();
  EXPECT_EQ(result.inevitable_from(), 2u);
  result.points[2].failing = 18;
  result.points[2].passing = 2;
  EXPECT_EQ(result.inevitable_from(), 3u);
  result.points[3] = point(7'000, 18, 2);
  EXPECT_EQ(result.inevitable_from(), std::nullopt);
  EXPECT_THAT(odds_text(result, {}), HasSubstr("not inevitable at any point"));
}

TEST(OddsReport, APointOfWhichNothingIsKnownIsNotInevitable) {
  sim::OddsResult result = odds();
  result.points[3] = point(7'000, 0, 0);
  result.points[3].unknown = 20;
  EXPECT_EQ(result.inevitable_from(), std::nullopt);
  EXPECT_TRUE(nlohmann::json::parse(odds_json(result))["points"][3]["share_failing"].is_null());
}

TEST(OddsReport, IntervalsAreWilsons) {
  // Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 and 0 of 20.
  const Share share = wilson_share(81, 263);
  EXPECT_NEAR(share.low, 0.2553, 5e-5);
  EXPECT_NEAR(share.high, 0.3662, 5e-5);
  const Share none = wilson_share(0, 20);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
}

}  // namespace
}  // namespace shardproof::reports
