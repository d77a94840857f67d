// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shardproof::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Two sides over six seeds: the second is even less even, and moves the same.
sim::ComparisonResult compared() {
  sim::ComparisonResult result;
  result.scenario = "join";
  result.metrics = {{"skew.bytes.max_over_mean", sim::MetricUnit::kRatio},
                    {"migration.bytes.moved", sim::MetricUnit::kBytes}};
  for (const char* name : {"greedy", "none"}) {
    sim::ComparedSide side;
    side.name = name;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const double skew = (side.name == "none" ? 2.0 : 1.0) + static_cast<double>(seed) / 100;
      side.runs.push_back({seed, sim::Verdict::kPass, "", false, {skew, 5'000.0}});
    }
    result.sides.push_back(side);
  }
  return result;
}

const std::vector<std::string> kMetrics{"skew.bytes.max_over_mean", "migration.bytes.moved"};

TEST(ComparisonReport, EachSideStandsBesideTheFirstWithItsDifference) {
  const std::string text = comparison_text(compared(), kMetrics, Style{});
  EXPECT_THAT(text, HasSubstr("join: 2 compared over 6 seeds"));
  EXPECT_THAT(text, HasSubstr("skew.bytes.max_over_mean   1.035   2.035  -0 +6 *"));
  EXPECT_THAT(text, HasSubstr("migration.bytes.moved       5 kB    5 kB  same"));
  EXPECT_THAT(text, HasSubstr("6 of 6"));
}

TEST(ComparisonReport, WhatFailedIsNamedWithItsSeed) {
  sim::ComparisonResult result = compared();
  EXPECT_THAT(comparison_text(result, kMetrics, Style{}), Not(HasSubstr("seed 1:")));
  for (sim::ComparedRun& run : result.sides[1].runs) {
    run.verdict = sim::Verdict::kFail;
    run.finding = "skew too high";
  }
  const std::string text = comparison_text(result, kMetrics, Style{});
  EXPECT_THAT(text, HasSubstr("none, seed 1: skew too high"));
  EXPECT_THAT(text, HasSubstr("none: 3 more"));
  EXPECT_THAT(text, HasSubstr("0 of 6"));
}

TEST(ComparisonReport, TheDocumentHasEveryRunAndNullForWhatIsNotKnown) {
  sim::ComparisonResult result = compared();
  result.sides[1].runs[2].values[1] = std::nullopt;
  const auto json = nlohmann::json::parse(comparison_json(result));
  EXPECT_EQ(json["seeds"].size(), 6u);
  const auto& none = json["sides"][1];
  EXPECT_EQ(none["metrics"]["skew.bytes.max_over_mean"]["higher"], 6);
  EXPECT_EQ(none["metrics"]["migration.bytes.moved"]["same"], 5);
  EXPECT_TRUE(none["runs"][2]["metrics"]["migration.bytes.moved"].is_null());
  EXPECT_THAT(comparison_markdown(result, kMetrics), HasSubstr("| median | greedy | none |"));
}

TEST(ComparisonReport, TheUsualMetricsAreMetrics) {
  for (const std::string& name : usual_metrics()) {
    EXPECT_TRUE(sim::find_metric(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace shardproof::reports
