// SPDX-License-Identifier: Apache-2.0
//
// Trouble of messages on their way, from the scenario's text to what the cluster makes of it.
#include <string>

#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

/// Four nodes with three copies of each shard, some traffic, for 20 s, and `events`.
RunResult run_with(const std::string& events) {
  const std::string text = R"(
schema = 1
name = "paths"
duration = "20s"
[cluster]
nodes = 4
[[collection]]
database = "shop"
name = "orders"
shards = 4
replication_factor = 3
documents = { count = 40 }
[[traffic]]
rate = "50/s"
)" + events;
  RunResult result = run_text(text);
  EXPECT_EQ(result.violations_total, 0u);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  return result;
}

std::string at(const std::string& time, const std::string& action, const std::string& lasts) {
  return "[[at]]\ntime = \"" + time + "\"\n" + action + "\nlasts = \"" + lasts + "\"\n";
}

std::uint64_t struck(const RunResult& result, std::string_view fault) {
  for (const FaultCount& count : result.faults) {
    if (count.name == fault) return count.count;
  }
  return 0;
}

bool log_has(const RunResult& result, std::string_view text) {
  for (const LogRecord* record : result.log.records()) {
    if (record->text.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST(PathFaults, AClogHoldsMessagesAndLosesNone) {
  const RunResult result = run_with(at("5s", "clog = { node = 1 }", "4s"));
  EXPECT_GT(struck(result, "message_held"), 20u);
  EXPECT_EQ(struck(result, "message_lost"), 0u);
  // So long without a heartbeat, the node is taken for dead; what it was sent comes afterwards.
  EXPECT_TRUE(log_has(result, "considers n1 dead"));
  EXPECT_TRUE(log_has(result, "considers n1 alive"));
}

TEST(PathFaults, AClogOfAShortTimeIsHardlyNoticed) {
  const RunResult result = run_with(at("5s", "clog = { from = 1, to = 2 }", "20ms"));
  EXPECT_GT(struck(result, "message_held"), 0u);
  EXPECT_FALSE(log_has(result, "considers n1 dead"));
}

TEST(PathFaults, ASwizzleClogsEachNodeOnce) {
  const RunResult result = run_with(at("5s", "swizzle = { node = [0, 1, 2] }", "6s"));
  EXPECT_EQ(struck(result, "clog"), 3u);
  EXPECT_EQ(struck(result, "message_lost"), 0u);
}

TEST(PathFaults, ASwizzleIsOfHalfTheNodesUnlessItSaysOtherwise) {
  EXPECT_EQ(struck(run_with(at("5s", "swizzle = {}", "1s")), "clog"), 2u);
}

TEST(PathFaults, OnlyMessagesOfTheTypeAreDropped) {
  const RunResult result = run_with(at("5s", "drop = { message = \"ShardReport\" }", "8s"));
  EXPECT_EQ(struck(result, "drop"), 1u);
  // Nobody is taken for dead for want of reports of its shards.
  for (const char* node : {"n0", "n1", "n2", "n3"}) {
    EXPECT_FALSE(log_has(result, std::string("considers ") + node + " dead"));
  }
  const RunResult silent = run_with(at("5s", "drop = { message = \"Heartbeat\" }", "8s"));
  EXPECT_GT(struck(silent, "message_lost"), 100u);
  EXPECT_TRUE(log_has(silent, "dead"));
}

TEST(PathFaults, AChanceDropsAsManyAndNoMore) {
  const auto lost = [](const std::string& chance) {
    return struck(
        run_with(at("5s", "drop = { message = \"Heartbeat\", chance = \"" + chance + "\" }", "4s")),
        "message_lost");
  };
  const std::uint64_t some = lost("10%");
  const std::uint64_t more = lost("60%");
  EXPECT_GT(some, 0u);
  EXPECT_GT(more, some * 3);
}

TEST(PathFaults, ADelayedWatchLeavesTablesBehind) {
  const std::string move = R"(
[[at]]
time = "6s"
crash = { node = 3 }
restart_after = "4s"
)";
  const std::string delay = at("5s", "delay = { message = \"TableUpdate\", by = \"400ms\" }", "9s");
  const RunResult late = run_with(delay + move);
  const RunResult prompt = run_with(move);
  EXPECT_EQ(struck(late, "delay"), 1u);
  EXPECT_NE(late.digest, prompt.digest);
  EXPECT_EQ(struck(late, "message_lost"), 0u);
}

double median_latency_ms(const RunResult& result) {
  const MetricResult* found = result.find_metric("client.latency_ns.p50");
  SHARDPROOF_CHECK(found != nullptr && found->value.has_value());
  return found->value->to_double() / 1e6;
}

TEST(PathFaults, WhatPassesASlowPathTakesSoManyTimesAsLong) {
  const std::string network = "[network]\nlatency = \"2ms\"\n";
  const std::string slow = "delay = { from = \"clients\", to = \"anyone\", factor = \"11x\" }";
  const RunResult plain = run_with(network);
  const RunResult late = run_with(network + at("1s", slow, "18s"));
  EXPECT_EQ(struck(late, "delay"), 1u);
  // Only the way there is slow: 22 ms instead of 2 ms.
  EXPECT_NEAR(median_latency_ms(late) - median_latency_ms(plain), 20, 1);
}

TEST(PathFaults, AGrayNodeIsTakenForAliveAndDoesNothing) {
  const RunResult result = run_with(at("5s", "gray = { node = 1 }", "6s"));
  EXPECT_EQ(struck(result, "gray"), 1u);
  EXPECT_GT(struck(result, "message_lost"), 20u);
  EXPECT_FALSE(log_has(result, "considers n1 dead"));
}

TEST(PathFaults, OverlappingClogsReleaseWhatNoneHoldsAnyMore) {
  const RunResult result =
      run_with(at("5s", "clog = { node = 1 }", "4s") + at("7s", "clog = { node = 1 }", "4s"));
  EXPECT_EQ(struck(result, "clog"), 2u);
  EXPECT_EQ(struck(result, "message_lost"), 0u);
}

TEST(PathFaults, AClogWithoutAnEndEndsWithTheRun) {
  const RunResult result = run_with("[[at]]\ntime = \"15s\"\nclog = { node = 1 }\n");
  EXPECT_GT(struck(result, "message_held"), 20u);
}

}  // namespace
}  // namespace shardproof::sim
