// SPDX-License-Identifier: Apache-2.0
#include "sim/run/trace_recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/replay_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using testing::lively_scenario;
using testing::run_of;

std::vector<TraceLine> record(EventRange range) {
  const ScenarioSpec spec = lively_scenario();
  TraceRecorder recorder(spec, range);
  RunOptions options;
  options.watch = &recorder;
  const RunResult result = run_of(spec, options);
  return recorder.lines(result.log);
}

/// Keeps the world's state after an event, and lets the run go on.
class StateAt final : public RunWatch {
 public:
  explicit StateAt(std::uint64_t event) : event_(event) {}
  bool after_event(World& world) override {
    if (world.events() == event_) state = world.state();
    return true;
  }
  std::optional<WorldState> state;

 private:
  std::uint64_t event_;
};

/// The first event of which the log says that.
std::uint64_t event_logged(const std::string& text) {
  const RunResult result = run_of(lively_scenario(), {});
  for (const LogRecord* record : result.log.records()) {
    if (record->text.find(text) != std::string::npos) return record->event;
  }
  ADD_FAILURE() << "the log does not say " << text;
  return 1;
}

TEST(TraceRecorder, HasALineForEachEventOfTheRange) {
  const auto lines = record({1'000, 1'063});
  ASSERT_EQ(lines.size(), 64u);
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(lines[i].event, 1'000 + i);
}

TEST(TraceRecorder, TheDigestOfALineIsThatOfTheRunUpToIt) {
  const RunResult whole = run_of(lively_scenario(), {});
  const auto lines = record({60, 70});
  ASSERT_EQ(lines.size(), 11u);
  EXPECT_EQ(whole.checkpoints[1], (Checkpoint{64, lines[4].digest}));
}

TEST(TraceRecorder, LookingOnChangesNothing) {
  const ScenarioSpec spec = lively_scenario();
  TraceRecorder recorder(spec, {1, 1'000'000});
  RunOptions options;
  options.watch = &recorder;
  EXPECT_EQ(run_of(spec, options).digest, run_of(spec, {}).digest);
}

TEST(TraceRecorder, WhatHappensDuringSettingUpHasNegativeTimes) {
  const auto lines = record({1, 3});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_LT(lines[0].time, Instant());
}

TEST(TraceRecorder, FactsAndLogAreWithTheirEvent) {
  const std::uint64_t crash = event_logged("down");
  const auto lines = record({crash, crash});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].kind, "script");
  EXPECT_THAT(lines[0].what, HasSubstr("crash"));
  EXPECT_THAT(lines[0].log, Contains(HasSubstr("n1: down")));
  bool has_facts = false;
  for (const TraceLine& line : record({crash - 200, crash})) has_facts |= !line.facts.empty();
  EXPECT_TRUE(has_facts);
}

TEST(TraceRecorder, ARangeBehindTheEndOfTheRunIsEmpty) {
  EXPECT_TRUE(record({50'000'000, 50'000'010}).empty());
}

TEST(WorldState, SaysWhoIsDownAndWhatIsPending) {
  StateAt watch(event_logged("down"));
  RunOptions options;
  options.watch = &watch;
  run_of(lively_scenario(), options);
  ASSERT_TRUE(watch.state);
  ASSERT_EQ(watch.state->nodes.size(), 3u);
  EXPECT_EQ(watch.state->nodes[1].process, "down");
  EXPECT_EQ(watch.state->nodes[0].process, "running");
  EXPECT_EQ(watch.state->shards_total, 4u);
  EXPECT_THAT(watch.state->pending, Contains(Field(&PendingItem::text, HasSubstr("n1"))));
}

}  // namespace
}  // namespace shardproof::sim
