// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/observer.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::kSecond;
using testing::member;
using testing::shard;
using testing::Watched;

TEST(Observer, ReadsEveryMetricOfTheCatalogue) {
  Watched world;
  for (MetricIndex i = 0; i < metric_catalogue().size(); ++i) {
    const MetricDefinition& metric = metric_catalogue()[i];
    // A metric without a reader is a failed check, which ends the test program.
    if (metric.unit != MetricUnit::kChoice) world.observer.value(i);
    if (metric.in_conditions) world.observer.condition_value(i);
  }
}

TEST(Observer, TheResultHoldsExactlyTheMetricsThatTheCatalogueSays) {
  Watched world;
  RunResult result;
  world.observer.finish(result);
  std::vector<std::string> expected;
  for (const MetricDefinition& metric : metric_catalogue()) {
    if (metric.in_result) expected.emplace_back(metric.name);
  }
  std::vector<std::string> actual;
  for (const MetricResult& metric : result.metrics) actual.push_back(metric.name);
  EXPECT_EQ(actual, expected);
}

TEST(Observer, CountsMembersByWhatBecomesOfThem) {
  Watched world;
  EXPECT_TRUE(world.is("nodes.total", 3));
  EXPECT_TRUE(world.is("nodes.joined", 0));
  world.at(1);
  world.commit({member(3)});
  EXPECT_TRUE(world.is("nodes.joined", 1));
  EXPECT_TRUE(world.is("nodes.alive", 3));
  world.commit({member(2, NodeState::Draining)});
  EXPECT_TRUE(world.is("nodes.draining", 1));
  world.commit({shard(1, 2, 1, {1, 3})});
  EXPECT_TRUE(world.is("nodes.draining", 1));
  EXPECT_TRUE(world.is("nodes.drained", 0));
  world.commit({member(2, NodeState::Removed)});
  EXPECT_TRUE(world.is("nodes.draining", 0));
  EXPECT_TRUE(world.is("nodes.drained", 1));
  EXPECT_TRUE(world.is("nodes.removed", 1));
  EXPECT_TRUE(world.is("nodes.total", 3));
  EXPECT_TRUE(world.is("nodes.alive", 2));
}

TEST(Observer, RefusalsAreCountedAndKeptWithTheirReasons) {
  Watched world;
  world.observer.on_command(NodeId(2), ShardId::none(), "remove n2");
  world.observer.on_command(NodeId::none(), ShardId(1), "abort migration of s1");
  EXPECT_TRUE(world.is("operator.commands", 2));
  EXPECT_TRUE(world.is("operator.refused", 0));
  world.observer.on_command_end(NodeId(2), ShardId::none(), "remove n2", false, "n2 is alive");
  world.observer.on_command_end(NodeId::none(), ShardId(1), "abort migration of s1", true, "");
  EXPECT_TRUE(world.is("operator.refused", 1));
  RunResult result;
  world.observer.finish(result);
  EXPECT_EQ(result.operators.done, 1u);
  EXPECT_EQ(result.operators.refusals, std::vector<std::string>{"remove n2: n2 is alive"});
}

TEST(Observer, SkewIsMeasuredOverMembersThatMayHoldSomething) {
  Watched world;
  // Copies: n0 1, n1 2, n2 1.
  EXPECT_TRUE(*world.value("skew.shards.max_over_mean") == Ratio(3, 2));
  world.at(1);
  world.commit({member(2, NodeState::Draining), shard(1, 2, 1, {1, 0})});
  // n2 has nothing left: 2 and 2 are even.
  EXPECT_TRUE(*world.value("skew.shards.max_over_mean") == Ratio(1, 1));
  EXPECT_FALSE(world.value("skew.bytes.cv").has_value());
}

TEST(Observer, RequestsAreOfTheLastSamplesOnly) {
  Watched world;
  for (int i = 0; i < 3; ++i) world.fact(0, fact::ReadServed{ShardId(0), Epoch(1), {}, {}});
  EXPECT_TRUE(*world.value("skew.requests.max_over_mean") == Ratio(3, 1));
  for (std::size_t i = 0; i < WindowedSums::kWindow; ++i) world.observer.end_sample();
  EXPECT_FALSE(world.value("skew.requests.max_over_mean").has_value());
}

TEST(Observer, CpuIsTheTimeInWhichProcessorsWereBusy) {
  Watched world;
  const auto busy = [&](std::uint32_t node, std::int64_t us, ShardId shard) {
    world.observer.on_input(NodeId(node), shard, microseconds(us));
  };
  EXPECT_FALSE(world.value("skew.cpu.max_over_mean").has_value());
  busy(0, 20, ShardId::none());
  busy(1, 20, ShardId(0));
  busy(2, 80, ShardId(1));
  world.at(1);
  world.observer.end_sample();
  EXPECT_TRUE(*world.value("skew.cpu.max_over_mean") == Ratio(2, 1));
  EXPECT_TRUE(*world.value("skew.cpu.min_over_mean") == Ratio(1, 2));
  for (std::size_t i = 1; i < WindowedSums::kWindow; ++i) world.observer.end_sample();
  EXPECT_FALSE(world.value("skew.cpu.max_over_mean").has_value());
}

TEST(Observer, ACoordinatorThatCrashesIsGoneAndANewTermIsAChange) {
  Watched world;
  world.fact(1, fact::OfficeTaken{Term(1)});
  EXPECT_TRUE(world.is("coordinator.present", 1));
  world.observer.on_process(NodeId(1), ProcessState::kDown);
  EXPECT_TRUE(world.is("coordinator.present", 0));
  world.fact(2, fact::OfficeTaken{Term(2)});
  EXPECT_TRUE(world.is("coordinator.changes", 2));
  world.fact(2, fact::OfficeLeft{Term(2)});
  EXPECT_TRUE(world.is("coordinator.present", 0));
}

TEST(Observer, SkewOfEachCollectionFollowsThatOfTheCluster) {
  Watched world;
  world.hold({{0, {ShardId(0), Bytes(10)}}, {1, {ShardId(0), Bytes(20)}}});
  RunResult result;
  world.observer.finish(result);
  ASSERT_EQ(result.skew.size(), 2u);
  EXPECT_EQ(result.skew[0].scope, "cluster");
  EXPECT_EQ(result.skew[1].scope, "shop.orders");
  const auto bytes = static_cast<std::size_t>(SkewDimension::kBytes);
  EXPECT_TRUE(result.skew[1].of[bytes]->max_over_mean == Ratio(2, 1));
}

TEST(Observer, TheLogTellsTheLifeOfAShard) {
  Watched world;
  world.at(7);
  world.observer.on_process(NodeId(0), ProcessState::kDown);
  world.commit({shard(0, 2, 1, {1})});
  world.observer.on_fault(FaultKind::kMessageLost);
  world.observer.on_violation(ShardId(0), NodeId(1), "5 single owner", Instant(seconds(7)));
  RunResult result;
  world.observer.finish(result);
  std::vector<std::string> texts;
  for (const LogRecord* record : result.log.records()) {
    if (record->time == Instant(seconds(7))) texts.push_back(record->text);
  }
  EXPECT_EQ(texts,
            (std::vector<std::string>{"down", "e2 Active, led by n1 on [n1]", "5 single owner"}));
  ASSERT_EQ(result.faults.size(), 1u);
  EXPECT_EQ(result.faults[0].name, "message_lost");
}

TEST(Observer, WhatSetsTheClusterUpHasNegativeTimesAndNoMetrics) {
  Watched world;
  world.observer.on_setup_event(Instant(seconds(4)));
  world.observer.on_process(NodeId(0), ProcessState::kDown);
  world.observer.on_setup_event(Instant(seconds(9)));
  world.observer.begin_scenario(Instant(seconds(10)));
  world.observer.on_process(NodeId(1), ProcessState::kDown);
  world.at(7);
  world.observer.on_process(NodeId(2), ProcessState::kDown);
  RunResult result;
  world.observer.finish(result);
  std::vector<Instant> times;
  for (const LogRecord* record : result.log.records()) {
    if (record->text == "down") times.push_back(record->time);
  }
  EXPECT_EQ(times, (std::vector<Instant>{Instant(seconds(-6)), Instant(), Instant(seconds(7))}));
  EXPECT_EQ(result.simulated, seconds(7));
  EXPECT_EQ(result.events, 3u);
}

TEST(EventLog, KeepsTheBeginningAndTheEnd) {
  EventLog log;
  const std::size_t total = EventLog::kRecordsMax + 10;
  for (std::size_t i = 0; i < total; ++i) {
    log.add({Instant(Nanoseconds(static_cast<std::int64_t>(i))),
             i,
             LogKind::kFault,
             NodeId(),
             ShardId(),
             MigrationId(),
             {}});
  }
  const auto records = log.records();
  EXPECT_EQ(records.size(), EventLog::kRecordsMax);
  EXPECT_EQ(log.dropped(), 10u);
  EXPECT_EQ(records.front()->event, 0u);
  EXPECT_EQ(records.back()->event, total - 1);
  EXPECT_TRUE(std::is_sorted(records.begin(), records.end(),
                             [](const auto* a, const auto* b) { return a->event < b->event; }));
}

TEST(Series, ThinsOutEvenlyWhenFull) {
  Series series;
  const std::size_t columns = series.columns().size();
  for (std::int64_t i = 0; i < 20'000; ++i) {
    series.add(Instant(seconds(i)), std::vector<double>(columns));
  }
  const auto& rows = series.rows();
  EXPECT_LE(rows.size(), Series::kRowsMax);
  EXPECT_GE(rows.size(), Series::kRowsMax / 2 - 1);
  EXPECT_EQ(series.stride(), 8u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].time, Instant(seconds(static_cast<std::int64_t>(i) * 8)));
  }
}

RunResult judged(RunResult result) {
  judge(result);
  return result;
}

RunResult checked() {
  RunResult result;
  result.file = "a.toml";
  result.seed = 42;
  result.checks.push_back({5, "single owner", 100, 0});
  return result;
}

TEST(Judge, OnlyARunWhereSomethingWasCheckedPasses) {
  EXPECT_EQ(judged(checked()).verdict, Verdict::kPass);
  RunResult unchecked = checked();
  unchecked.checks[0].evaluations = 0;
  EXPECT_EQ(judged(unchecked).verdict, Verdict::kInconclusive);
}

TEST(Judge, WhatNeverHappenedIsInconclusiveAndAViolationFails) {
  RunResult result = checked();
  result.fired.push_back({"at 1min: join", 0, ""});
  result.expectations.push_back({});
  const RunResult undecided = judged(result);
  EXPECT_EQ(undecided.verdict, Verdict::kInconclusive);
  EXPECT_EQ(undecided.undecided.size(), 2u);
  result.duration = seconds(1);
  EXPECT_EQ(judged(result).undecided.size(), 0u);
  result.duration = Nanoseconds(0);
  result.violations_total = 1;
  EXPECT_EQ(judged(result).verdict, Verdict::kFail);
}

TEST(RunResult, TheReplayLineQuotesWhatAShellWouldSplit) {
  RunResult result = checked();
  EXPECT_EQ(result.replay_line(), "shardproof run a.toml --seed 42");
  result.file = "it's a.toml";
  EXPECT_EQ(result.replay_line(), "shardproof run 'it'\\''s a.toml' --seed 42");
  result.file = "a.toml";
  result.arguments = {"--trace", "b c.csv"};
  EXPECT_EQ(result.replay_line(), "shardproof run a.toml --seed 42 --trace 'b c.csv'");
}

TEST(Observer, RecentLatenciesAreThoseSinceTheLastSample) {
  Watched world;
  const auto reply = [&](bool is_write, std::int64_t due_at) {
    world.observer.on_client_reply(ReplyStatus::Ok, is_write, Instant(seconds(due_at)));
  };
  world.at(10);
  reply(false, 7);
  reply(true, 2);
  world.hold({});
  EXPECT_TRUE(world.is("client.latency_ns.reads.recent_p99", 3 * kSecond));
  EXPECT_TRUE(world.is("client.latency_ns.writes.recent_p50", 8 * kSecond));
  world.observer.end_sample();
  EXPECT_FALSE(world.value("client.latency_ns.writes.recent_p50")) << "nothing was answered";
  reply(true, 9);
  EXPECT_TRUE(world.is("client.latency_ns.writes.recent_p99", kSecond));
  EXPECT_TRUE(world.is("client.latency_ns.writes.max", 8 * kSecond)) << "of the run";
  EXPECT_TRUE(world.is("client.latency_ns.reads.p90", 3 * kSecond));
}

}  // namespace
}  // namespace shardproof::sim
