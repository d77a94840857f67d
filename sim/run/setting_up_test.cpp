// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;

double metric(const RunResult& result, std::string_view name) {
  const MetricResult* found = result.find_metric(name);
  SHARDPROOF_CHECK(found != nullptr && found->value.has_value(), "{}", name);
  return found->value->to_double();
}

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

/// So many documents of that size on three nodes, each with a copy, and what `more` says.
std::string three_nodes_with(const std::string& documents, const std::string& more = "") {
  return R"(
schema = 1
name = "large documents"
duration = "5s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 4
replication_factor = 3
documents = )" +
         documents + "\n" + more;
}

class LargeDocuments : public ::testing::TestWithParam<const char*> {};

TEST_P(LargeDocuments, AreLoadedAsFastAsDisksWriteThem) {
  const RunResult result = run_text(three_nodes_with(GetParam()));
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.violations_total, 0u);
  EXPECT_EQ(metric(result, "leaders.taken"), 4) << "each shard has kept its first leader";
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, LargeDocuments,
    ::testing::Values("{ count = 5000, size = \"100KB\" }", "{ count = 2000, size = \"1MB\" }",
                      "{ count = 1000, size = \"10MB\" }", "{ count = 300, size = \"20MB\" }",
                      "{ count = 100, size = \"60MB\" }", "{ count = 100, size = \"240MB\" }"));

TEST(SettingUp, SeveralCollectionsOfLargeDocumentsTakeTurns) {
  const RunResult result =
      run_text(three_nodes_with("{ count = 100, size = \"50MB\" }", R"([[collection]]
database = "shop"
name = "people"
shards = 4
replication_factor = 3
documents = { count = 100, size = "70MB" }
)"));
  EXPECT_EQ(result.verdict, Verdict::kPass);
}

TEST(SettingUp, ANetworkThatIsSlowerThanDisksSetsThePace) {
  std::string text = three_nodes_with("{ count = 400, size = \"1MB\" }");
  text.replace(text.find("nodes = 3"), 9, "nodes = 3\ncapacity = { network = \"20MB/s\" }");
  EXPECT_EQ(run_text(text).verdict, Verdict::kPass);
}

TEST(SettingUp, ALinkThatIsSlowerThanDisksSetsThePace) {
  std::string text = three_nodes_with("{ count = 400, size = \"100KB\" }");
  text.replace(text.find("nodes = 3"), 9, R"toml(nodes = 3
zones = ["a", "b", "c"]
[[network.link]]
zone = "a"
other_zone = "b"
latency = "constant(1ms)"
bandwidth = "5MB/s"
)toml");
  EXPECT_EQ(run_text(text).verdict, Verdict::kPass);
}

TEST(SettingUp, ADocumentThatTakesTooLongToWriteIsToldWithWhatToChange) {
  const auto result =
      run(scenario_of(three_nodes_with("{ count = 200, size = \"lognormal(100MB, 600MB)\" }")),
          RunOptions{});
  ASSERT_FALSE(result.has_value());
  EXPECT_TRUE(result.error().is_of_set_up);
  EXPECT_THAT(result.error().message, HasSubstr("more than 250 MB are not written"));
  EXPECT_THAT(result.error().message, HasSubstr("raise the \"bandwidth\" of [disk]"));
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
