// SPDX-License-Identifier: Apache-2.0
//
// Versions of the software side by side, from the scenario's text to the result.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/check_config.hpp"
#include "sim/run/node_config.hpp"
#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Four nodes with two copies of each shard, for 20 s, and `more`.
RunResult run_with(const std::string& more, std::uint64_t seed = 1) {
  const std::string text = R"(
schema = 1
name = "versions"
duration = "20s"
[cluster]
nodes = 4
[[collection]]
database = "shop"
name = "orders"
shards = 12
replication_factor = 2
documents = { count = 240 }
[[traffic]]
rate = "100/s"
[policy]
rebalance = "none"
)" + more;
  RunResult result = run_text(text, seed);
  EXPECT_EQ(result.violations_total, 0u)
      << seed << ": " << (result.violations.empty() ? "" : result.violations.front().message);
  return result;
}

/// "n0 next", ... in the order in which nodes began to run versions.
std::vector<std::string> taken(const RunResult& result) {
  std::vector<std::string> texts;
  for (const VersionTaken& one : result.versions) {
    texts.push_back(fmt::format("{} {}", one.node, one.version));
  }
  return texts;
}

std::uint64_t count_of(const RunResult& result, std::string_view metric) {
  const auto& value = result.find_metric(metric)->value;
  return static_cast<std::uint64_t>(value->as_integer());
}

/// The time of the first record with that text; never if there is none.
Instant first_time(const RunResult& result, std::string_view text) {
  for (const LogRecord* record : result.log.records()) {
    if (record->text.find(text) != std::string::npos) return record->time;
  }
  return Instant::never();
}

const std::string kNext = "[[version]]\nname = \"next\"\npolicy = { rebalance = \"greedy\" }\n";

TEST(Versions, ARollingRestartTakesEachNodeToTheNewOneAndBack) {
  const RunResult result = run_with(
      kNext +
      "[[at]]\ntime = \"2s\"\nrolling_restart = { node = [1, 3], version = \"next\" }\nlasts = "
      "\"4s\"\n"
      "[[at]]\ntime = \"10s\"\nrolling_restart = { version = \"first\" }\nlasts = \"8s\"\n");
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_THAT(taken(result), ElementsAre("n1 next", "n3 next", "n1 first", "n3 first"));
  EXPECT_EQ(result.versions[0].time, first_time(result, "runs version \"next\""));
  EXPECT_EQ(count_of(result, "faults.restarts"), 6u);
  EXPECT_EQ(count_of(result, "faults.upgrades"), 4u);
}

TEST(Versions, AreKeptOverCrashesAndRestarts) {
  const RunResult result =
      run_with(kNext +
               "[[at]]\ntime = \"2s\"\nrestart = { node = 1, version = \"next\" }\n"
               "[[at]]\ntime = \"5s\"\ncrash = { node = 1 }\nrestart_after = \"1s\"\n"
               "[[at]]\ntime = \"8s\"\nrestart = { node = 1 }\n"
               "[[at]]\ntime = \"10s\"\nrestart = { node = 1, version = \"next\" }\n");
  EXPECT_THAT(taken(result), ElementsAre("n1 next"));
  EXPECT_EQ(count_of(result, "faults.restarts"), 4u);
  EXPECT_EQ(count_of(result, "faults.upgrades"), 1u);
}

TEST(Versions, ANodeThatIsDownAtItsTurnComesBackWithTheOldOne) {
  const RunResult result =
      run_with(kNext +
               "[[at]]\ntime = \"1s\"\ncrash = { node = 2 }\nrestart_after = \"12s\"\n"
               "[[at]]\ntime = \"2s\"\nrolling_restart = { version = \"next\" }\nlasts = \"8s\"\n");
  EXPECT_THAT(taken(result), ElementsAre("n0 next", "n1 next", "n3 next"));
}

TEST(Versions, OneThatJoinsWithAnotherHasBeenUpgradedByNobody) {
  const RunResult result = run_with(kNext +
                                    "[[at]]\ntime = \"2s\"\njoin = { version = \"next\" }\n"
                                    "[[at]]\ntime = \"3s\"\njoin = {}\n");
  EXPECT_THAT(taken(result), ElementsAre("n4 next"));
  EXPECT_EQ(count_of(result, "faults.upgrades"), 0u);
}

TEST(Versions, ThePolicyIsThatOfWhoeverIsCoordinator) {
  // Nothing is moved onto the new nodes before one of them, which would, is coordinator.
  const RunResult result =
      run_with(kNext +
               "[[at]]\ntime = \"1s\"\njoin = { nodes = 2, version = \"next\" }\n"
               "[[at]]\ntime = \"8s\"\ncrash = { node = [0, 1, 2, 3] }\nrestart_after = \"3s\"\n");
  const Instant begun = first_time(result, "began from");
  ASSERT_NE(begun, Instant::never());
  const auto is_new = [&](NodeId node) { return node.value() >= 4; };
  NodeId coordinator;
  for (const LogRecord* record : result.log.records()) {
    if (record->time > begun) break;
    if (record->text.find("is coordinator, term") != std::string::npos) coordinator = record->node;
  }
  EXPECT_TRUE(is_new(coordinator)) << coordinator.value();
  EXPECT_GT(begun, Instant(seconds(8)));
}

TEST(Versions, ASafetyRuleCanBeOffInOneOnly) {
  const std::string broken =
      "[[version]]\nname = \"broken\"\nrules_off = [\"replicas_before_ack\"]\n"
      "[[at]]\ntime = \"2s\"\nrolling_restart = { version = \"broken\" }\nlasts = \"8s\"\n";
  const std::string text = R"(
schema = 1
name = "a bug that comes with an upgrade"
duration = "20s"
[cluster]
nodes = 4
[[collection]]
database = "shop"
name = "orders"
replication_factor = 2
documents = { count = 240 }
[[traffic]]
rate = "100/s"
)" + broken;
  const RunResult result = run_text(text, 1);
  ASSERT_GT(result.violations_total, 0u);
  EXPECT_EQ(result.violations.front().invariant, 26u);
  ASSERT_FALSE(result.versions.empty());
  EXPECT_GT(result.violations.front().time, result.versions.front().time);
  EXPECT_THAT(result.rules_off, ElementsAre("replicas_before_ack of version \"broken\""));
}

TEST(Versions, ALimitOfOneIsNoneOfTheOthers) {
  const std::string text = R"(
rules_off = ["moves_in_flight_count"]
schema = 1
name = "limits"
duration = "20s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 24
replication_factor = 2
documents = { count = 480, size = "1KB" }
[policy]
limits = { moves_per_node = 8 }
[[version]]
name = "next"
policy = { limits = { moves_per_node = 1 } }
[[at]]
time = "1s"
rolling_restart = { version = "next" }
lasts = "6s"
[[at]]
time = "10s"
join = { nodes = 2 }
)";
  const RunResult result = run_text(text, 1);
  ASSERT_GT(result.violations_total, 0u);
  EXPECT_EQ(result.violations.front().invariant, 25u);
}

/// Timings as far apart as they may be, under faults, and nothing but what a correct cluster does.
TEST(Versions, WithTimingsFarApartAreSafeTogether) {
  const std::string apart = R"toml(
[protocol]
heartbeat = "200ms"
lease = "2s"
clock_error = "100ms"
reporting_period = "1s"
replica_timeout = "1s"
[clock]
drift = "5000ppm"
[migration]
write_mode = "queue"
[[version]]
name = "hasty"
policy = { rebalance = "greedy", period = "700ms", limits = { moves_per_node = 5 } }
protocol = { heartbeat = "30ms", lease = "400ms", reporting_period = "100ms", replica_timeout = "150ms" }
migration = { write_mode = "live", chunk = "1KiB", phase_timeout = "2s" }
[[at]]
time = "1s"
rolling_restart = { node = "half", version = "hasty" }
lasts = "4s"
[[at]]
time = "9s"
rolling_restart = { version = "hasty" }
lasts = "6s"
[[at]]
time = "16s"
rolling_restart = { version = "first" }
lasts = "4s"
[chaos]
budget = "unlimited"
until = "17s"
crash = { rate = "1/4s", duration = "exponential(1s)" }
isolate = { rate = "1/4s", duration = "exponential(1s)" }
partition = { rate = "1/5s", duration = "exponential(1s)", one_way = true }
)toml";
  for (std::uint64_t seed = 1; seed <= 12; ++seed) run_with(apart, seed);
}

TEST(CheckConfig, HasTheLoosestOfAllVersions) {
  ScenarioSpec spec;
  spec.policy.limits.moves_per_node = 2;
  spec.policy.limits.bandwidth = Bandwidth(1000);
  spec.protocol.staleness_bound = seconds(1);
  VersionSpec other = spec.first_version();
  other.protocol.lease = spec.protocol.lease / 2;
  other.protocol.heartbeat = spec.protocol.heartbeat * 2;
  other.policy.limits.moves_per_node = 5;
  other.policy.limits.moves_cluster_wide = 3;
  other.policy.limits.bandwidth = Bandwidth(500);
  other.policy.period = seconds(3);
  other.migration.queue_limit = 9999;
  spec.versions = {other};
  const check::CheckConfig config = make_check_config(spec, make_node_configs(spec), true);
  ASSERT_EQ(config.versions.size(), 2u);
  EXPECT_EQ(config.longest.node_lease, spec.protocol.lease);
  EXPECT_EQ(config.shortest.node_lease, other.protocol.lease);
  EXPECT_EQ(config.longest.heartbeat_interval, other.protocol.heartbeat);
  EXPECT_EQ(config.shortest.heartbeat_interval, spec.protocol.heartbeat);
  EXPECT_EQ(config.limits.moves_per_node, 5u);
  EXPECT_EQ(config.limits.moves_cluster_wide, 0u) << "the first has no limit";
  EXPECT_EQ(config.limits.bandwidth, Bandwidth(1000));
  EXPECT_EQ(config.bounds.queue_writes_max, 9999u);
  EXPECT_EQ(config.versions[0].plan_interval, Nanoseconds(0));
  EXPECT_EQ(config.versions[1].plan_interval, seconds(3));
}

}  // namespace
}  // namespace shardproof::sim
