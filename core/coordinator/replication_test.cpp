// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/replication.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

using message::AdminKind;
using message::AdminOutcome;

const NodeId n0(0), n1(1), n2(2), n3(3);
const ShardId s0(0);

/// For the collection of the harness's shard with that number.
message::AdminRequest copies(std::uint32_t factor, std::uint32_t collection = 0) {
  message::AdminRequest request = about(AdminKind::SetReplication, NodeId::none());
  request.collection.database = "db";
  request.collection.name = fmt::format("c{}", collection);
  request.collection.replication_factor = factor;
  return request;
}

/// The answer, once there is one.
message::AdminReply ask(Harness& cluster, const message::AdminRequest& request) {
  const std::uint64_t number = cluster.command(request);
  cluster.run_until([&] { return !cluster.answer(number).text.empty(); });
  return cluster.answer(number);
}

TEST(SetReplicationTest, MissingCopiesAreMade) {
  Harness cluster(4);
  cluster.add_shard({n0, n1});
  ASSERT_TRUE(cluster.run_into_office());
  EXPECT_EQ(ask(cluster, copies(4)).outcome, AdminOutcome::Done);
  EXPECT_EQ(cluster.store.table().collections()[0].replication_factor, 4u);
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 4; }));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Active);
}

TEST(SetReplicationTest, SurplusCopiesAreGivenUpOneAfterTheOtherAndTheLeaderStays) {
  Harness cluster(4);
  cluster.add_shard({n2, n0, n1, n3});
  ASSERT_TRUE(cluster.run_into_office());
  EXPECT_EQ(ask(cluster, copies(1)).outcome, AdminOutcome::Done);
  ASSERT_TRUE(cluster.run_until(
      [&] { return cluster.shard().replicas.size() == 1 && cluster.shard().learners.empty(); }));
  EXPECT_EQ(cluster.shard().leader, n2);
  EXPECT_EQ(cluster.shard().replicas, NodeList{n2});
  std::size_t named = 4;
  for (const ShardInfo& record : cluster.history()) {
    EXPECT_EQ(record.leader, n2);
    const std::size_t names = record.replicas.size() + record.learners.size();
    EXPECT_GE(names + 1, named) << "at " << record.epoch.value();
    EXPECT_LE(record.learners.size(), 1u);
    named = names;
  }
}

TEST(SetReplicationTest, ASurplusCopyCountsUntilTheLeaderHasSaidThatItServes) {
  Harness cluster(3);
  cluster.add_shard({n0, n1});
  cluster.idle = {n0};
  ASSERT_TRUE(cluster.run_into_office());
  ask(cluster, copies(1));
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n0, n1}));
  cluster.idle = {};
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 1; }));
}

TEST(SetReplicationTest, ASurplusCopyStaysUntilTheLeaderHasSpokenInItsNewEpoch) {
  Harness cluster(3);
  cluster.add_shard({n0, n1});
  ASSERT_TRUE(cluster.run_into_office());
  ask(cluster, copies(1));
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.shard().learners.empty(); }));
  cluster.idle = {n0};
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.shard().replicas, NodeList{n0});
  EXPECT_EQ(cluster.shard().learners, NodeList{n1});
  cluster.idle = {};
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().learners.empty(); }));
  EXPECT_EQ(cluster.shard().replicas, NodeList{n0});
}

TEST(SetReplicationTest, ALaggingCopyBeyondTheFactorWaitsForTheLeaderToo) {
  Harness cluster(3);
  cluster.add_shard({n0, n1}, 0, 1);
  cluster.idle = {n0};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  const ShardInfo before = cluster.shard();
  cluster.report(
      n0, {s0, before.epoch, MigrationId::none(), message::ShardEvent::Lagging, n1, Version(), 0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().epoch > before.epoch; }));
  EXPECT_EQ(cluster.shard().learners, NodeList{n1});
}

TEST(SetReplicationTest, ALoweredFactorThatIsRaisedAgainTakesTheCopyBack) {
  Harness cluster(3);
  cluster.add_shard({n0, n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  ask(cluster, copies(2));
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.shard().learners.empty(); }));
  cluster.idle = {n0};
  ask(cluster, copies(3));
  cluster.idle = {};
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 3; }));
}

TEST(SetReplicationTest, ASuccessorGoesOnGivingUpCopies) {
  Harness cluster(3, 2);
  cluster.add_shard({n2, n0, n1});
  ASSERT_TRUE(cluster.run_into_office());
  const NodeId first = cluster.in_office();
  ask(cluster, copies(1));
  cluster.crash_coordinator(first);
  ASSERT_TRUE(cluster.run_until(
      [&] { return cluster.in_office().has_value() && cluster.in_office() != first; }));
  EXPECT_TRUE(cluster.run_until(
      [&] { return cluster.shard().replicas.size() == 1 && cluster.shard().learners.empty(); }));
}

TEST(SetReplicationTest, WhatCannotBeIsRefusedWithoutAnyEffect) {
  Harness cluster(3);
  cluster.add_shard({n0, n1});
  cluster.add_shard({n0, n1, n2}, 2);
  cluster.set_node(n2, NodeState::Draining);
  ASSERT_TRUE(cluster.run_into_office());
  const std::size_t commits = cluster.store.commits().size();
  const auto refuses = [&](const message::AdminRequest& request, const char* because) {
    const message::AdminReply answer = ask(cluster, request);
    EXPECT_EQ(answer.outcome, AdminOutcome::Refused);
    EXPECT_NE(answer.text.find(because), std::string::npos) << answer.text;
  };
  refuses(copies(0), "1 to 2");
  refuses(copies(3), "1 to 2 (the active nodes) are possible");
  refuses(copies(1, 7), "db.c7 does not exist");
  refuses(copies(2, 1), "none can be spared");
  EXPECT_EQ(cluster.store.commits().size(), commits);
  EXPECT_EQ(ask(cluster, copies(2)).outcome, AdminOutcome::Done) << "as it is";
}

TEST(SetReplicationTest, CopiesMayBeAddedWithAWriteConcern) {
  Harness cluster(3);
  cluster.add_shard({n0, n1}, 2);
  ASSERT_TRUE(cluster.run_into_office());
  EXPECT_EQ(ask(cluster, copies(3)).outcome, AdminOutcome::Done);
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().replicas.size() == 3; }));
}

TEST(SetReplicationTest, NobodyIsDrainedWhileItIsBeingRaised) {
  Harness cluster(3);
  cluster.add_shard({n0, n1});
  ASSERT_TRUE(cluster.run_into_office());
  // The commit does not take effect before the drain is asked for.
  cluster.store.is_deaf = true;
  cluster.command(copies(3));
  const std::uint64_t drain = cluster.command(about(AdminKind::Drain, n2));
  cluster.store.is_deaf = false;
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(drain).text.empty(); }));
  EXPECT_EQ(cluster.answer(drain).outcome, AdminOutcome::Refused);
  EXPECT_EQ(cluster.node_state(n2), NodeState::Active);
}

/// Of a shard led by n0 with copies on all of four nodes, one beyond those wanted.
class SurplusReplicaTest : public testing::Test {
 protected:
  /// Who gave its copy up.
  NodeId given_up() {
    EXPECT_TRUE(cluster.run_into_office());
    ask(cluster, copies(3));
    EXPECT_TRUE(cluster.run_until(
        [&] { return cluster.shard().replicas.size() == 3 && cluster.shard().learners.empty(); }));
    for (const NodeId node : {n0, n1, n2, n3}) {
      if (!contains(cluster.shard().replicas, node)) return node;
    }
    return NodeId::none();
  }

  Harness cluster{4};
  ShardId shard = cluster.add_shard({n0, n1, n2, n3});
};

TEST_F(SurplusReplicaTest, IsOnANodeThatIsToLeave) {
  cluster.set_node(n1, NodeState::Maintenance);
  EXPECT_EQ(given_up(), n1);
}

TEST_F(SurplusReplicaTest, IsOneThatSharesADomain) {
  for (const NodeId node : {n0, n1, n2, n3}) {
    const auto zone = static_cast<std::uint16_t>(node == n1 ? 0 : node.value());
    cluster.set_zone(node, zone);
  }
  EXPECT_EQ(given_up(), n1);
}

TEST_F(SurplusReplicaTest, IsOnTheNodeWithMostCopies) {
  cluster.add_shard({n1});
  EXPECT_EQ(given_up(), n1);
}

TEST(SurplusReplicasTest, AreTakenFromAllNodesAlike) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(12, 4));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.store.table().shards().size() == 12; }));
  message::AdminRequest request = copies(2);
  request.collection = enable(12, 2).collection;
  ask(cluster, request);
  cluster.run(seconds(10));
  for (const NodeId node : {n0, n1, n2, n3}) {
    const std::size_t held = cluster.copies_on(node);
    EXPECT_TRUE(held >= 5 && held <= 7) << node.value() << " has " << held;
  }
}

}  // namespace
}  // namespace shardproof::test
