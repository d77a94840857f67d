// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"
#include "core/coordinator/migration_reactions.hpp"

namespace shardproof::test {
namespace {

using message::AdminOutcome;
using message::ShardEvent;

const NodeId n0(0), n1(1), n2(2), n3(3);
const ShardId s0(0);

constexpr MigrationPhase kPhases[] = {MigrationPhase::Prepare, MigrationPhase::Copy,
                                      MigrationPhase::Sync, MigrationPhase::Switch,
                                      MigrationPhase::Cleanup};
constexpr MigrationPhase kBeforeSwitch[] = {MigrationPhase::Prepare, MigrationPhase::Copy,
                                            MigrationPhase::Sync};

NodeConfig config_of(WriteMode mode) {
  NodeConfig config = quiet_config();
  config.distribution.write_mode = mode;
  return config;
}

/// n1 (leader) and n2 hold s0; n1's copy is going to n3. Nodes stop reporting in `phase`.
struct Moving {
  explicit Moving(WriteMode mode = WriteMode::Queue, std::uint32_t coordinators = 1)
      : cluster(4, coordinators, config_of(mode)) {
    cluster.add_shard({n1, n2});
  }
  bool start_and_stop_in(MigrationPhase phase) {
    cluster.stuck = {phase};
    if (!cluster.run_into_office()) return false;
    request = cluster.command(move(s0, n1, n3));
    return cluster.run_until([&] {
      const auto& migration = cluster.shard().migration;
      return migration && migration->phase == phase;
    });
  }
  bool has_moved() const {
    const ShardInfo& shard = cluster.shard();
    return !shard.migration && shard.leader == n3 && shard.replicas == NodeList{n3, n2} &&
           shard.status == ShardStatus::Active && shard.learners.empty();
  }
  bool is_as_before() const {
    const ShardInfo& shard = cluster.shard();
    return !shard.migration && shard.leader == n1 && shard.replicas == NodeList{n1, n2} &&
           shard.status == ShardStatus::Active && shard.learners.empty();
  }

  Harness cluster;
  std::uint64_t request = 0;
};

class MigrationModeTest : public ::testing::TestWithParam<WriteMode> {};
INSTANTIATE_TEST_SUITE_P(Modes, MigrationModeTest,
                         ::testing::Values(WriteMode::Queue, WriteMode::Live));

TEST_P(MigrationModeTest, GoesThroughEveryPhaseOnce) {
  Moving test(GetParam());
  ASSERT_TRUE(test.cluster.run_into_office());
  test.request = test.cluster.command(move(s0, n1, n3));
  ASSERT_TRUE(test.cluster.run_until([&] { return test.has_moved(); }));
  std::vector<std::optional<MigrationPhase>> phases;
  for (const ShardInfo& info : test.cluster.history()) {
    phases.push_back(info.migration ? std::optional(info.migration->phase) : std::nullopt);
  }
  const std::vector<std::optional<MigrationPhase>> expected = {
      std::nullopt,           MigrationPhase::Prepare, MigrationPhase::Copy, MigrationPhase::Sync,
      MigrationPhase::Switch, MigrationPhase::Cleanup, std::nullopt};
  EXPECT_EQ(phases, expected);
  EXPECT_EQ(test.cluster.facts_of<fact::MigrationVerified>().size(), 1u);
  test.cluster.repeat(test.request);
  EXPECT_EQ(test.cluster.answer(test.request).outcome, AdminOutcome::Done);
}

TEST_P(MigrationModeTest, SwitchIsOneCommit) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Cleanup));
  const std::vector<ShardInfo> history = test.cluster.history();
  for (std::size_t i = 1; i < history.size(); ++i) {
    const bool switches =
        history[i].migration && history[i].migration->phase == MigrationPhase::Switch;
    EXPECT_EQ(switches, history[i].leader != history[i - 1].leader);
    EXPECT_EQ(switches, history[i].replicas != history[i - 1].replicas);
    if (!switches) continue;
    EXPECT_EQ(history[i].leader, n3);
    EXPECT_EQ(history[i].replicas, (NodeList{n3, n2}));
    EXPECT_TRUE(history[i].learners.empty());
    EXPECT_EQ(history[i].fencing, n1);
  }
}

TEST_P(MigrationModeTest, UnequalDigestsAbortBeforeSwitch) {
  Moving test(GetParam());
  test.cluster.target_digest = 8;
  ASSERT_TRUE(test.cluster.run_into_office());
  test.request = test.cluster.command(move(s0, n1, n3));
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.history().size() >= 4; }));
  ASSERT_TRUE(test.cluster.run_until([&] { return test.is_as_before(); }));
  EXPECT_TRUE(test.cluster.facts_of<fact::MigrationVerified>().empty());
  test.cluster.run(milliseconds(200));
  EXPECT_EQ(test.cluster.answer(test.request).outcome, AdminOutcome::Accepted);
  test.cluster.repeat(test.request);
  EXPECT_EQ(test.cluster.answer(test.request).outcome, AdminOutcome::Refused);
}

TEST_P(MigrationModeTest, MigrationResumesFromTheCommittedPhase) {
  for (const MigrationPhase phase : kPhases) {
    Moving test(GetParam(), 3);
    ASSERT_TRUE(test.start_and_stop_in(phase));
    const NodeId first = test.cluster.in_office();
    test.cluster.crash_coordinator(first);
    test.cluster.stuck = {};
    ASSERT_TRUE(test.cluster.run_until([&] { return test.has_moved(); })) << to_string(phase);
    EXPECT_NE(test.cluster.in_office(), first);
    EXPECT_EQ(test.cluster.history().size(), 7u) << "a phase was repeated";
  }
}

TEST_P(MigrationModeTest, AbortBeforeSwitchRestoresTheTable) {
  for (const MigrationPhase phase : kBeforeSwitch) {
    Moving test(GetParam());
    ASSERT_TRUE(test.start_and_stop_in(phase));
    message::AdminRequest abort = about(message::AdminKind::AbortMigration, n0);
    abort.shard = s0;
    const std::uint64_t request = test.cluster.command(abort);
    ASSERT_TRUE(test.cluster.run_until([&] { return test.is_as_before(); })) << to_string(phase);
    EXPECT_EQ(test.cluster.answer(request).outcome, AdminOutcome::Done);
  }
}

TEST_P(MigrationModeTest, FailureReportAbortsBeforeSwitchOnly) {
  for (const MigrationPhase phase : kPhases) {
    Moving test(GetParam());
    ASSERT_TRUE(test.start_and_stop_in(phase));
    const ShardInfo shard = test.cluster.shard();
    const bool has_switched = phase >= MigrationPhase::Switch;
    const NodeId reporter = has_switched ? n3 : n1;
    test.cluster.report(reporter, {s0, shard.epoch, shard.migration->id, ShardEvent::Failed,
                                   reporter, Version(), 0});
    test.cluster.run(seconds(1));
    EXPECT_EQ(test.is_as_before(), !has_switched) << to_string(phase);
  }
}

TEST_P(MigrationModeTest, TargetLostBeforeSwitchAborts) {
  for (const MigrationPhase phase : kBeforeSwitch) {
    Moving test(GetParam());
    ASSERT_TRUE(test.start_and_stop_in(phase));
    test.cluster.down = {n3};
    ASSERT_TRUE(test.cluster.run_until([&] { return test.is_as_before(); })) << to_string(phase);
  }
}

TEST_P(MigrationModeTest, LeaderLostBeforeSwitchAbortsInTheFailoverCommit) {
  for (const MigrationPhase phase : kBeforeSwitch) {
    Moving test(GetParam());
    ASSERT_TRUE(test.start_and_stop_in(phase));
    const Epoch before = test.cluster.shard().epoch;
    test.cluster.down = {n1};
    ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().leader == n2; }));
    EXPECT_EQ(test.cluster.shard().epoch, before.next());
    EXPECT_FALSE(test.cluster.shard().migration);
    EXPECT_TRUE(test.cluster.shard().learners.empty());
    EXPECT_EQ(test.cluster.shard().replicas, (NodeList{n2}));
  }
}

TEST_P(MigrationModeTest, PhaseThatTakesTooLongIsAborted) {
  for (const MigrationPhase phase : kBeforeSwitch) {
    Moving test(GetParam());
    ASSERT_TRUE(test.start_and_stop_in(phase));
    const Instant entered = test.cluster.now;
    ASSERT_TRUE(test.cluster.run_until([&] { return test.is_as_before(); })) << to_string(phase);
    const Timing timing;
    EXPECT_GE(test.cluster.now - entered, timing.migration_timeout);
    EXPECT_LE(test.cluster.now - entered, timing.migration_timeout + milliseconds(200));
  }
}

TEST_P(MigrationModeTest, SwitchIsLeftOnlyOnTheWordOfTheTargetThatItHasTheCopy) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Switch));
  test.cluster.run(seconds(30));
  const ShardInfo shard = test.cluster.shard();
  ASSERT_EQ(shard.migration->phase, MigrationPhase::Switch);
  for (const NodeId other : {n1, n2}) {
    test.cluster.report(
        other, {s0, shard.epoch, shard.migration->id, ShardEvent::Copied, other, Version(), 0});
  }
  test.cluster.run(seconds(1));
  ASSERT_EQ(test.cluster.shard().migration->phase, MigrationPhase::Switch);
  test.cluster.report(n3,
                      {s0, shard.epoch, shard.migration->id, ShardEvent::Copied, n3, Version(), 0});
  test.cluster.run(seconds(1));
  EXPECT_TRUE(test.has_moved());
}

TEST_P(MigrationModeTest, InTheWordOfALostTargetStandsTheLeadersAfterTheSwitch) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Switch));
  test.cluster.down = {n3};
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().leader == n2; }));
  test.cluster.run(seconds(1));
  ASSERT_TRUE(test.cluster.shard().migration);
  EXPECT_EQ(test.cluster.shard().migration->phase, MigrationPhase::Switch);
  test.cluster.stuck = {};
  ASSERT_TRUE(test.cluster.run_until([&] { return !test.cluster.shard().migration; }));
  EXPECT_EQ(test.cluster.shard().leader, n2);
}

/// The target has come back with an empty disk, and says so as long as it leads.
void run_with_lost_target(Moving& test, Nanoseconds span) {
  constexpr Nanoseconds kStep = milliseconds(100);
  for (Nanoseconds passed; passed < span; passed += kStep) {
    const ShardInfo shard = test.cluster.shard();
    if (shard.leader == n3) {
      test.cluster.report(
          n3, {s0, shard.epoch, MigrationId::none(), ShardEvent::Restarted, n3, Version(), 0});
    }
    test.cluster.run(kStep);
  }
}

TEST_P(MigrationModeTest, TheSourceLeadsAgainIfEveryInSyncCopyIsLostInSwitch) {
  Moving test(GetParam());
  test.cluster.positions = {{n1, Version{Epoch(1), LogIndex(9)}}};
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Switch));
  run_with_lost_target(test, seconds(10));
  const ShardInfo& shard = test.cluster.shard();
  ASSERT_EQ(shard.leader, n1);
  EXPECT_FALSE(shard.migration);
  EXPECT_EQ(shard.replicas.front(), n1);
  EXPECT_FALSE(contains(shard.replicas, n3)) << "its copy is lost";
  EXPECT_TRUE(shard.fencing.is_none());
  EXPECT_EQ(test.cluster.facts_of<fact::LeaderChosen>().back().position.index, LogIndex(9));
  test.cluster.stuck = {};
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().replicas.size() == 2; }));
}

TEST_P(MigrationModeTest, ThereIsNoWayBackFromSwitchWhileAnInSyncCopyMayBeLeft) {
  Moving test(GetParam());
  test.cluster.positions = {{n1, Version{Epoch(1), LogIndex(9)}}};
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Switch));
  test.cluster.down = {n2};
  run_with_lost_target(test, seconds(30));
  ASSERT_EQ(test.cluster.shard().replicas.size(), 2u) << "nobody has left the set";
  EXPECT_NE(test.cluster.shard().leader, n1) << "n2 is dead, and may have what was acknowledged";
  test.cluster.positions[n2] = Version{Epoch(1), LogIndex(12)};
  test.cluster.down.clear();
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().leader == n2; }));
  EXPECT_EQ(test.cluster.shard().migration->phase, MigrationPhase::Switch);
}

TEST_P(MigrationModeTest, ThereIsNoWayBackFromSwitchOnceSomebodyHasLeftTheSet) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Switch));
  // n2 led for a while, perhaps, and may have what n1 lacks.
  test.cluster.down = {n2};
  test.cluster.report(n3, {s0, test.cluster.shard().epoch, MigrationId::none(), ShardEvent::Lagging,
                           n2, Version(), 0});
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().replicas.size() == 1; }));
  test.cluster.positions = {{n1, Version{Epoch(1), LogIndex(9)}}};
  run_with_lost_target(test, seconds(30));
  EXPECT_EQ(test.cluster.shard().status, ShardStatus::Offline);
}

TEST_P(MigrationModeTest, ASourceThatHasLostItsCopyTooIsNoWayBackFromSwitch) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Switch));
  test.cluster.positions.clear();
  run_with_lost_target(test, seconds(30));
  EXPECT_EQ(test.cluster.shard().status, ShardStatus::Offline);
  // A disk that was away and not lost comes back.
  test.cluster.positions = {{n1, Version{Epoch(1), LogIndex(9)}}};
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().leader == n1; }));
}

TEST_P(MigrationModeTest, CleanupEndsWhenTheSourceIsDead) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Cleanup));
  test.cluster.down = {n1};
  ASSERT_TRUE(test.cluster.run_until([&] { return test.has_moved(); }));
  EXPECT_TRUE(test.cluster.shard().fencing.is_none());
}

TEST_P(MigrationModeTest, NewOwnerLostInCleanupIsAFailover) {
  Moving test(GetParam());
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Cleanup));
  test.cluster.down = {n3};
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().leader == n2; }));
  EXPECT_TRUE(test.cluster.shard().migration) << "the old copy is still to be dropped";
  test.cluster.stuck = {};
  ASSERT_TRUE(test.cluster.run_until([&] { return !test.cluster.shard().migration; }));
}

/// n1 alone holds s0, which goes to n3; there it is lost in `phase`, and nobody leads any more.
struct LostBehindSwitch {
  explicit LostBehindSwitch(MigrationPhase phase) {
    cluster.add_shard({n1});
    cluster.stuck = {phase};
    EXPECT_TRUE(cluster.run_into_office());
    cluster.command(move(s0, n1, n3));
    EXPECT_TRUE(cluster.run_until([&] {
      const auto& migration = cluster.shard().migration;
      return migration && migration->phase == phase;
    }));
    cluster.positions.erase(n3);
  }
  void restart_the_new_owner() {
    cluster.report(n3, {s0, cluster.shard().epoch, MigrationId::none(), ShardEvent::Restarted, n3,
                        Version(), 0});
  }

  Harness cluster{4};
};

TEST(MigrationDriverTest, CleanupEndsThoughNobodyLeads) {
  LostBehindSwitch test(MigrationPhase::Cleanup);
  test.restart_the_new_owner();
  ASSERT_TRUE(
      test.cluster.run_until([&] { return test.cluster.shard().status == ShardStatus::Offline; }));
  ASSERT_TRUE(test.cluster.shard().migration);
  test.cluster.stuck = {};
  ASSERT_TRUE(test.cluster.run_until([&] { return !test.cluster.shard().migration; }));
  EXPECT_EQ(test.cluster.shard().status, ShardStatus::Offline);
  test.cluster.positions[n3] = Version{Epoch(1), LogIndex(9)};
  ASSERT_TRUE(test.cluster.run_until([&] { return test.cluster.shard().leader == n3; }));
}

TEST(MigrationDriverTest, ReportsOfAnotherEpochAreIgnored) {
  Moving test;
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Prepare));
  const ShardInfo shard = test.cluster.shard();
  for (const NodeId node : {n1, n3}) {
    test.cluster.report(node, {s0, Epoch(shard.epoch.value() - 1), shard.migration->id,
                               ShardEvent::Prepared, node, Version(), 0});
  }
  test.cluster.run(seconds(1));
  EXPECT_EQ(test.cluster.shard().migration->phase, MigrationPhase::Prepare);
}

TEST(MigrationDriverTest, OneSideAloneDoesNotMoveItOn) {
  for (const NodeId silent : {n1, n3}) {
    for (const MigrationPhase phase : {MigrationPhase::Prepare, MigrationPhase::Copy}) {
      Moving test;
      ASSERT_TRUE(test.start_and_stop_in(phase));
      test.cluster.idle = {silent};
      test.cluster.stuck = {};
      test.cluster.run(seconds(3));
      EXPECT_EQ(test.cluster.shard().migration->phase, phase);
    }
  }
}

TEST(MigrationDriverTest, LockPointIsTheLeadersPosition) {
  for (const WriteMode mode : {WriteMode::Queue, WriteMode::Live}) {
    Moving test(mode);
    ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Copy));
    EXPECT_EQ(test.cluster.shard().migration->lock_point, LogIndex(9))
        << "the leader's log need not reach back any further";
  }
}

TEST(MigrationDriverTest, CopyThatMakesProgressIsNotAborted) {
  Moving test;
  ASSERT_TRUE(test.start_and_stop_in(MigrationPhase::Copy));
  const ShardInfo shard = test.cluster.shard();
  for (std::uint64_t second = 0; second < 60; ++second) {
    test.cluster.report(
        n3, {s0, shard.epoch, shard.migration->id, ShardEvent::Prepared, n3, Version(), second});
    test.cluster.run(seconds(1));
  }
  EXPECT_TRUE(test.cluster.shard().migration);
}

TEST(MigrationReactionsTest, NothingAbortsFromSwitchOnAndOnlyCleanupEnds) {
  for (std::size_t i = 0; i < kMigrationInputs; ++i) {
    const auto input = static_cast<MigrationInput>(i);
    for (const MigrationPhase phase : kPhases) {
      const MigrationReaction result = reaction(phase, input);
      const bool has_switched = phase >= MigrationPhase::Switch;
      EXPECT_FALSE(has_switched && result == MigrationReaction::Aborts) << to_string(input);
      const bool is_last = phase == MigrationPhase::Cleanup;
      EXPECT_FALSE(!is_last && result == MigrationReaction::Ends) << to_string(input);
    }
  }
}

TEST(MigrationReactionsTest, TableHasALineForEachInput) {
  const std::string table = reaction_table();
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'),
            static_cast<std::ptrdiff_t>(kMigrationInputs + 1));
  EXPECT_NE(table.find("reported failed  aborts   aborts   aborts   -        -"), std::string::npos)
      << table;
}

}  // namespace
}  // namespace shardproof::test
