// SPDX-License-Identifier: Apache-2.0
#include "core/shard_leader.hpp"

#include <gtest/gtest.h>

#include "core/leader_test_fixture.hpp"

namespace shardproof {
namespace {

using message::AppendEntries;
using message::AppendOutcome;
using message::ShardEvent;
using message::ShardReply;
using test::at;
using test::LeaderTest;

using R = ReplyStatus;

// --- Takeover -----------------------------------------------------------------------------------

TEST_F(LeaderTest, ItServesOnceItsBarrierIsOnEveryInSyncCopy) {
  adopt(test::shard(Epoch(1), {NodeId(0), NodeId(1)}));
  EXPECT_FALSE(is_serving());
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::NotReady});
  confirm(1);
  EXPECT_TRUE(is_serving());
  EXPECT_EQ(bench.count<fact::LeadershipTaken>(), 1u);
}

TEST_F(LeaderTest, APredecessorThatHasNotAnsweredIsWaitedFor) {
  serve_alone();
  ReplicaStep away = bench.step();
  bench.commit({test::shard(Epoch(2), {NodeId(1), NodeId(0)})});
  replica.adopt(away);
  ShardInfo info = test::shard(Epoch(3), {NodeId(0), NodeId(1)});
  info.fencing = NodeId(1);
  adopt(info);
  confirm(1);
  EXPECT_FALSE(is_serving());
  EXPECT_FALSE(bench.take<message::FenceRequest>().empty());
  ReplicaStep step = bench.step();
  replica.on_fence_reply(NodeId(1), {test::kShard, Epoch(2)}, step);
  EXPECT_FALSE(is_serving()) << "an answer to an older question";
  replica.on_fence_reply(NodeId(1), {test::kShard, Epoch(3)}, step);
  EXPECT_TRUE(is_serving());
}

/// The question was long on its way: meanwhile the shard has come back.
TEST_F(LeaderTest, WhoLeadsAgainIsNotStoppedByWhoLedBetween) {
  serve_with_peer();
  adopt(test::shard(Epoch(2), {NodeId(1), NodeId(0)}));
  ASSERT_FALSE(is_serving());
  adopt(test::shard(Epoch(3), {NodeId(0), NodeId(1)}));
  confirm(1);
  ASSERT_TRUE(is_serving());
  ReplicaStep step = bench.step();
  replica.on_fence_request(NodeId(1), {test::kShard, Epoch(2)}, step);
  EXPECT_TRUE(is_serving());
  EXPECT_EQ(bench.take<message::FenceReply>().size(), 1u);
  replica.on_fence_request(NodeId(1), {test::kShard, Epoch(4)}, step);
  EXPECT_FALSE(is_serving()) << "of a later leader it has not heard yet";
}

TEST_F(LeaderTest, APredecessorThatIsGoneForGoodIsWaitedForUntilACommitSaysSo) {
  ShardInfo info = test::shard(Epoch(1), {NodeId(0), NodeId(1)});
  info.fencing = NodeId(2);
  adopt(info);
  confirm(1);
  EXPECT_FALSE(is_serving());
  info.epoch = Epoch(2);
  info.fencing = NodeId::none();
  adopt(info);
  confirm(1);
  EXPECT_TRUE(is_serving());
  bench.take<message::FenceRequest>();
  tick();
  EXPECT_TRUE(bench.take<message::FenceRequest>().empty()) << "nobody is asked any more";
}

TEST_F(LeaderTest, AfterAnEpochItHasNotSeenItTakesOverAnew) {
  serve_with_peer();
  const LogIndex before = replica.state().log.last().index;
  // In Epoch 2, of which this node never heard, node 1 may have led.
  adopt(test::shard(Epoch(3), {NodeId(0), NodeId(1)}));
  EXPECT_FALSE(is_serving()) << "what node 1 had in Epoch 1 says nothing";
  EXPECT_EQ(replica.state().log.last(), (Version{Epoch(3), before.next()})) << "a barrier";
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::NotReady});
  confirm(1);
  EXPECT_TRUE(is_serving());
}

TEST_F(LeaderTest, InTheNextEpochItServesOn) {
  serve_with_peer();
  const Version before = replica.state().log.last();
  adopt(test::shard(Epoch(2), {NodeId(0), NodeId(1)}));
  EXPECT_TRUE(is_serving());
  EXPECT_EQ(replica.state().log.last(), before);
}

TEST_F(LeaderTest, ANewerEpochInAMessageStopsItAtOnce) {
  serve_with_peer();
  AppendEntries newer;
  newer.shard = test::kShard;
  newer.epoch = Epoch(2);
  ReplicaStep step = bench.step();
  replica.on_append(NodeId(1), newer, step);
  EXPECT_EQ(replica.leader(), nullptr);
  EXPECT_EQ(bench.count<fact::LeadershipLeft>(), 1u);
}

// --- Requests -----------------------------------------------------------------------------------

TEST_F(LeaderTest, AWriteIsAnsweredWhenEveryInSyncCopyHasIt) {
  serve_with_peer();
  write(1, 1);
  EXPECT_TRUE(replies().empty());
  confirm(1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  EXPECT_EQ(bench.count<fact::WriteAcknowledged>(), 1u);
}

TEST_F(LeaderTest, WithAWriteConcernThatManyCopiesAreEnough) {
  CollectionConfig config = test::collection(1, 3);
  config.write_concern = 2;
  bench.commit({config});
  adopt(test::shard(Epoch(1), {NodeId(0), NodeId(1), NodeId(2)}));
  confirm(2);
  write(1, 1);
  EXPECT_TRUE(replies().empty());
  confirm(2);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

TEST_F(LeaderTest, AReadSeesOnlyWhatIsCommitted) {
  serve_with_peer();
  write(1, 1);
  const OperationRef read = test::operation(OperationKind::Read, test::document("a"));
  request(2, 1, read);
  EXPECT_EQ(replies(), std::vector<R>{R::NotFound});
  confirm(1);
  bench.take<ShardReply>();
  request(2, 2, read);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

TEST_F(LeaderTest, AWriteIsDecidedByTheWholeLogAndRefusedOnlyOnceThatIsCommitted) {
  serve_with_peer();
  write(1, 1, "a");
  request(2, 1, test::operation(OperationKind::Insert, test::document("a")));
  EXPECT_TRUE(replies().empty()) << "a failover may undo the write, and the key be free again";
  confirm(1);
  EXPECT_EQ(replies(), (std::vector<R>{R::Ok, R::AlreadyExists}));
}

TEST_F(LeaderTest, NothingIsCommittedOutsideItsLease) {
  serve_with_peer();
  write(1, 1);
  const LogIndex before = replica.state().committed;
  pass(hours(2));
  confirm(1);
  EXPECT_TRUE(replies().empty());
  EXPECT_EQ(replica.state().committed, before);
  bench.grant_lease(hours(1));
  tick();
  EXPECT_EQ(replies(), std::vector<R>{R::Ok}) << "it goes on with the next lease";
}

TEST_F(LeaderTest, OutsideItsLeaseItServesNothing) {
  serve_alone();
  pass(hours(2));
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::NoLease});
}

TEST_F(LeaderTest, ARequestOfAnOlderEpochIsSentAwayAndOneOfANewerWaits) {
  serve_alone();
  const OperationRef read = test::operation(OperationKind::Read, test::document("a"));
  ReplicaStep step = bench.step();
  replica.on_request({at(3), 1, {}, read}, Epoch(0), step);
  replica.on_request({at(3), 2, {}, read}, Epoch(2), step);
  EXPECT_EQ(replies(), (std::vector<R>{R::StaleEpoch, R::NotReady}));
}

TEST_F(LeaderTest, ARepeatedWriteHasItsEffectOnce) {
  serve_alone();
  write(1, 1);
  write(1, 1);
  EXPECT_EQ(replies(), (std::vector<R>{R::Ok, R::Ok}));
  EXPECT_EQ(bench.count<fact::RetryAnswered>(), 1u);
  EXPECT_EQ(replica.state().log.last().index, LogIndex(2)) << "the barrier and one write";
}

TEST_F(LeaderTest, ARepetitionBeforeTheCommitIsAnsweredInTheFirstOnesPlace) {
  serve_with_peer();
  write(1, 1, "a", 10);
  write(1, 1, "a", 11);
  confirm(1);
  const auto answers = bench.take<ShardReply>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].second.ticket, 11u);
}

TEST_F(LeaderTest, ALateDuplicateOfAnOlderRequestHasNoEffect) {
  serve_alone();
  write(1, 1, "a");
  write(1, 2, "b");
  replies();
  const Version last = replica.state().log.last();
  write(1, 1, "a");
  EXPECT_TRUE(replies().empty());
  EXPECT_EQ(replica.state().log.last(), last);
}

TEST_F(LeaderTest, AnOlderRequestThatComesBeforeTheCommitOfANewerOneHasNoEffect) {
  serve_with_peer();
  write(1, 2, "b");
  const Version last = replica.state().log.last();
  write(1, 1, "a");
  EXPECT_EQ(replica.state().log.last(), last);
  confirm(1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  write(1, 2, "b");
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  EXPECT_EQ(bench.count<fact::RetryAnswered>(), 1u) << "the session remembers the newer one";
  EXPECT_EQ(replica.state().log.last(), last);
}

TEST_F(LeaderTest, ARefusedWriteStaysRefusedWhenTheStateHasChanged) {
  serve_alone();
  request(1, 1, test::operation(OperationKind::Remove, test::document("a")));
  EXPECT_EQ(replies(), std::vector<R>{R::NotFound});
  write(2, 1, "a");
  request(1, 1, test::operation(OperationKind::Remove, test::document("a")));
  EXPECT_EQ(replies(), (std::vector<R>{R::Ok, R::NotFound}));
  EXPECT_EQ(bench.count<fact::RetryAnswered>(), 1u);
  EXPECT_NE(bench.store.get(test::kShard, "a").document, nullptr);
}

TEST_F(LeaderTest, ARefusalIsAnsweredWhenItsEntryIsCommittedAndNotAsAnEffect) {
  serve_with_peer();
  const std::size_t acknowledged = bench.count<fact::WriteAcknowledged>();
  request(1, 1, test::operation(OperationKind::Remove, test::document("a")));
  EXPECT_TRUE(replies().empty());
  request(1, 1, test::operation(OperationKind::Remove, test::document("a")));
  confirm(1);
  EXPECT_EQ(replies(), std::vector<R>{R::NotFound});
  EXPECT_EQ(bench.count<fact::WriteAcknowledged>(), acknowledged);
}

TEST_F(LeaderTest, ALeaderThatFindsTheRefusalInItsLogRefusesTheRetry) {
  serve_alone();
  request(1, 1, test::operation(OperationKind::Remove, test::document("a")));
  write(2, 1, "a");
  replies();
  ShardReplica successor{test::kShard};
  ReplicaStep step = bench.step();
  successor.recover(step);
  bench.commit({test::shard(Epoch(2), {NodeId(0)})});
  successor.adopt(step);
  for (const DurabilityWait& wait : bench.finish_disk()) successor.on_durable(wait, step);
  successor.on_request(
      {at(3), 7, {ClientId(1), 1}, test::operation(OperationKind::Remove, test::document("a"))},
      Epoch(2), step);
  EXPECT_EQ(replies(), std::vector<R>{R::NotFound});
}

TEST_F(LeaderTest, AFullDiskRefusesWritesButNotRemovals) {
  serve_alone();
  write(1, 1);
  bench.disk_used = Bytes(950);
  bench.disk_capacity = Bytes(1000);
  write(2, 1, "b");
  replies();
  write(3, 1, "c");
  EXPECT_EQ(replies(), std::vector<R>{R::DiskFull});
  request(4, 1, test::operation(OperationKind::Remove, test::document("a")));
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

// --- Peers and learners -------------------------------------------------------------------------

TEST_F(LeaderTest, AReplicaThatDoesNotAnswerIsReportedAfterItsTimeout) {
  serve_with_peer();
  write(1, 1);
  pass(bench.config.timing.replica_timeout - nanoseconds(1));
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 0u);
  pass(bench.config.timing.resend_after);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 1u);
}

TEST_F(LeaderTest, NoReplicaIsReportedWhileTheLeadersOwnCopyIsNotOnItsDisk) {
  info_ = test::shard(Epoch(1), {NodeId(0), NodeId(1)});
  bench.commit({info_});
  ReplicaStep step = bench.step();
  replica.adopt(step);
  pass(bench.config.timing.replica_timeout * 2);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 0u);
  finish();
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 1u);
}

TEST_F(LeaderTest, ALearnerCountsForNothing) {
  adopt(test::shard(Epoch(1), {NodeId(0)}, {NodeId(1)}));
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

TEST_F(LeaderTest, ALearnerWithoutACopyGetsAStream) {
  adopt(test::shard(Epoch(1), {NodeId(0)}, {NodeId(1)}));
  reply(1, AppendOutcome::NoCopy, Version());
  EXPECT_FALSE(bench.take<message::CopyChunk>().empty());
}

TEST_F(LeaderTest, ALearnerIsGivenAsLongAsTheBandwidthMakesAChunkTake) {
  bench.config.distribution.limits.bandwidth = Bandwidth(1000);
  adopt(test::shard(Epoch(1), {NodeId(0)}, {NodeId(1)}));
  write(1, 1);
  reply(1, AppendOutcome::NoCopy, Version());
  const Nanoseconds slow = Bandwidth(1000).time_for(bench.config.bounds.chunk_size);
  ASSERT_GT(slow, Nanoseconds(0));
  pass(bench.config.timing.migration_timeout);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 0u);
  // Its share of the bandwidth is a part of that.
  pass(slow * 16);
  tick();
  EXPECT_EQ(reports(ShardEvent::Lagging), 1u);
}

TEST_F(LeaderTest, ALearnerIsCaughtUpOnlyWhenItHasAllThatIsAcknowledged) {
  adopt(test::shard(Epoch(1), {NodeId(0)}, {NodeId(1)}));
  write(1, 1, "a");
  write(1, 2, "b");
  EXPECT_EQ(replies(), (std::vector<R>{R::Ok, R::Ok}));
  reports(ShardEvent::CaughtUp);
  reply(1, AppendOutcome::Durable, {Epoch(1), LogIndex(2)});
  EXPECT_EQ(reports(ShardEvent::CaughtUp), 0u) << "an acknowledged write is not on its disk";
  write(1, 3, "c");
  EXPECT_TRUE(replies().empty()) << "from here on acknowledgements wait for it";
  reply(1, AppendOutcome::Durable, {Epoch(1), LogIndex(3)});
  EXPECT_EQ(reports(ShardEvent::CaughtUp), 1u);
  EXPECT_TRUE(replies().empty());
  confirm(1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

TEST_F(LeaderTest, TellsUntilItIsHeardThatMoreCopiesAreInSyncThanThereAreToBe) {
  serve_with_peer();
  tick();
  EXPECT_EQ(reports(ShardEvent::Surplus), 0u);
  bench.commit({test::collection(1, 1)});
  for (int i = 0; i < 2; ++i) {
    ReplicaStep step = bench.step();
    EXPECT_TRUE(replica.tick(step)) << "there is something left to do";
    EXPECT_EQ(reports(ShardEvent::Surplus), 1u);
  }
  adopt(test::shard(Epoch(2), {NodeId(0)}, {NodeId(1)}));
  confirm(1);
  tick();
  auto told = bench.take<message::ShardReport>();
  ASSERT_FALSE(told.empty());
  for (auto& [to, report] : told) EXPECT_EQ(report.event, ShardEvent::CaughtUp);
}

TEST_F(LeaderTest, ALearnerThatWasSentAwayAndIsBackIsAskedAnewWhatItHas) {
  adopt(test::shard(Epoch(1), {NodeId(0)}, {NodeId(1)}));
  confirm(1);
  EXPECT_EQ(reports(ShardEvent::CaughtUp), 1u);
  bench.take<AppendEntries>();
  // Of Epoch 2, in which node 1 was no learner and dropped its copy, this node has not heard.
  adopt(test::shard(Epoch(3), {NodeId(0)}, {NodeId(1)}));
  EXPECT_EQ(reports(ShardEvent::CaughtUp), 0u);
  EXPECT_EQ(bench.take<AppendEntries>().size(), 1u) << "a probe";
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok}) << "nothing waits for it";
}

}  // namespace
}  // namespace shardproof
