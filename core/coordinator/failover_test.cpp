// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

using message::ShardEvent;

const NodeId n1(1), n2(2), n3(3), n4(4);
const ShardId s0(0);

Version at(std::uint64_t index) { return Version{Epoch(1), LogIndex(index)}; }

TEST(FailoverTest, FailoverPicksTheHighestPosition) {
  Harness cluster(5);
  cluster.add_shard({n1, n2, n3, n4});
  cluster.positions = {{n2, at(8)}, {n3, at(9)}, {n4, at(7)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3);
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n2, n3, n4}));
  const auto chosen = cluster.facts_of<fact::LeaderChosen>();
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_EQ(chosen[0].position, at(9));
}

TEST(FailoverTest, LaterEpochBeatsLongerLog) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3});
  cluster.positions = {{n2, at(90)}, {n3, Version{Epoch(2), LogIndex(5)}}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3);
}

TEST(FailoverTest, EqualPositionsGoToWhoLeadsFewestShards) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3});
  cluster.add_shard({n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3);
}

TEST(FailoverTest, NodeWithoutTheCopyIsNeverChosen) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3});
  cluster.positions = {{n3, at(1)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3);
}

TEST(FailoverTest, RestartedLeaderLeadsAgainOnlyInANewEpoch) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  cluster.positions = {{n1, at(9)}, {n2, at(8)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Restarted, n1, at(9), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n1);
  EXPECT_TRUE(cluster.shard().fencing.is_none());
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1, n2}));
  // A late copy of the report is about an epoch that is over.
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Restarted, n1, at(9), 0});
  cluster.run(seconds(2));
  EXPECT_EQ(cluster.shard().epoch, Epoch(2));
}

TEST(FailoverTest, ShardIsOfflineUntilAnInSyncHolderReturns) {
  Harness cluster(5);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1, n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Offline; }));
  EXPECT_TRUE(cluster.shard().leader.is_none());
  EXPECT_FALSE(cluster.shard().replicas.empty());
  cluster.run(seconds(40));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Offline) << "an empty node got the shard";
  const NodeId holder = cluster.shard().replicas.front();
  cluster.down.erase(holder);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader.has_value(); }));
  EXPECT_EQ(cluster.shard().leader, holder);
}

TEST(FailoverTest, NothingChangesInAShardBeforeItsFirstLeaderHasHeardOfIt) {
  Harness cluster(5);
  cluster.add_shard({n1, n2});
  cluster.revisions[n1] = Revision();
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n2};
  cluster.run(seconds(10));
  EXPECT_EQ(cluster.shard().epoch, Epoch(1)) << "a follower that is dead";
  const auto moved = cluster.answer(cluster.command(move(s0, n1, n3)));
  EXPECT_EQ(moved.text, "s0 is being created");
  cluster.down = {n1, n2};
  cluster.run(seconds(10));
  EXPECT_EQ(cluster.shard().epoch, Epoch(1)) << "nobody left to lead";
  cluster.down = {n2};
  cluster.revisions.clear();
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch > Epoch(1); }));
  EXPECT_EQ(cluster.shard().replicas, NodeList{n1});
}

TEST(FailoverTest, ShardWhoseLeaderLostItsDiskWaitsForAnotherHolder) {
  Harness cluster(3);
  cluster.add_shard({n1});
  cluster.positions.erase(n1);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Restarted, n1, Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Offline; }));
  cluster.run(seconds(10));
  EXPECT_EQ(cluster.shard().epoch, Epoch(2)) << "the same is committed again and again";
  cluster.positions[n1] = at(4);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n1; }));
}

TEST(FailoverTest, AShardThatNoDiskEverHadBeginsAnew) {
  Harness cluster(3);
  cluster.add_shard({n1, n2});
  cluster.not_begun = {n1, n2};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Restarted, n1, Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_TRUE(cluster.shard().leader.has_value());
  EXPECT_EQ(cluster.shard().begin_epoch, Epoch(2));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1, n2}));
}

TEST(FailoverTest, WhoNeverHadTheCopyIsNotChosenWhereAnotherHasOne) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3});
  cluster.not_begun = {n2};
  cluster.positions = {{n3, at(1)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3);
  EXPECT_EQ(cluster.shard().begin_epoch, Epoch(1)) << "n2 gets what n3 has";
}

TEST(FailoverTest, OneInSyncHolderThatNeverHadTheCopyShowsThatNothingWasAcknowledged) {
  Harness cluster(3);
  cluster.add_shard({n1, n2});
  cluster.not_begun = {n2};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  EXPECT_EQ(cluster.shard().begin_epoch, cluster.shard().epoch);
}

TEST(FailoverTest, WithALowWriteConcernOneThatNeverHadTheCopyShowsNothing) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3}, 1);
  cluster.not_begun = {n2, n3};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Offline) << "n1 alone may have acknowledged";
}

TEST(FailoverTest, WithALowWriteConcernEveryLiveHolderIsWaitedFor) {
  Harness cluster(5);
  cluster.add_shard({n1, n2, n3}, 2);
  cluster.positions = {{n2, at(3)}, {n3, at(30)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3);
}

TEST(FailoverTest, WithALowWriteConcernTooFewHoldersMakeNoLeader) {
  Harness cluster(5);
  cluster.add_shard({n1, n2, n3}, 2);
  cluster.positions = {{n1, at(31)}, {n2, at(30)}, {n3, at(3)}};
  ASSERT_TRUE(cluster.run_into_office());
  // What n1 acknowledged may be on n1 and n2 alone.
  cluster.down = {n1, n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Offline; }));
  cluster.run(seconds(40));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Offline) << "n3 lacks acknowledged writes";
  cluster.down.erase(n2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader.has_value(); }));
  EXPECT_EQ(cluster.shard().leader, n2);
}

TEST(FailoverTest, WithALowWriteConcernALostDiskIsNotWaitedForWhenAllOthersHaveAnswered) {
  Harness cluster(5);
  cluster.add_shard({n1, n2, n3}, 1);
  cluster.positions = {{n2, at(30)}, {n3, at(31)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Restarted, n1, Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch == Epoch(2); }));
  EXPECT_EQ(cluster.shard().leader, n3) << "n1 has nothing, and nobody else can know more";
}

TEST(FailoverTest, WithTheLowestWriteConcernOnlyTheLeaderHasEverything) {
  Harness cluster(5);
  cluster.add_shard({n1, n2, n3}, 1);
  cluster.positions = {{n1, at(31)}, {n2, at(30)}, {n3, at(30)}};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Offline; }));
  cluster.down.clear();
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader.has_value(); }));
  EXPECT_EQ(cluster.shard().leader, n1);
}

TEST(FailoverTest, ACopyThatLeftTheSetMayHaveBeenTheSecondHolder) {
  Harness cluster(3);
  cluster.add_shard({n1, n2}, 2, 3);
  cluster.idle = {NodeId(0)};
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Offline; }));
}

TEST(FailoverTest, FencingEndsWhenThePredecessorIsDead) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(about(message::AdminKind::BeginMaintenance, n1));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  EXPECT_EQ(cluster.shard().fencing, n1);
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().fencing.is_none(); }));
  EXPECT_EQ(cluster.shard().leader, n2);
}

TEST(FailoverTest, AFencedPredecessorCanLeaveThoughNobodyLeads) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.revisions[n1] = cluster.store.table().revision();
  cluster.command(about(message::AdminKind::BeginMaintenance, n1));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  cluster.idle = {n1, n3, NodeId(0)};
  cluster.positions.erase(n2);
  cluster.report(n2, {s0, Epoch(2), MigrationId::none(), ShardEvent::Lagging, n1, Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas == NodeList{n2}; }));
  cluster.report(n2, {s0, cluster.shard().epoch, MigrationId::none(), ShardEvent::Restarted, n2,
                      Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Offline; }));
  ASSERT_EQ(cluster.shard().fencing, n1);
  cluster.revisions.clear();
  cluster.command(about(message::AdminKind::EndMaintenance, n1));
  cluster.run(seconds(1));
  cluster.command(about(message::AdminKind::Drain, n1));
  EXPECT_TRUE(cluster.run_until([&] { return cluster.node_state(n1) == NodeState::Removed; }));
}

TEST(InSyncSetTest, LaggingFollowerLeavesByCommitAndComesBackAsALearner) {
  Harness cluster(3);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.idle = {n2};
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Lagging, n2, Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch >= Epoch(2); }));
  EXPECT_EQ(cluster.history()[1].replicas, (NodeList{n1}));
  ASSERT_TRUE(cluster.run_until([&] { return contains(cluster.shard().learners, n2); }));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Syncing);
  cluster.idle = {};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().status == ShardStatus::Active; }));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1, n2}));
}

TEST(InSyncSetTest, OnlyTheLeaderOfTheEpochIsBelieved) {
  Harness cluster(3);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.report(n2, {s0, Epoch(1), MigrationId::none(), ShardEvent::Lagging, n1, Version(), 0});
  cluster.report(n1, {s0, Epoch(), MigrationId::none(), ShardEvent::Lagging, n2, Version(), 0});
  cluster.report(n1, {s0, Epoch(1), MigrationId::none(), ShardEvent::Lagging, n1, Version(), 0});
  cluster.run(seconds(2));
  EXPECT_EQ(cluster.shard().epoch, Epoch(1));
}

TEST(InSyncSetTest, LastInSyncReplicaIsNeverRemoved) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3});
  ASSERT_TRUE(cluster.run_into_office());
  for (const NodeId node : {n3, n2, n1}) {
    cluster.down.insert(node);
    cluster.run(seconds(8));
  }
  // The coordinator hears nobody now, and stands back before it decides on its own.
  cluster.run(seconds(20));
  for (const ShardInfo& info : cluster.history()) EXPECT_FALSE(info.replicas.empty());
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1}));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Offline);
}

TEST(FailoverTest, WhoHasLostItsCopyLeavesTheSetWhenAnotherLeads) {
  Harness cluster(4);
  cluster.add_shard({n1, n2, n3});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.positions = {{n2, Version{Epoch(1), LogIndex(3)}}};
  // n2 is to hand its leaderships on, and n3 answers that it has no copy.
  cluster.set_node(n2, NodeState::Maintenance);
  cluster.idle = {n3};
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n2}));
  cluster.run(seconds(5));
  EXPECT_EQ(cluster.shard().leader, n2) << "nobody else could lead";
}

TEST(FailoverTest, WhatWasToldBeforeTheLeaderWentOnDoesNotCount) {
  Harness cluster(5);
  cluster.add_shard({n1, n2, n3}, 2);
  ASSERT_TRUE(cluster.run_into_office());
  const auto at = [](std::uint64_t index) { return Version{Epoch(1), LogIndex(index)}; };
  cluster.positions = {{n2, at(3)}, {n3, at(3)}};
  cluster.mute = {n3};
  cluster.down = {n1};
  // n2 has been asked by then, and what it says alone is not enough.
  cluster.run(seconds(5));
  cluster.down = {};
  cluster.run(seconds(2));
  ASSERT_EQ(cluster.shard().leader, n1);
  // The leader has gone on with n2, and restarts.
  cluster.positions = {{n1, at(9)}, {n2, at(9)}, {n3, at(4)}};
  cluster.mute = {n1};
  message::ShardReport restarted;
  restarted.shard = ShardId(0);
  restarted.epoch = cluster.shard().epoch;
  restarted.event = message::ShardEvent::Restarted;
  restarted.subject = n1;
  cluster.report(n1, restarted);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader != n1; }));
  EXPECT_EQ(cluster.shard().leader, n2) << "n3 lacks what was acknowledged";
}

TEST(RepairTest, DeadNodesCopyIsMadeAnewOnlyAfterTheRepairDelay) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 1; }));
  const Instant dead_since = cluster.now;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 2; }));
  const Timing timing;
  EXPECT_GE(cluster.now - dead_since, timing.repair_delay - milliseconds(200));
  EXPECT_FALSE(contains(cluster.shard().replicas, n2));
}

TEST(RepairTest, TheRepairDelayGoesOnWhenTheSameNodeTakesTheOfficeAgain) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 1; }));
  const Instant dead_since = cluster.now;
  const Nanoseconds delay = Timing{}.repair_delay;
  cluster.run(delay / 2);
  cluster.store.refuses_campaigns = true;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().is_none(); }));
  cluster.store.refuses_campaigns = false;
  ASSERT_TRUE(cluster.run_into_office());
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 2; }));
  EXPECT_GE(cluster.now - dead_since, delay - milliseconds(200));
  EXPECT_LT(cluster.now - dead_since, delay + delay / 4);
  EXPECT_FALSE(contains(cluster.shard().replicas, n2));
}

TEST(RepairTest, NodeThatReturnsInTimeIsTheOneToBeRepaired) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 1; }));
  cluster.run(seconds(10));
  cluster.down = {};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 2; }));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1, n2}));
}

TEST(RepairTest, NodesInMaintenanceAreNotRepairedAway) {
  Harness cluster(4);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(about(message::AdminKind::BeginMaintenance, n2));
  cluster.down = {n2};
  cluster.run(seconds(90));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1}));
  EXPECT_TRUE(cluster.shard().learners.empty());
  cluster.down = {};
  cluster.command(about(message::AdminKind::EndMaintenance, n2));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 2; }));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n1, n2}));
}

}  // namespace
}  // namespace shardproof::test
