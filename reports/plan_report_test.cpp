// SPDX-License-Identifier: Apache-2.0
#include "reports/plan_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shardproof::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

sim::PlanResult planned() {
  sim::PlannedCluster cluster;
  cluster.name = "cluster.json";
  cluster.nodes = 3;
  cluster.shards = 6;
  cluster.copies = 6;
  cluster.bytes = Bytes(6'000);
  cluster.copies_minimum = 2;
  cluster.bytes_minimum = Bytes(2'000);
  cluster.bytes_to_even = Bytes(1'500);
  cluster.before.of[0] = sim::skew_of(std::vector<std::uint64_t>{3, 3, 0});
  sim::PolicyPlan plan;
  plan.policy = plan.label = "greedy";
  plan.rounds = 1;
  plan.is_quiet = true;
  plan.cost.moves = 3;
  plan.cost.bytes = Bytes(3'000);
  plan.after.of[0] = sim::skew_of(std::vector<std::uint64_t>{2, 2, 2});
  plan.schedules = {{"fifo", 4, std::nullopt}, {"list", 3, std::nullopt}};
  plan.schedules_left_out = {{"even", "needs an even number of moves at once on each node"}};
  plan.rounds_bound_degree = 2;
  plan.moves = {{"shop", "s1", "a", "new-0", "move", "balance", Bytes(1'000)}};
  cluster.policies.push_back(plan);
  sim::PlanResult result;
  result.clusters.push_back(cluster);
  result.moves_per_node = 2;
  return result;
}

TEST(PlanReport, SaysWhatMovesAndWhatHadTo) {
  const std::string text = plan_text(planned(), Style{});
  EXPECT_THAT(text, HasSubstr("cluster.json: 3 nodes, 6 shards, 6 copies of 6 kB"));
  EXPECT_THAT(text, HasSubstr("the least that has to move: 2 copies, 2 kB (for even bytes"));
  EXPECT_THAT(text, HasSubstr("1.500"));
  EXPECT_THAT(text, HasSubstr("3 / 2"));
  EXPECT_THAT(text, HasSubstr("left out: needs an even number of moves"));
  EXPECT_THAT(text, HasSubstr("new-0"));
}

TEST(PlanReport, SaysWhatIsProvenAndWhatCouldBe) {
  sim::PlanResult result = planned();
  EXPECT_THAT(plan_text(result, Style{}), Not(HasSubstr("proven")));
  sim::PlannedCluster& cluster = result.clusters[0];
  cluster.fewest_moves = sim::FewestMoves{3, true};
  cluster.best_copies = sim::BestBalance{sim::ExactValue::fraction(1, 1), std::nullopt};
  cluster.best_leaders = sim::BestBalance{sim::ExactValue::fraction(3, 2), std::nullopt};
  cluster.best_cpu =
      sim::BestBalance{sim::ExactValue::fraction(5, 4), sim::ExactValue::fraction(4, 3)};
  const std::string text = plan_text(result, Style{});
  EXPECT_THAT(text,
              HasSubstr("3 copies to move for the most even counts (proven: no plan moves fewer)"));
  EXPECT_THAT(text, HasSubstr("by weight copies 1.000; of all nodes alike leaders 1.500, cpu 1.250 "
                              "(packed anew 1.333)"));
  EXPECT_EQ(nlohmann::json::parse(plan_json(result))["plans"][0]["cpu_best"],
            nlohmann::json({{"bound", 1.25}, {"packed", 4.0 / 3}}));
  cluster.fewest_moves->is_proven = false;
  EXPECT_THAT(plan_text(result, Style{}), HasSubstr("(not proven to be the fewest)"));
}

TEST(PlanReport, SkewBeforeAndAfterStandBesideEachOtherForOnePolicy) {
  sim::PlanResult result = planned();
  EXPECT_THAT(plan_text(result, Style{}), HasSubstr("max/mean   1.500  1.000"));
  result.clusters[0].policies.push_back(result.clusters[0].policies[0]);
  EXPECT_THAT(plan_text(result, Style{}), Not(HasSubstr("before")));
}

TEST(PlanReport, MarkdownHasTheSameTables) {
  const std::string text = plan_markdown(planned());
  EXPECT_THAT(text, HasSubstr("## cluster.json: 3 nodes"));
  EXPECT_THAT(text, HasSubstr("| policy | plans | moves | x least |"));
  EXPECT_THAT(text, HasSubstr("| greedy | 1 | 3 | 1.500 |"));
}

TEST(PlanReport, WhatIsNotKnownIsNullAndNoZero) {
  sim::PlanResult result = planned();
  auto json = nlohmann::json::parse(plan_json(result))["plans"][0];
  EXPECT_EQ(json["policies"][0]["moves_regret"], 1.5);
  EXPECT_EQ(json["policies"][0]["bytes_regret"], 1.5);
  EXPECT_EQ(json["policies"][0]["bytes_regret_to_even"], 2.0);
  EXPECT_TRUE(json["policies"][0]["schedules"][0]["time_ns"].is_null());
  EXPECT_EQ(json["policies"][0]["schedules_left_out"][0]["scheduler"], "even");
  EXPECT_TRUE(json["skew_before"]["bytes"].is_null());
  result.clusters[0].bytes = std::nullopt;
  result.clusters[0].bytes_minimum = std::nullopt;
  result.clusters[0].bytes_to_even = std::nullopt;
  json = nlohmann::json::parse(plan_json(result))["plans"][0];
  EXPECT_TRUE(json["bytes"].is_null());
  EXPECT_TRUE(json["policies"][0]["bytes"].is_null());
  EXPECT_TRUE(json["policies"][0]["bytes_regret"].is_null());
  EXPECT_THAT(plan_text(result, Style{}), HasSubstr("sizes are not known"));
}

}  // namespace
}  // namespace shardproof::reports
