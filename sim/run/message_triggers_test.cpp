// SPDX-License-Identifier: Apache-2.0
//
// Events that wait for a message, from the scenario's text to what the world does.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;

/// Four nodes with three copies of each shard and some writes, for 8 s, and one event.
RunResult run_with(const std::string& event) {
  const std::string text = R"(
schema = 1
name = "messages"
duration = "8s"
[cluster]
nodes = 4
[[collection]]
database = "shop"
name = "orders"
shards = 8
replication_factor = 3
documents = { count = 80 }
[[traffic]]
rate = "100/s"
[[when]]
)" + event + "\n";
  RunResult result = run_text(text);
  EXPECT_EQ(result.violations_total, 0u);
  return result;
}

/// When and whom crashes struck.
std::vector<std::pair<Instant, NodeId>> crashes(const RunResult& result) {
  std::vector<std::pair<Instant, NodeId>> all;
  for (const LogRecord* record : result.log.records()) {
    const bool is_crash = record->kind == LogKind::kProcess && record->text == "down";
    if (is_crash && record->time > Instant()) all.emplace_back(record->time, record->node);
  }
  return all;
}

TEST(MessageTriggers, KillTheReceiverOfTheLastOfSoMany) {
  const std::string kill = "crash = { node = \"receiver\" }\nrestart_after = \"1s\"";
  const auto message = [](int count) {
    return "message = { type = \"AppendEntries\", to = 2, count = " + std::to_string(count) +
           " }\n";
  };
  const auto first = crashes(run_with(message(1) + kill));
  const auto later = crashes(run_with(message(40) + kill));
  ASSERT_EQ(first.size(), 1u);
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(first.front().second, NodeId(2));
  EXPECT_EQ(later.front().second, NodeId(2));
  EXPECT_LT(first.front().first, later.front().first);
}

TEST(MessageTriggers, KillWhoSentIt) {
  const auto all =
      crashes(run_with("message = { type = \"AppendReply\", from = 1, count = 5 }\ntimes = 2\n"
                       "crash = { node = \"sender\" }\nrestart_after = \"1s\""));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].second, NodeId(1));
  EXPECT_EQ(all[1].second, NodeId(1));
}

TEST(MessageTriggers, OnlyMessagesOfTheShardCount) {
  const std::string rest = "crash = { node = \"receiver\" }\nrestart_after = \"1s\"";
  const auto of = [](const std::string& shard) {
    return "message = { type = \"AppendEntries\", count = 20" + shard + " }\n";
  };
  const auto any = crashes(run_with(of("") + rest));
  const auto one = crashes(run_with(of(", collection = \"shop.orders\", shard = 3") + rest));
  ASSERT_EQ(any.size(), 1u);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_LT(any.front().first, one.front().first);
}

TEST(MessageTriggers, OnlyWhileTheConditionHoldsAndNotBeforeItsTime) {
  const std::string message = "message = { type = \"AppendEntries\" }\n";
  const std::string kill = "crash = { node = \"receiver\" }\nrestart_after = \"1s\"";
  const auto timed = crashes(run_with("after = \"3s\"\n" + message + kill));
  ASSERT_EQ(timed.size(), 1u);
  EXPECT_GE(timed.front().first, Instant(seconds(3)));
  const auto conditional = crashes(run_with("condition = \"time >= 4s\"\n" + message + kill));
  ASSERT_EQ(conditional.size(), 1u);
  EXPECT_GE(conditional.front().first, Instant(seconds(4)));
}

TEST(MessageTriggers, OneOfWhichNothingComesSaysWhatItWaitedFor) {
  const RunResult result =
      run_with("message = { type = \"CopyChunk\", count = 3 }\ncrash = { node = \"receiver\" }");
  ASSERT_EQ(result.fired.size(), 1u);
  EXPECT_EQ(result.fired.front().fired, 0u);
  EXPECT_THAT(result.fired.front().text, HasSubstr("type = \"CopyChunk\""));
}

TEST(MessageTriggers, AClientIsNoNodeToBeKilled) {
  const RunResult result =
      run_with("message = { type = \"ClientRequest\" }\ncrash = { node = \"sender\" }");
  EXPECT_EQ(result.fired.front().fired, 0u);
  EXPECT_EQ(result.fired.front().why_not, "the sender was no node");
}

}  // namespace
}  // namespace shardproof::sim
