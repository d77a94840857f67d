// SPDX-License-Identifier: Apache-2.0
#include "sim/run/node_config.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

/// Whether a move may start at that time of the scenario.
bool may_start(const ScenarioSpec& spec, Nanoseconds time) {
  const distribution::MoveLimits limits = make_node_configs(spec).front().distribution.limits;
  return inside_windows(limits.windows, Instant(kSetupTime) + time, limits.time_of_day_at_start);
}

TEST(NodeConfig, WindowsSinceTheStartAreExactAndComeOnce) {
  ScenarioSpec spec;
  spec.policy.limits.windows = {{false, milliseconds(1500), seconds(3)}};
  EXPECT_FALSE(may_start(spec, milliseconds(1500) - nanoseconds(1)));
  EXPECT_TRUE(may_start(spec, milliseconds(1500)));
  EXPECT_TRUE(may_start(spec, seconds(3) - nanoseconds(1)));
  EXPECT_FALSE(may_start(spec, seconds(3)));
  EXPECT_FALSE(may_start(spec, hours(24) + seconds(2)));
}

TEST(NodeConfig, DailyWindowsOpenAtTheirTimeOfDay) {
  ScenarioSpec spec;
  spec.starts_at = hours(1) - seconds(5);
  spec.policy.limits.windows = {{true, hours(1), hours(1) + seconds(15)}};
  EXPECT_FALSE(may_start(spec, seconds(5) - nanoseconds(1)));
  EXPECT_TRUE(may_start(spec, seconds(5)));
  EXPECT_FALSE(may_start(spec, seconds(20)));
  EXPECT_TRUE(may_start(spec, hours(24) + seconds(5)));
}

TEST(NodeConfig, AsksASilentReplicaAgainBeforePatienceWithItEnds) {
  ScenarioSpec spec;
  const Nanoseconds usual = make_node_configs(spec).front().timing.resend_after;
  EXPECT_LE(usual * 2, spec.protocol.replica_timeout);
  spec.protocol.replica_timeout = milliseconds(160);
  EXPECT_EQ(make_node_configs(spec).front().timing.resend_after, milliseconds(80));
  spec.protocol.replica_timeout = seconds(60);
  EXPECT_EQ(make_node_configs(spec).front().timing.resend_after, usual);
}

TEST(NodeConfig, TriggersReachTheCoordinator) {
  ScenarioSpec spec;
  EXPECT_TRUE(make_node_configs(spec).front().distribution.rebalance_on_membership);
  EXPECT_FALSE(make_node_configs(spec).front().distribution.rebalance_threshold.has_value());
  spec.policy.on_membership = false;
  spec.policy.threshold = Ratio(1, 10);
  spec.policy.period = seconds(3);
  const DistributionConfig config = make_node_configs(spec).front().distribution;
  EXPECT_FALSE(config.rebalance_on_membership);
  EXPECT_EQ(config.rebalance_threshold, Ratio(1, 10));
  EXPECT_EQ(config.rebalance_interval, seconds(3));
}

TEST(NodeConfig, OptionsOfPoliciesAreTheVersions) {
  ScenarioSpec spec;
  spec.policy.options = {{"greedy", {{"count_gap", Ratio(3, 1)}}}};
  spec.versions.push_back(spec.first_version());
  spec.versions.back().policy.options.clear();
  const auto configs = make_node_configs(spec);
  EXPECT_EQ(configs.front().distribution.options, spec.policy.options);
  EXPECT_TRUE(configs.back().distribution.options.empty());
}

}  // namespace
}  // namespace shardproof::sim
