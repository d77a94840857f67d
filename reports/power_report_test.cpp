// SPDX-License-Identifier: Apache-2.0
#include "reports/power_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shardproof::reports {
namespace {

sim::PowerRow found(const std::string& rule, std::uint64_t seeds) {
  sim::PowerRow row;
  row.rule = rule;
  row.expected = {26, 3};
  row.seeds = seeds;
  row.events = 123'456;
  row.cpu_ns = 1'500'000'000;
  row.found =
      sim::RuleFinding{seeds, {"invariant 26, phase none, roles leader", "n0 lied"}, {}, {}, 0, ""};
  row.found->original = {31, 17, 5};
  return row;
}

sim::PowerResult sample() {
  sim::PowerResult result;
  result.seeds_max = 2000;
  result.wall_ns = 61'000'000'000;
  result.rows = {found("ack_after_sync", 4), found("replicas_before_ack", 1),
                 found("lock_released", 9)};
  result.rows[0].found->shrunk = sim::PlanSize{3, 1, 2};
  sim::PowerRow silent;
  silent.rule = "chunks_checked";
  silent.expected = {29};
  silent.seeds = 2000;
  silent.events = 40'000'000;
  silent.cpu_ns = 30'000'000'000;
  result.rows.push_back(silent);
  return result;
}

TEST(PowerReport, SaysOfEachRuleWhatFellWhenAndHowSmallItGot) {
  const std::string text = power_text(sample(), {});
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "  rule off             falls first  what fell                               seeds  "
            "events  CPU s  entries   faults   nodes");
  EXPECT_NE(
      text.find("  ack_after_sync       26, 3        invariant 26, phase none, roles leader      "
                "4   123 k   1.50  31 -> 3  17 -> 1  5 -> 2\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("  chunks_checked       29           nothing                                 "
                      "2,000    40 M  30.00        -        -       -\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\nFAIL  3 of 4 rules found; median 4 seeds, at most 2,000 a rule; 61 s\n"),
            std::string::npos)
      << text;
}

TEST(PowerReport, PassesOnlyIfEveryRuleWasFound) {
  sim::PowerResult result = sample();
  result.rows.pop_back();
  EXPECT_NE(power_text(result, {}).find("PASS  3 of 3 rules found"), std::string::npos);
}

TEST(PowerReport, ARuleWithoutWhichOnlyCostsRiseNeedsNoFinding) {
  sim::PowerResult result = sample();
  EXPECT_EQ(result.unnoticed(), 1u);
  result.rows.back().expected.clear();
  EXPECT_NE(power_text(result, {}).find("PASS  3 of 4 rules found"), std::string::npos);
}

TEST(PowerReport, MarkdownHasARowForEachRule) {
  const std::string text = power_markdown(sample());
  EXPECT_NE(
      text.find(
          "| ack_after_sync | 26, 3 | invariant 26, phase none, roles leader | 4 | 123 k | 1.50 | "
          "31 -> 3 | 17 -> 1 | 5 -> 2 |\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("| chunks_checked | 29 | nothing | 2,000 | 40 M | 30.00 | - | - | - |\n"),
            std::string::npos)
      << text;
}

TEST(PowerReport, JsonHasNullForWhatIsNotThere) {
  const auto document = nlohmann::json::parse(power_json(sample()));
  EXPECT_EQ(document["found"], 3);
  EXPECT_EQ(document["seeds_median"], 4);
  const auto& first = document["rules"][0];
  EXPECT_EQ(first["entries"]["before"], 31);
  EXPECT_EQ(first["entries"]["after"], 3);
  EXPECT_EQ(first["expected"][0], 26);
  EXPECT_TRUE(document["rules"][1]["entries"]["after"].is_null());
  EXPECT_TRUE(document["rules"][3]["seed"].is_null());
  EXPECT_TRUE(document["rules"][3]["entries"].is_null());
}

TEST(PowerReport, TheMedianIsOfTheRulesThatWereFound) {
  EXPECT_EQ(sample().median_seeds(), 4u);
  EXPECT_EQ(sim::PowerResult{}.median_seeds(), 0u);
}

}  // namespace
}  // namespace shardproof::reports
