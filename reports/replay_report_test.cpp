// SPDX-License-Identifier: Apache-2.0
#include "reports/replay_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/golden_testing.hpp"
#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

using testing::expect_golden;

sim::TraceLine message_line(std::uint64_t event) {
  sim::TraceLine line;
  line.event = event;
  line.time = Instant(milliseconds(13'500)) + microseconds(static_cast<std::int64_t>(event));
  line.kind = "message";
  line.from = "n1";
  line.to = "metadata";
  line.what = "AppendEntries";
  line.content = "s0 e2 after e1/i16: 1 entry up to e2/i17, committed i16";
  line.facts = {"n1 WriteAccepted s0 e2 e2/i17 k4#12 after e1/i16"};
  line.digest = event * 0x0101;
  return line;
}

std::vector<sim::TraceLine> trace() {
  sim::TraceLine timer = message_line(1235);
  timer.kind = "timer";
  timer.from.clear();
  timer.to = "n0";
  timer.what = "Replication";
  timer.content.clear();
  timer.facts = {std::string("n0 WriteAcknowledged s0 e1 and what is too long for the rest of a ") +
                 "line of hundred and twenty columns, which is broken at a blank"};
  timer.log = {"copy n0 s0: dropped"};
  return {message_line(1234), timer};
}

sim::WorldState state() {
  sim::WorldState state;
  state.time = Instant(milliseconds(13'500));
  state.has_begun = true;
  state.event = 1234;
  state.digest = 0xabc;
  state.committed = Revision(9);
  state.nodes = {{NodeId(0), "down", Revision(), 0, 0, Bytes(4'096), 0, false},
                 {NodeId(1), "running", Revision(9), 2, 1, Bytes(8'192), 3, true}};
  state.shards = {"s0 e2 Active, led by n1 on [n1]"};
  state.shards_total = 2;
  state.pending = testing::sample_pending();
  state.pending.push_back(
      {ShardId::none(), NodeId::none(), "", "2 messages on the way that may change something", {}});
  return state;
}

RecordedRun recorded() {
  RecordedRun run;
  run.events = 5;
  run.digest = 2;
  run.verdict = "pass";
  run.trace_format = sim::kTraceFormat;
  run.checkpoints = {{0, 1}, {64, 7}, {128, 8}, {200, 2}};
  run.streams = {{64, 128}, {{"network.delay", "n1", {30, 60}}, {"node.luck", "n0", {1, 2}}}};
  return run;
}

Replay replay() {
  Replay replay;
  replay.scenario = "failover";
  replay.seed = 42;
  replay.command = "shardproof replay results";
  replay.recorded = recorded();
  replay.run = testing::failed_run();
  replay.run->checkpoints = recorded().checkpoints;
  replay.run->digest = 2;
  replay.streams = recorded().streams;
  return replay;
}

/// What is run now goes another way behind event 64.
Replay parted() {
  Replay other = replay();
  other.run->checkpoints = {{0, 1}, {64, 7}, {128, 9}, {150, 3}};
  other.run->digest = 3;
  other.streams.streams = {{"disk.lag", "n0", {0, 5}}, {"network.delay", "n1", {30, 61}}};
  return other;
}

TEST(ReplayReport, TheSameRunIsSaidToBe) {
  EXPECT_FALSE(divergence_of(replay()));
  expect_golden("replay_same.txt", replay_text(replay(), {}));
}

TEST(ReplayReport, OneThatWasInterruptedIsSaidToBeTheSameAsFarAsItWent) {
  Replay cut = replay();
  cut.recorded->interrupted = true;
  EXPECT_NE(
      replay_text(cut, {}).find("THE SAME RUN as the recorded one, which was interrupted here"),
      std::string::npos);
}

TEST(ReplayReport, AnotherRunIsSaidWhereAndByWhatDecisionsItParts) {
  const auto where = divergence_of(parted());
  ASSERT_TRUE(where);
  EXPECT_EQ(where->same_until, 64u);
  EXPECT_EQ(where->differs_by, 128u);
  expect_golden("replay_parted.txt", replay_text(parted(), {}));
}

TEST(ReplayReport, AnotherTraceFormatIsNamedAsTheReason) {
  Replay other = parted();
  other.recorded->trace_format = sim::kTraceFormat + 1;
  EXPECT_NE(replay_text(other, {}).find("trace format"), std::string::npos);
}

TEST(ReplayReport, TheTraceIsAlignedAndOfAtMost120Columns) {
  const std::string text = trace_text(trace(), TraceLevel::kMessages, 1235, {});
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 120u) << text.substr(begin, end - begin);
    begin = end + 1;
  }
  expect_golden("trace.txt", text);
}

TEST(ReplayReport, ALowerLevelShowsLess) {
  const std::string events = trace_text(trace(), TraceLevel::kEvents, 0, {});
  EXPECT_EQ(events.find("WriteAccepted"), std::string::npos);
  const std::string facts = trace_text(trace(), TraceLevel::kFacts, 0, {});
  EXPECT_NE(facts.find("WriteAccepted"), std::string::npos);
  EXPECT_EQ(facts.find("committed i16"), std::string::npos);
}

TEST(ReplayReport, TheWorldIsShownInATable) { expect_golden("world.txt", world_text(state(), {})); }

TEST(ReplayReport, JsonHoldsAllThatWasFound) {
  Replay all = parted();
  all.trace = trace();
  all.state = state();
  all.level = TraceLevel::kMessages;
  expect_golden("replay.json", replay_json(all));
}

}  // namespace
}  // namespace shardproof::reports
