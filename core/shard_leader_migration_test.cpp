// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/leader_test_fixture.hpp"
#include "core/shard_leader.hpp"

namespace shardproof {
namespace {

using message::AppendEntries;
using message::AppendOutcome;
using message::ShardEvent;
using test::LeaderTest;

using R = ReplyStatus;

class MigrationLeaderTest : public LeaderTest {
 protected:
  /// Enters a phase of the migration from the leader to node 2.
  void enter(MigrationPhase phase, WriteMode mode, std::uint64_t epoch, std::uint64_t id = 1) {
    ShardInfo info = test::shard(Epoch(epoch), {NodeId(0)}, {NodeId(2)});
    info.status = phase == MigrationPhase::Sync ? ShardStatus::Syncing : ShardStatus::Migrating;
    info.migration = test::migration(phase, mode, 0, 2, id);
    info.migration->lock_point = lock_point;
    info.migration->bandwidth = bandwidth;
    adopt(info);
  }
  LogIndex lock_point;
  Bandwidth bandwidth;
};

TEST_F(MigrationLeaderTest, InQueueModeWritesWaitFromPrepareToSync) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  write(1, 1, "a");
  write(2, 1, "b");
  EXPECT_TRUE(replies().empty());
  EXPECT_EQ(bench.count<fact::WriteQueued>(), 2u);
  lock_point = replica.state().log.last().index;
  enter(MigrationPhase::Copy, WriteMode::Queue, 3);
  EXPECT_TRUE(replies().empty());
  enter(MigrationPhase::Sync, WriteMode::Queue, 4);
  EXPECT_EQ(bench.count<fact::WriteDequeued>(), 2u);
  EXPECT_TRUE(replies().empty()) << "acknowledgements wait for the target now";
  confirm(2);
  EXPECT_EQ(replies(), (std::vector<R>{R::Ok, R::Ok}));
}

TEST_F(MigrationLeaderTest, ReadsGoOnWhileWritesWait) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  request(1, 1, test::operation(OperationKind::Read, test::document("a")));
  EXPECT_EQ(replies(), std::vector<R>{R::NotFound});
}

TEST_F(MigrationLeaderTest, AWriteBeyondTheQueuesBoundIsRefusedAsRetryable) {
  bench.config.bounds.queue_writes_max = 1;
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  write(1, 1);
  write(2, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::QueueFull});
  EXPECT_TRUE(is_retryable(R::QueueFull));
}

TEST_F(MigrationLeaderTest, InQueueModeThePointOfTheLockIsReportedOnceTheLogIsDrained) {
  serve_with_peer();
  write(1, 1);
  ShardInfo info = test::shard(Epoch(2), {NodeId(0), NodeId(1)}, {NodeId(2)});
  info.status = ShardStatus::Migrating;
  info.migration = test::migration(MigrationPhase::Prepare, WriteMode::Queue, 0, 2);
  adopt(info);
  EXPECT_EQ(reports(ShardEvent::Prepared), 0u);
  confirm(1);
  tick();
  EXPECT_GE(reports(ShardEvent::Prepared), 1u);
}

TEST_F(MigrationLeaderTest, AFollowerThatIsTheSourceIsToldAgainWhatIsCommitted) {
  serve_with_peer();
  const LogIndex last = replica.state().log.last().index;
  ShardInfo info = test::shard(Epoch(2), {NodeId(0), NodeId(1)}, {NodeId(2)});
  info.status = ShardStatus::Migrating;
  info.migration = test::migration(MigrationPhase::Copy, WriteMode::Queue, 1, 2);
  info.migration->lock_point = last;
  adopt(info);
  for (int i = 0; i < 6; ++i) {
    if (i == 3) {
      info.epoch = Epoch(3);
      info.migration = test::migration(MigrationPhase::Copy, WriteMode::Live, 1, 2, 2);
      info.migration->lock_point = last;
      adopt(info);
    }
    ReplicaStep step = bench.step();
    replica.on_append_reply(
        NodeId(1),
        {test::kShard, info.epoch, AppendOutcome::Durable, replica.state().log.last(),
         replica.state().committed, test::kAnswersAll},
        step);
    bench.take<AppendEntries>();
    pass(bench.config.timing.resend_after);
    tick();
    std::size_t told = 0;
    for (const auto& [to, append] : bench.take<AppendEntries>()) {
      told += to == Endpoint::node(NodeId(1)) && append.committed >= last ? 1 : 0;
    }
    EXPECT_EQ(told, 1u) << "it may have restarted since it said that it knew";
  }
}

TEST_F(MigrationLeaderTest, InLiveModeWritesGoOnUntilTheLastRound) {
  serve_alone();
  enter(MigrationPhase::Copy, WriteMode::Live, 2);
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  enter(MigrationPhase::Sync, WriteMode::Live, 3);
  write(1, 2);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  confirm(2);
  write(1, 3);
  EXPECT_TRUE(replies().empty());
  EXPECT_EQ(bench.count<fact::WritesLocked>(), 1u);
}

TEST_F(MigrationLeaderTest, WhatTheTargetSaidBeforeSyncCountsNoMore) {
  // A follower may stream the copy, and begin anew when the target's disk was lost: nobody tells
  // the leader.
  for (const WriteMode mode : {WriteMode::Queue, WriteMode::Live}) {
    const std::uint64_t epoch = mode == WriteMode::Queue ? 2 : 5;
    if (epoch == 2) serve_alone();
    enter(MigrationPhase::Prepare, mode, epoch, epoch);
    enter(MigrationPhase::Copy, mode, epoch + 1, epoch);
    confirm(2);
    enter(MigrationPhase::Sync, mode, epoch + 2, epoch);
    tick();
    EXPECT_EQ(reports(ShardEvent::Synced), 0u);
    confirm(2);
    tick();
    EXPECT_GE(reports(ShardEvent::Synced), 1u);
  }
}

TEST_F(MigrationLeaderTest, ALockIsHeldNoLongerThanTheMigrationsTimeLimit) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  write(1, 1);
  pass(bench.config.timing.migration_timeout);
  tick();
  finish();
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  EXPECT_EQ(bench.count<fact::WritesUnlocked>(), 1u);
  EXPECT_GE(reports(ShardEvent::Failed), 1u);
}

TEST_F(MigrationLeaderTest, ALockInQueueModeLastsAsLongAsTheBandwidthMakesTheCopyTake) {
  serve_alone();
  write(1, 1);
  bandwidth = Bandwidth(1);
  const Nanoseconds copying = bandwidth.time_for(bench.store.summary(ShardId(0)).bytes);
  ASSERT_GT(copying, bench.config.timing.resend_after);
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  enter(MigrationPhase::Copy, WriteMode::Queue, 3);
  pass(bench.config.timing.migration_timeout);
  tick();
  EXPECT_EQ(bench.count<fact::WritesUnlocked>(), 0u);
  pass(copying);
  tick();
  EXPECT_EQ(bench.count<fact::WritesUnlocked>(), 1u);
}

TEST_F(MigrationLeaderTest, InLiveModeTheTargetIsNotLaggingHoweverLongItsCopyTakes) {
  serve_alone();
  enter(MigrationPhase::Copy, WriteMode::Live, 2);
  write(1, 1);
  pass(bench.config.timing.migration_timeout * 2);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 0u);
  enter(MigrationPhase::Sync, WriteMode::Live, 3);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 0u);
  pass(bench.config.timing.migration_timeout);
  tick();
  EXPECT_GE(reports(ShardEvent::Lagging), 1u);
}

TEST_F(MigrationLeaderTest, AfterALongCopyTheTargetStillHasItsTimeToCatchUp) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  enter(MigrationPhase::Copy, WriteMode::Queue, 3);
  pass(bench.config.timing.replica_timeout * 2);
  enter(MigrationPhase::Sync, WriteMode::Queue, 4);
  write(1, 1);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 0u);
  pass(bench.config.timing.replica_timeout);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 1u);
}

TEST_F(MigrationLeaderTest, ALeaderThatBeginsInCopyGivesTheQueueModesMigrationUp) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  enter(MigrationPhase::Copy, WriteMode::Queue, 3);
  EXPECT_EQ(reports(ShardEvent::Failed), 0u);
  // Of Epoch 4 this node has not heard: it takes over anew.
  enter(MigrationPhase::Copy, WriteMode::Queue, 5);
  EXPECT_EQ(reports(ShardEvent::Failed), 1u) << "its barrier is behind the point of the copy";
}

TEST_F(MigrationLeaderTest, AnAbortLetsTheQueueGoOn) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  write(1, 1);
  adopt(test::shard(Epoch(3), {NodeId(0)}));
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

TEST_F(MigrationLeaderTest, AMigrationRightBehindAnotherBeginsWithNothingOfIt) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  enter(MigrationPhase::Sync, WriteMode::Queue, 3);
  confirm(2);
  // Of the end of the first migration, Epoch 4, this node has not heard.
  enter(MigrationPhase::Prepare, WriteMode::Queue, 5, 2);
  EXPECT_EQ(bench.count<fact::WritesLocked>(), 2u);
  EXPECT_EQ(bench.count<fact::WritesUnlocked>(), 1u);
  enter(MigrationPhase::Sync, WriteMode::Queue, 6, 2);
  write(1, 1);
  reports(ShardEvent::Synced);
  tick();
  EXPECT_EQ(reports(ShardEvent::Synced), 0u) << "the new target has answered nothing yet";
}

TEST_F(MigrationLeaderTest, WaitingWritesAreSentAwayIfTheLeaseHasEndedMeanwhile) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  write(1, 1);
  EXPECT_TRUE(replies().empty());
  const Version last = replica.state().log.last();
  pass(hours(2));
  adopt(test::shard(Epoch(3), {NodeId(0)}));
  EXPECT_EQ(replies(), std::vector<R>{R::NoLease});
  EXPECT_EQ(replica.state().log.last(), last);
}

TEST_F(MigrationLeaderTest, ALeaderThatIsReplacedSendsTheWaitingWritesAway) {
  serve_alone();
  enter(MigrationPhase::Prepare, WriteMode::Queue, 2);
  write(1, 1);
  adopt(test::shard(Epoch(3), {NodeId(2), NodeId(0)}));
  EXPECT_EQ(replies(), std::vector<R>{R::NotLeader});
  EXPECT_EQ(replica.leader(), nullptr);
}

}  // namespace
}  // namespace shardproof
