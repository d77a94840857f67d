// SPDX-License-Identifier: Apache-2.0
//
// The second judgement of whole runs: what clients were told, with nobody watching inside.
#include <algorithm>

#include <gtest/gtest.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/scenario_testing.hpp"

namespace shardproof::sim {
namespace {

ScenarioSpec scenario(const std::string& more) {
  const std::string text = R"(
schema = 1
name = "judging"
duration = "5s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 4
replication_factor = 2
documents = { count = 50, size = "1KB" }
)" + more;
  return scenario_of(text);
}

RunResult run_unwatched(const ScenarioSpec& spec, std::uint64_t seed) {
  RunOptions options;
  options.seed = seed;
  options.with_checks = false;
  auto result = run(spec, options);
  SHARDPROOF_CHECK(result.has_value(), "{}", result.error().message);
  return std::move(*result);
}

std::uint64_t documents_judged(const RunResult& result) {
  const auto at = std::find_if(result.checks.begin(), result.checks.end(),
                               [](const CheckSummary& check) { return check.number == 27; });
  return at->evaluations;
}

constexpr const char* kMixedTraffic = R"toml(
[[traffic]]
rate = "200/s"
clients = 16
keys = "zipf(0.99)"
mix = { read = 0.5, replace = 0.2, insert = 0.1, remove = 0.1, cas = 0.05, transaction = 0.05 }
)toml";

TEST(Judging, EveryDocumentOfARunIsJudged) {
  const RunResult result = run_unwatched(scenario(kMixedTraffic), 1);
  EXPECT_EQ(result.violations_total, 0u);
  EXPECT_GE(documents_judged(result), 100u);
}

TEST(Judging, IsSwitchedOffByTheScenario) {
  const RunResult result =
      run_unwatched(scenario(std::string(kMixedTraffic) + "[checks]\nhistory = false\n"), 1);
  EXPECT_EQ(documents_judged(result), 0u);
}

TEST(Judging, ChangesNothingInTheRun) {
  ScenarioSpec spec = scenario(kMixedTraffic);
  const std::uint64_t with = run_unwatched(spec, 1).digest;
  spec.checks.history = false;
  EXPECT_EQ(run_unwatched(spec, 1).digest, with);
}

TEST(Judging, ADocumentStaysTheSameWhenItIsSharded) {
  const ScenarioSpec spec = scenario(R"(
sharded = false
[[traffic]]
rate = "200/s"
clients = 16
mix = { read = 0.6, replace = 0.2, remove = 0.1, cas = 0.1 }
[[at]]
time = "2s"
enable_sharding = { collection = "shop.orders" }
)");
  const RunResult result = run_unwatched(spec, 1);
  EXPECT_EQ(result.violations_total, 0u);
  EXPECT_EQ(documents_judged(result), 50u);
}

/// Writes are acknowledged before they are on a disk, and a power failure takes them back: nobody
/// watches, and the clients notice.
TEST(Judging, FindsALostWriteByItself) {
  ScenarioSpec spec = scenario(R"(
[[traffic]]
rate = "500/s"
clients = 32
mix = { read = 0.5, replace = 0.5 }
[[at]]
time = "1s"
crash = { node = "all", unsynced = "lost" }
restart_after = "1s"
)");
  EXPECT_EQ(run_unwatched(spec, 1).violations_total, 0u);
  spec.rules_off = {"ack_after_sync"};
  const RunResult result = run_unwatched(spec, 1);
  ASSERT_GT(result.violations_total, 0u);
  EXPECT_EQ(result.verdict, Verdict::kFail);
  const ViolationRecord& found = result.violations.front();
  EXPECT_EQ(found.invariant, 27u);
  EXPECT_TRUE(found.shard.has_value());
  // In the scenario's time, as everything in a result.
  EXPECT_GT(found.time, Instant(seconds(1)));
  EXPECT_LT(found.time, Instant(spec.duration));
  ASSERT_GE(found.lanes.operations.size(), 2u);
  for (const ClientOperation& operation : found.lanes.operations) {
    if (!operation.is_contradictory) continue;
    EXPECT_LE(operation.asked_at, found.time);
  }
}

/// What would have been at the end nobody knows.
TEST(Judging, SaysNothingOfTheEndThatAViolationKeptARunFrom) {
  ScenarioSpec spec = scenario(R"(
[[traffic]]
rate = "500/s"
mix = { read = 0.5, replace = 0.5 }
[[expect]]
metric = "client.ok"
min = 1000000
)");
  spec.rules_off = {"replicas_before_ack"};
  RunOptions options;
  options.seed = 1;
  const RunResult result = *run(spec, options);
  ASSERT_GT(result.violations_total, 0u);
  ASSERT_LT(result.simulated, spec.duration);
  EXPECT_EQ(result.expectations.front().evaluations, 0u);
}

}  // namespace
}  // namespace shardproof::sim
