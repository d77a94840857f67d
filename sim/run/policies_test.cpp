// SPDX-License-Identifier: Apache-2.0
//
// Every rebalance policy inside the whole simulation, with every check on.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/registry.hpp"
#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

const std::string kDrain = "[[at]]\ntime = \"5s\"\ndrain = { node = 3 }\n";

/// Five nodes in two zones under load, of which one restarts, another one that joins, and `events`;
/// plans are made every second.
RunResult run_with(const std::string& policy, std::uint64_t seed, const std::string& events) {
  const std::string text = R"_(
schema = 1
name = "policies"
duration = "14s"
[cluster]
nodes = 5
zones = ["a", "b"]
[[collection]]
database = "shop"
name = "orders"
shards = 12
replication_factor = 2
documents = { count = 600, size = "lognormal(500B, 2KB)" }
[[collection]]
database = "shop"
name = "people"
shards = 6
replication_factor = 2
documents = { count = 200, size = "1KB" }
[[traffic]]
collection = "shop.orders"
rate = "200/s"
clients = 12
mix = { read = 0.4, replace = 0.5, insert = 0.1 }
keys = "zipf(0.99)"
[[at]]
time = "2s"
join = { nodes = 1, zone = "b" }
[[at]]
time = "7s"
restart = { node = 1 }
[policy]
period = "1s"
limits = { moves_per_node = 2 }
rebalance = ")_" + policy + "\"\n" +
                           events;
  return run_text(text, seed);
}

bool is(const RunResult& result, std::string_view metric, std::uint64_t count) {
  return *result.find_metric(metric)->value == Ratio(count, 1);
}

std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for (const auto& info : distribution::rebalance_policies()) names.emplace_back(info.name);
  return names;
}

class PolicyTest : public ::testing::TestWithParam<std::string> {};

TEST_P(PolicyTest, RunsWithoutAViolation) {
  // These two empty no node in an order that ends.
  const bool drains = GetParam() != "none" && GetParam() != "ancestor";
  for (const std::uint64_t seed : {1, 2}) {
    const RunResult result = run_with(GetParam(), seed, drains ? kDrain : "");
    EXPECT_EQ(result.violations_total, 0u)
        << seed << ": " << (result.violations.empty() ? "" : result.violations.front().message);
    EXPECT_TRUE(is(result, "nodes.drained", drains ? 1 : 0)) << seed;
    EXPECT_NE(is(result, "migrations.completed", 0), GetParam() != "none") << seed;
  }
}

/// Three copies over zones of 2, 2 and 1 nodes, and writes that change what shards hold and do.
RunResult run_on_unequal_zones(const std::string& policy) {
  return run_text(R"_(
schema = 1
name = "unequal zones"
duration = "40s"
[cluster]
nodes = 5
zones = ["a", "b", "c"]
[[collection]]
database = "shop"
name = "orders"
shards = 24
replication_factor = 3
documents = { count = 6000, size = "lognormal(800B, 8KB)" }
[[traffic]]
rate = "400/s"
mix = { read = 0.7, replace = 0.3 }
keys = "zipf(0.99)"
[policy]
period = "1s"
rebalance = ")_" + policy +
                  "\"\n");
}

TEST(Policies, ThatMoveCopiesInCirclesAreWarnedOf) {
  const RunResult result =
      run_on_unequal_zones("goals\"\noptions = { goals = { deviations = 0 } }\n#");
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_THAT(result.warnings, ::testing::Contains(::testing::HasSubstr("in circles")));
}

TEST(Policies, ThatComeToRestAreNotWarnedOf) {
  EXPECT_THAT(run_on_unequal_zones("greedy").warnings, ::testing::IsEmpty());
}

class PoliciesOfMeasuredLoads : public ::testing::TestWithParam<const char*> {};

TEST_P(PoliciesOfMeasuredLoads, AreAtRestUnderALoadThatDoesNotChange) {
  const RunResult result = run_text(R"_(
schema = 1
name = "steady load"
duration = "40s"
[cluster]
nodes = 6
[[collection]]
database = "shop"
name = "orders"
shards = 60
replication_factor = 3
documents = { count = 3000, size = "200B" }
[[traffic]]
rate = "600/s"
mix = { read = 0.7, replace = 0.3 }
keys = "zipf(0.99)"
[policy]
period = "1s"
rebalance = ")_" + std::string(GetParam()) +
                                    R"_("
[[expect]]
metric = "migration.last_quarter"
equals = 0
[[expect]]
metric = "migration.bounces"
equals = 0
[[expect]]
metric = "leaders.transfers"
max = 30
)_");
  EXPECT_EQ(result.verdict, Verdict::kPass);
}

INSTANTIATE_TEST_SUITE_P(All, PoliciesOfMeasuredLoads,
                         ::testing::Values("goals", "local_search", "weighted_move"));

INSTANTIATE_TEST_SUITE_P(All, PolicyTest, ::testing::ValuesIn(policy_names()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace shardproof::sim
