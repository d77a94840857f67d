// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;

/// Why a run of 1 MB of documents on three nodes, one with a disk of that size, does not begin;
/// empty if it does.
std::string trouble_with_disk(const std::string& size) {
  const std::string text = R"(
schema = 1
name = "setting up"
duration = "2s"
[[cluster.node]]
[[cluster.node]]
name = "small"
capacity = { disk = ")" + size +
                           R"(" }
[[cluster.node]]
[[collection]]
database = "shop"
name = "orders"
replication_factor = 3
documents = { count = 1000, size = "1KB" }
)";
  const auto result = run(scenario_of(text), RunOptions{});
  return result ? "" : result.error().message;
}

TEST(SettingUp, ADiskThatIsTooSmallIsNamedWithItsSizeAndWhatItWasToHold) {
  const std::string trouble = trouble_with_disk("300KB");
  EXPECT_THAT(trouble, HasSubstr("the disk of n1 (small)"));
  EXPECT_THAT(trouble, HasSubstr("300 kB"));
  EXPECT_THAT(trouble, HasSubstr("1 MB"));
  EXPECT_THAT(trouble, HasSubstr("\"capacity\""));
}

TEST(SettingUp, ADiskThatIsLargeEnoughIsNoTrouble) { EXPECT_EQ(trouble_with_disk("10MB"), ""); }

TEST(SettingUp, WhatCannotBeSetUpIsToldFromWhatCannotBeRead) {
  const std::string text = R"(
schema = 1
name = "setting up"
duration = "2s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
replication_factor = 2
[network]
latency = "240ms"
)";
  const auto result = run(scenario_of(text), RunOptions{});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is_of_set_up);
  EXPECT_THAT(result.error().message, HasSubstr("in place of 2"));
}

/// Three nodes, three shards of one copy, and what `lines` say of them.
std::string three_shards(const std::string& lines, const std::string& policy) {
  return R"(
schema = 1
name = "as told"
duration = "12s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 3
documents = { count = 300 }
)" + lines +
         "[policy]\n" + policy;
}

double metric(const RunResult& result, std::string_view name) {
  const MetricResult* found = result.find_metric(name);
  SHARDPROOF_CHECK(found != nullptr && found->value.has_value(), "{}", name);
  return found->value->to_double();
}

TEST(SettingUp, CopiesAndSizesBeginAsTheyAreTold) {
  const RunResult result = run_text(three_shards(
      "copies = [[\"n2\"], [\"n2\"], [\"n0\"]]\nshard_bytes = [\"1MB\", \"2MB\", \"1MB\"]\n",
      "rebalance = \"none\"\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(metric(result, "skew.shards.max_over_mean"), 2.0);
  EXPECT_NEAR(metric(result, "skew.bytes.max_over_mean"), 2.25, 0.02);
  EXPECT_EQ(metric(result, "migration.count"), 0);
}

TEST(SettingUp, NothingIsMovedBeforeTheScenarioBeginsAndThenItIs) {
  const RunResult result =
      run_text(three_shards("copies = [[\"n2\"], [\"n2\"], [\"n2\"]]\n", "period = \"1s\"\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(metric(result, "migration.count"), 2) << "counted since the scenario began";
  EXPECT_EQ(metric(result, "skew.shards.max_over_mean"), 1.0);
}

TEST(SettingUp, AShardThatIsToHoldSomethingNeedsADocument) {
  std::string text = three_shards("shard_bytes = [\"1MB\", \"1MB\", \"1MB\"]\n", "");
  text.replace(text.find("count = 300"), 11, "count = 1");
  const auto result = run(scenario_of(text), RunOptions{});
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr("1 document in 3 shards of \"shop.orders\""));
  EXPECT_THAT(result.error().message, HasSubstr("raise \"count\""));
}

}  // namespace
}  // namespace shardproof::sim
