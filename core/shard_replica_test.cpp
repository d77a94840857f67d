// SPDX-License-Identifier: Apache-2.0
#include "core/shard_replica.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using message::AppendEntries;
using message::AppendOutcome;
using message::AppendReply;
using message::CopyOnDisk;
using message::FenceReply;
using message::PositionReply;
using message::ShardReply;
using test::at;
using test::entry;

/// Node 1's copy of shard 0; node 0 leads.
class FollowerTest : public testing::Test {
 protected:
  FollowerTest() { adopt(test::shard(Epoch(1), {NodeId(0), NodeId(1)})); }

  void adopt(const ShardInfo& info) {
    adopt_now(info);
    finish();
  }
  /// The same while the disk is busy.
  void adopt_now(const ShardInfo& info) {
    bench.commit({info});
    ReplicaStep step = bench.step();
    replica.adopt(step);
  }
  void finish() {
    ReplicaStep step = bench.step();
    for (const DurabilityWait& wait : bench.finish_disk()) replica.on_durable(wait, step);
  }
  void hear_of_durable() {
    ReplicaStep step = bench.step();
    for (const DurabilityWait& wait : bench.take_durable()) replica.on_durable(wait, step);
  }
  std::vector<AppendReply> append(AppendEntries message, bool disk = true) {
    ReplicaStep step = bench.step();
    replica.on_append(NodeId(0), message, step);
    if (disk) finish();
    std::vector<AppendReply> replies;
    for (auto& [to, reply] : bench.take<AppendReply>()) replies.push_back(reply);
    return replies;
  }
  AppendEntries entries(Epoch epoch, Version previous, std::vector<EntryRef> list,
                        std::uint64_t committed = 0) {
    AppendEntries message;
    message.shard = test::kShard;
    message.epoch = epoch;
    message.previous = previous;
    message.committed = LogIndex(committed);
    message.entries.assign(list.begin(), list.end());
    return message;
  }
  static Version v(std::uint64_t epoch, std::uint64_t index) {
    return {Epoch(epoch), LogIndex(index)};
  }

  test::ReplicaBench bench{1};
  ShardReplica replica{test::kShard};
};

TEST_F(FollowerTest, TheFirstHoldersBeginWithAnEmptyCopy) {
  EXPECT_TRUE(replica.state().holds_copy);
  EXPECT_EQ(bench.count<fact::CopyCreated>(), 1u);
}

TEST_F(FollowerTest, AMemberOfALaterEpochDoesNotInventACopy) {
  test::ReplicaBench other{2};
  ShardReplica late{test::kShard};
  other.commit({test::shard(Epoch(2), {NodeId(0), NodeId(2)})});
  ReplicaStep step = other.step();
  late.adopt(step);
  EXPECT_FALSE(late.state().holds_copy);
}

TEST_F(FollowerTest, EntriesAreAcknowledgedOnlyWhenTheyAreOnTheDisk) {
  EXPECT_TRUE(append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}), false).empty());
  finish();
  const auto replies = bench.take<AppendReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.outcome, AppendOutcome::Durable);
  EXPECT_EQ(replies[0].second.last, v(1, 1));
}

TEST_F(FollowerTest, AGapIsAnsweredWithWhereTheLogEnds) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}));
  const auto replies = append(entries(Epoch(1), v(1, 5), {}));
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].outcome, AppendOutcome::Mismatch);
  EXPECT_EQ(replies[0].last, v(1, 1));
}

TEST_F(FollowerTest, EntriesThatOvertookOthersAreKeptForTheirTurn) {
  EXPECT_TRUE(append(entries(Epoch(1), v(1, 1), {entry(Epoch(1), 2)})).empty());
  const auto replies = append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}));
  ASSERT_FALSE(replies.empty());
  EXPECT_EQ(replies.back().last, v(1, 2));
}

TEST_F(FollowerTest, AnUncommittedTailOfAnotherHistoryIsCutOff) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1), entry(Epoch(1), 2), entry(Epoch(1), 3)}, 1));
  adopt(test::shard(Epoch(2), {NodeId(0), NodeId(1)}));
  const auto replies = append(entries(Epoch(2), v(1, 1), {entry(Epoch(2), 2)}));
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].last, v(2, 2));
  EXPECT_EQ(replica.state().log.last(), v(2, 2));
  EXPECT_EQ(bench.count<fact::TailTruncated>(), 1u);
}

TEST_F(FollowerTest, AnEntryThatWasCutOffAndCameAgainIsDurableOnlyTheSecondTime) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}));
  append(entries(Epoch(1), v(1, 1), {entry(Epoch(1), 2)}), false);
  adopt_now(test::shard(Epoch(2), {NodeId(0), NodeId(1)}));
  append(entries(Epoch(2), v(1, 1), {entry(Epoch(2), 2)}), false);
  adopt_now(test::shard(Epoch(3), {NodeId(0), NodeId(1)}));
  append(entries(Epoch(3), v(1, 1), {entry(Epoch(1), 2)}), false);
  bench.finish_disk_operation();
  hear_of_durable();
  EXPECT_EQ(replica.state().durable, v(1, 1)) << "the disk is yet to be told of the second time";
  finish();
  EXPECT_EQ(replica.state().durable, v(1, 2));
}

TEST_F(FollowerTest, AnEntryThatACopyReplacedAndThatCameAgainIsDurableOnlyTheSecondTime) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}));
  append(entries(Epoch(1), v(1, 1), {entry(Epoch(1), 2)}), false);
  adopt_now(test::shard(Epoch(2), {NodeId(0)}, {NodeId(1)}));
  auto chunk = std::make_shared<Chunk>();
  chunk->last = true;
  ReplicaStep step = bench.step();
  replica.on_copy_chunk(NodeId(0), {test::kShard, Epoch(2), 99, 0, 0, v(1, 1), 0, chunk}, step);
  append(entries(Epoch(2), v(1, 1), {entry(Epoch(1), 2)}), false);
  bench.finish_disk_operation();
  hear_of_durable();
  EXPECT_EQ(replica.state().durable, Version::zero());
  finish();
  EXPECT_EQ(replica.state().durable, v(1, 2));
}

TEST_F(FollowerTest, ALogThatForkedAnswersWhereItCouldBeJoined) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1), entry(Epoch(1), 2)}, 1));
  adopt(test::shard(Epoch(3), {NodeId(0), NodeId(1)}));
  const auto replies = append(entries(Epoch(3), v(2, 2), {}));
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].outcome, AppendOutcome::Mismatch);
  EXPECT_EQ(replies[0].last, v(1, 1));
}

TEST_F(FollowerTest, OnlyWhatIsCommittedAndMatchedIsApplied) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1, test::document("a"))}, 9));
  EXPECT_EQ(replica.state().committed, LogIndex(1));
  EXPECT_NE(bench.store.get(test::kShard, "a").document, nullptr);
}

TEST_F(FollowerTest, AMessageOfAnOlderEpochIsRefused) {
  adopt(test::shard(Epoch(4), {NodeId(0), NodeId(1)}));
  const auto replies = append(entries(Epoch(3), {}, {entry(Epoch(3), 1)}));
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].outcome, AppendOutcome::Stale);
  EXPECT_EQ(replies[0].epoch, Epoch(4));
  EXPECT_EQ(replica.state().log.size(), 0u);
}

TEST_F(FollowerTest, ANodeWithoutACopySaysSo) {
  test::ReplicaBench other{2};
  ShardReplica empty{test::kShard};
  other.commit({test::shard(Epoch(2), {NodeId(0)}, {NodeId(2)})});
  ReplicaStep step = other.step();
  AppendEntries probe = entries(Epoch(2), {}, {});
  empty.on_append(NodeId(0), probe, step);
  const auto replies = other.take<AppendReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.outcome, AppendOutcome::NoCopy);
}

TEST_F(FollowerTest, AFollowerSendsRequestsAway) {
  ReplicaStep step = bench.step();
  replica.on_request({at(2), 7, {}, test::operation(OperationKind::Read, test::document("a"))},
                     Epoch(1), step);
  const auto replies = bench.take<ShardReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.status, ReplyStatus::NotLeader);
  EXPECT_EQ(replies[0].second.ticket, 7u);
}

TEST_F(FollowerTest, ThePositionIsThatOfTheDiskNotOfTheMemory) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}));
  append(entries(Epoch(1), v(1, 1), {entry(Epoch(1), 2)}), false);
  ReplicaStep step = bench.step();
  replica.on_position_query(NodeId(3), {test::kShard, Epoch(1), bench.now}, step);
  const auto replies = bench.take<PositionReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.asked_at.count(), bench.now.count()) << "which question it answers";
  EXPECT_EQ(replies[0].second.copy, CopyOnDisk::Kept);
  EXPECT_EQ(replies[0].second.last, v(1, 1));
}

TEST_F(FollowerTest, ACopyInMemoryAloneHasNotBegun) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}), false);
  ReplicaStep step = bench.step();
  replica.on_position_query(NodeId(3), {test::kShard, Epoch(1), bench.now}, step);
  const auto replies = bench.take<PositionReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_TRUE(replica.state().holds_copy);
  EXPECT_EQ(replies[0].second.copy, CopyOnDisk::NotBegun);
  EXPECT_EQ(replies[0].second.last, Version());
}

TEST_F(FollowerTest, AMemberThatHoldsNothingBeginsInALaterEpochIfTheTableSaysSo) {
  test::ReplicaBench other{2};
  ShardReplica late{test::kShard};
  ShardInfo info = test::shard(Epoch(4), {NodeId(0), NodeId(2)});
  info.begin_epoch = Epoch(4);
  other.commit({info});
  ReplicaStep step = other.step();
  late.adopt(step);
  EXPECT_TRUE(late.state().holds_copy);
  EXPECT_EQ(other.count<fact::CopyCreated>(), 1u);
}

TEST_F(FollowerTest, AFencedNodeAcknowledgesAndRefusesTheOldLeaderFromThenOn) {
  ReplicaStep step = bench.step();
  replica.on_fence_request(NodeId(2), {test::kShard, Epoch(2)}, step);
  const auto replies = bench.take<FenceReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.epoch, Epoch(2));
  EXPECT_EQ(append(entries(Epoch(1), {}, {entry(Epoch(1), 1)})).at(0).outcome,
            AppendOutcome::Stale);
}

TEST_F(FollowerTest, ACopyIsDroppedOnlyOnceTheOthersAreComplete) {
  adopt(test::shard(Epoch(2), {NodeId(0)}));
  EXPECT_TRUE(replica.state().holds_copy);
  adopt(test::shard(Epoch(3), {NodeId(0), NodeId(2)}));
  EXPECT_FALSE(replica.state().holds_copy);
  EXPECT_EQ(bench.count<fact::CopyDropped>(), 1u);
  EXPECT_FALSE(bench.store.holds(test::kShard));
}

TEST_F(FollowerTest, TheSourceKeepsItsCopyUntilCleanup) {
  ShardInfo info = test::shard(Epoch(2), {NodeId(0), NodeId(2)});
  info.status = ShardStatus::Migrating;
  info.migration = test::migration(MigrationPhase::Switch, WriteMode::Queue, 1, 2);
  adopt(info);
  EXPECT_TRUE(replica.state().holds_copy);
  info.epoch = Epoch(3);
  info.migration->phase = MigrationPhase::Cleanup;
  adopt(info);
  EXPECT_FALSE(replica.state().holds_copy);
  const auto reports = bench.take<message::ShardReport>();
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.back().second.event, message::ShardEvent::Dropped);
}

TEST_F(FollowerTest, ASourceThatWasRefusedSaysSoUntilTheTableKnows) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1)}, 1));
  ShardInfo info = test::shard(Epoch(2), {NodeId(0), NodeId(1)}, {NodeId(2)});
  info.status = ShardStatus::Migrating;
  info.migration = test::migration(MigrationPhase::Copy, WriteMode::Live, 1, 2);
  adopt(info);
  ReplicaStep step = bench.step();
  replica.tick(step);
  replica.pump_copies(step);
  const auto chunks = bench.take<message::CopyChunk>();
  ASSERT_FALSE(chunks.empty());
  EXPECT_TRUE(bench.take<message::ShardReport>().empty());
  const message::CopyAck refusal{
      test::kShard, Epoch(2), chunks[0].second.stream, 0, message::CopyOutcome::Full, 0};
  replica.on_copy_ack(NodeId(2), refusal, step);
  for (int i = 0; i < 3; ++i) {
    const auto reports = bench.take<message::ShardReport>();
    ASSERT_EQ(reports.size(), 1u) << "one may be lost";
    EXPECT_EQ(reports[0].second.event, message::ShardEvent::Failed);
    replica.tick(step);
  }
}

TEST_F(FollowerTest, ATargetSaysAfterTheSwitchThatItHasTheCopyOnItsDisk) {
  ShardInfo info = test::shard(Epoch(2), {NodeId(0), NodeId(1)});
  info.status = ShardStatus::Migrating;
  info.migration = test::migration(MigrationPhase::Switch, WriteMode::Queue, 2, 1);
  adopt(info);
  EXPECT_TRUE(bench.take<message::ShardReport>().empty()) << "nothing is on its disk yet";
  append(entries(Epoch(2), {}, {entry(Epoch(2), 1)}));
  ReplicaStep step = bench.step();
  replica.tick(step);
  const auto reports = bench.take<message::ShardReport>();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].second.event, message::ShardEvent::Copied);
  EXPECT_EQ(reports[0].second.position, v(2, 1));
}

TEST(MigrationTarget, WithoutItsCopyItSaysSoInSyncAndNothingAfterTheSwitch) {
  test::ReplicaBench bench{1};
  ShardReplica replica{test::kShard};
  replica.forbid_beginning();
  ShardInfo info = test::shard(Epoch(5), {NodeId(0)}, {NodeId(1)});
  info.migration = test::migration(MigrationPhase::Sync, WriteMode::Queue, 0, 1);
  const auto reports_of = [&](const ShardInfo& adopted) {
    bench.commit({adopted});
    ReplicaStep step = bench.step();
    replica.adopt(step);
    std::vector<message::ShardEvent> events;
    for (auto& [to, report] : bench.take<message::ShardReport>()) events.push_back(report.event);
    return events;
  };
  EXPECT_EQ(reports_of(info), std::vector{message::ShardEvent::Failed});
  info = test::shard(Epoch(6), {NodeId(2), NodeId(1)});
  info.migration = test::migration(MigrationPhase::Switch, WriteMode::Queue, 0, 1);
  EXPECT_TRUE(reports_of(info).empty());
}

TEST(MigrationLeader, SpeaksAfterTheSwitchForATargetThatIsNotInSync) {
  test::ReplicaBench own{0};
  ShardReplica leader{test::kShard};
  const auto adopt_there = [&](const ShardInfo& info) {
    own.commit({info});
    ReplicaStep step = own.step();
    leader.adopt(step);
    for (const DurabilityWait& wait : own.finish_disk()) leader.on_durable(wait, step);
    leader.tick(step);
    std::size_t copied = 0;
    for (auto& [to, report] : own.take<message::ShardReport>())
      copied += report.event == message::ShardEvent::Copied ? 1 : 0;
    return copied;
  };
  adopt_there(test::shard(Epoch(1), {NodeId(0), NodeId(1)}));
  ShardInfo info = test::shard(Epoch(2), {NodeId(0), NodeId(2)});
  info.migration = test::migration(MigrationPhase::Switch, WriteMode::Queue, 1, 2);
  EXPECT_EQ(adopt_there(info), 0u);
  info.epoch = Epoch(3);
  info.replicas = {NodeId(0)};
  EXPECT_GE(adopt_there(info), 1u);
}

TEST_F(FollowerTest, ANodeThatLeftTheSetButLearnsAgainKeepsItsCopy) {
  adopt(test::shard(Epoch(2), {NodeId(0), NodeId(2)}, {NodeId(1)}));
  EXPECT_TRUE(replica.state().holds_copy);
}

TEST_F(FollowerTest, NobodyReplacesACopyThatOthersCountOn) {
  auto chunk = std::make_shared<Chunk>();
  chunk->last = true;
  ReplicaStep step = bench.step();
  replica.on_copy_chunk(NodeId(0), {test::kShard, Epoch(1), 99, 0, 0, v(1, 9), 0, chunk}, step);
  EXPECT_TRUE(bench.take<message::CopyAck>().empty());
  EXPECT_FALSE(bench.store.has_stage(test::kShard));
}

TEST_F(FollowerTest, ACopyThatIsNotOnTheDiskYetIsNotAcknowledgedToAProbe) {
  adopt(test::shard(Epoch(2), {NodeId(0)}, {NodeId(1)}));
  auto chunk = std::make_shared<Chunk>();
  chunk->last = true;
  ReplicaStep step = bench.step();
  replica.on_copy_chunk(NodeId(0), {test::kShard, Epoch(2), 99, 0, 0, v(1, 9), 0, chunk}, step);
  EXPECT_TRUE(append(entries(Epoch(2), v(1, 9), {}), false).empty());
  finish();
  const auto replies = append(entries(Epoch(2), v(1, 9), {}));
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].outcome, AppendOutcome::Durable);
  EXPECT_EQ(replies[0].last, v(1, 9));
}

TEST_F(FollowerTest, ACopyOfASourceThatHasCommittedNothingIsReportedToo) {
  ShardInfo info = test::shard(Epoch(2), {NodeId(0)}, {NodeId(1)});
  info.status = ShardStatus::Migrating;
  info.migration = test::migration(MigrationPhase::Copy, WriteMode::Live, 0, 1);
  adopt(info);
  auto chunk = std::make_shared<Chunk>();
  chunk->last = true;
  ReplicaStep step = bench.step();
  replica.on_copy_chunk(NodeId(0), {test::kShard, Epoch(2), 99, 0, 0, Version::zero(), 0, chunk},
                        step);
  finish();
  bench.take<message::ShardReport>();
  replica.tick(step);
  const auto reports = bench.take<message::ShardReport>();
  ASSERT_FALSE(reports.empty()) << "the migration would time out, and so would every other try";
  EXPECT_EQ(reports.back().second.event, message::ShardEvent::Copied);
  EXPECT_EQ(reports.back().second.position, Version::zero());
}

TEST_F(FollowerTest, ARebootedCopyIsWhatTheDiskKept) {
  append(entries(Epoch(1), {}, {entry(Epoch(1), 1), entry(Epoch(1), 2)}, 1));
  ShardReplica again{test::kShard};
  ReplicaStep step = bench.step();
  again.recover(step);
  EXPECT_TRUE(again.state().holds_copy);
  EXPECT_EQ(again.state().durable, v(1, 2));
  EXPECT_EQ(again.state().log.last(), v(1, 2));
}

TEST_F(FollowerTest, AfterARebootItLeadsOnlyInANewerEpoch) {
  replica.forbid_leading_until_after(Epoch(2));
  ShardInfo info = test::shard(Epoch(2), {NodeId(1), NodeId(0)});
  adopt(info);
  EXPECT_EQ(replica.leader(), nullptr);
  const auto reports = bench.take<message::ShardReport>();
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.back().second.event, message::ShardEvent::Restarted);
  info.epoch = Epoch(3);
  adopt(info);
  EXPECT_NE(replica.leader(), nullptr);
}

// --- Lost disks ---------------------------------------------------------------------------------

TEST_F(FollowerTest, AReplySaysWhatItHasHeardInTheEpochAndNothingOfOlderOnes) {
  adopt(test::shard(Epoch(1), {NodeId(0), NodeId(1)}));
  const auto answered = [&](Epoch epoch, std::uint64_t number) {
    AppendEntries probe = entries(epoch, {}, {});
    probe.number = number;
    const auto replies = append(probe);
    return replies.empty() ? 0 : replies.back().answers;
  };
  EXPECT_EQ(answered(Epoch(1), 7), 7u);
  EXPECT_EQ(answered(Epoch(1), 5), 7u) << "overtaken on the way";
  EXPECT_EQ(answered(Epoch(2), 1), 1u) << "of another leader";
}

}  // namespace
}  // namespace shardproof
