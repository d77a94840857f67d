// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/trial.hpp"

#include <gtest/gtest.h>

#include "sim/campaign/large_scenario_testing.hpp"

namespace shardproof::sim::campaign {
namespace {

ScenarioSpec small_scenario(const std::string& bound) {
  return scenario_of(R"(
schema = 1
name = "small"
duration = "1s"
[cluster]
nodes = 1
[[collection]]
database = "shop"
name = "orders"
shards = 1
[[expect]]
metric = "nodes.alive"
equals = )" + bound);
}

TEST(Trial, SaysHowTheRunFailed) {
  const Trial trial = try_scenario(small_scenario("2"));
  ASSERT_TRUE(trial.failure.has_value());
  EXPECT_EQ(trial.failure->fingerprint.text, "nodes.alive == 2 at the end");
  EXPECT_EQ(trial.failure->time, seconds(1));
  EXPECT_GT(trial.events, 0u);
}

TEST(Trial, ARunThatHoldsAndOneThatIsGivenUpHaveNotFailed) {
  EXPECT_FALSE(try_scenario(small_scenario("1")).failure.has_value());
  ScenarioSpec endless = small_scenario("2");
  endless.duration = hours(1000);
  EXPECT_FALSE(try_scenario(endless, {10'000, {}}).failure.has_value());
  EXPECT_FALSE(try_scenario(endless, {~0ull, [] { return false; }}).failure.has_value());
}

}  // namespace
}  // namespace shardproof::sim::campaign
