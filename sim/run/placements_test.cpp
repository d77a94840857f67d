// SPDX-License-Identifier: Apache-2.0
//
// Every placement policy inside the whole simulation, with every check on.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/distribution/registry.hpp"
#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

/// Five nodes in three zones under load. One crashes and comes back, and a collection is sharded
/// that was not, so that shards are placed at the start and while it runs.
RunResult run_with(const std::string& placement, std::uint64_t seed) {
  const std::string text = R"_(
schema = 1
name = "placements"
duration = "10s"
[cluster]
nodes = 5
zones = ["a", "b", "c"]
[[collection]]
database = "shop"
name = "orders"
shards = 12
replication_factor = 3
documents = { count = 300, size = "500B" }
[[collection]]
database = "shop"
name = "people"
sharded = false
shards = 5
replication_factor = 2
documents = { count = 100, size = "1KB" }
[[traffic]]
collection = "shop.orders"
rate = "100/s"
clients = 8
[[traffic]]
collection = "shop.people"
rate = "50/s"
clients = 4
[[at]]
time = "2s"
crash = { node = 1 }
restart_after = "1s"
[[at]]
time = "5s"
enable_sharding = { collection = "shop.people" }
[policy]
rebalance = "none"
placement = ")_" + placement +
                           "\"\n";
  return run_text(text, seed);
}

bool is(const RunResult& result, std::string_view metric, std::uint64_t count) {
  return *result.find_metric(metric)->value == Ratio(count, 1);
}

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const auto& info : distribution::placement_policies()) list.emplace_back(info.name);
  return list;
}

class PlacementPolicyTest : public ::testing::TestWithParam<std::string> {};

TEST_P(PlacementPolicyTest, RunsWithoutAViolationAndInAllDomains) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const RunResult result = run_with(GetParam(), seed);
    EXPECT_EQ(result.violations_total, 0u)
        << seed << ": " << (result.violations.empty() ? "" : result.violations.front().message);
    EXPECT_EQ(result.verdict, Verdict::kPass) << seed;
    EXPECT_TRUE(is(result, "operator.refused", 0)) << seed;
    EXPECT_EQ(is(result, "safety.domain_violating_shard_ns", 0), GetParam() != "ancestor") << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(All, PlacementPolicyTest, ::testing::ValuesIn(names()),
                         [](const auto& each) { return each.param; });

TEST(PlacementPolicies, GiveTheSameRunOtherPlaces) {
  std::map<std::uint64_t, std::string> by_digest;
  for (const std::string& name : names()) {
    const auto [other, is_new] = by_digest.emplace(run_with(name, 1).digest, name);
    // No node has gone and none is full: these two are what they build upon, jump and ring.
    EXPECT_EQ(is_new, name != "memento" && name != "bounded") << name << " and " << other->second;
  }
}

}  // namespace
}  // namespace shardproof::sim
