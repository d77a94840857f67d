// SPDX-License-Identifier: Apache-2.0
//
// Nodes whose CPU is slow, from the scenario's text to what the cluster makes of it.
#include <string>

#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

/// Three nodes with three copies of each shard, some traffic, for 12 s, and `events`.
RunResult run_with(const std::string& events, const std::string& step = "20us") {
  const std::string text = R"(
schema = 1
name = "slow CPU"
duration = "12s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 3
replication_factor = 3
documents = { count = 30 }
[[traffic]]
rate = "50/s"
[process]
step = ")" + step + "\"\n" +
                           events;
  RunResult result = run_text(text);
  EXPECT_EQ(result.violations_total, 0u);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  return result;
}

/// Of every node, but for the setting up.
std::string slow_by(const std::string& factor) {
  return "[[at]]\ntime = \"0s\"\nslow = { node = \"all\", cpu = \"" + factor +
         "\" }\nlasts = \"12s\"\n";
}

bool log_has(const RunResult& result, std::string_view text) {
  for (const LogRecord* record : result.log.records()) {
    if (record->text.find(text) != std::string::npos) return true;
  }
  return false;
}

double latency_ms(const RunResult& result, std::string_view metric) {
  const MetricResult* found = result.find_metric(metric);
  SHARDPROOF_CHECK(found != nullptr && found->value.has_value());
  return found->value->to_double() / 1e6;
}

/// Of half of the requests at least.
double median_latency_ms(const RunResult& result) {
  return latency_ms(result, "client.latency_ns.p50");
}

/// Most requests take three steps: of the node that is asked, of the leader, and of the former
/// again. The others' heartbeats and log entries are in the way now and then.
TEST(SlowCpu, EachStepTakesAsMuchLongerAsTheFactorSays) {
  const double plain = median_latency_ms(run_with(""));
  const double slow = median_latency_ms(run_with(slow_by("51x")));
  EXPECT_GT(slow - plain, 2.9);
  EXPECT_LT(slow - plain, 5.0);
  const double slow_and_long = median_latency_ms(run_with(slow_by("51x"), "40us"));
  EXPECT_GT(slow_and_long - plain, 5.8);
  EXPECT_LT(slow_and_long - plain, 12.0);
}

TEST(SlowCpu, AtFullSpeedItIsNoMatterWhatAStepTakes) {
  EXPECT_EQ(run_with("", "20us").digest, run_with("", "20ms").digest);
}

TEST(SlowCpu, ANodeThatIsTooSlowForItsHeartbeatsIsTakenForDeadAndReturns) {
  const RunResult result =
      run_with("[[at]]\ntime = \"2s\"\nslow = { node = 1, cpu = \"10000x\" }\nlasts = \"5s\"\n");
  EXPECT_TRUE(log_has(result, "considers n1 dead"));
  EXPECT_TRUE(log_has(result, "considers n1 alive"));
}

TEST(SlowCpu, ANodeThatCrashesWhileInputsWaitStartsWithoutThem) {
  const RunResult result = run_with(slow_by("400x") +
                                    "[[at]]\ntime = \"3s\"\ncrash = { node = 1 }\n"
                                    "restart_after = \"500ms\"\n");
  EXPECT_TRUE(log_has(result, "considers n1 alive"));
  ASSERT_TRUE(result.settling.has_value());
  EXPECT_TRUE(result.settling->came_to_rest) << "no input of the first life is left over";
}

/// Of the requests of 12 s, those that reach the node in its pause are more than one in a hundred.
TEST(SlowCpu, WhatWaitsStandsStillWhileTheProcessDoes) {
  const std::string pause = "[[at]]\ntime = \"5s\"\npause = { node = 2 }\nlasts = \"700ms\"\n";
  EXPECT_LT(latency_ms(run_with(slow_by("51x")), "client.latency_ns.p99"), 100);
  EXPECT_GT(latency_ms(run_with(slow_by("51x") + pause), "client.latency_ns.p99"), 300);
}

TEST(SlowCpu, ItsProcessorIsBusyForLonger) {
  const auto skew = [](const RunResult& result) {
    const MetricResult* found = result.find_metric("skew.cpu.max_over_mean");
    SHARDPROOF_CHECK(found != nullptr && found->value.has_value());
    return found->value->to_double();
  };
  EXPECT_GT(skew(run_with("[[at]]\ntime = \"1s\"\nslow = { node = 1, cpu = \"51x\" }\n")),
            2 * skew(run_with("")));
}

}  // namespace
}  // namespace shardproof::sim
