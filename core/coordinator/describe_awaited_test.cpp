// SPDX-License-Identifier: Apache-2.0
//
// What a coordinator says that it waits for.
#include <algorithm>

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

const NodeId n0(0), n1(1), n2(2), n3(3);
const ShardId s0(0);

/// n1 (leader) and n2 hold s0; n0 is coordinator.
struct Waiting {
  Waiting() {
    cluster.add_shard({n1, n2});
    EXPECT_TRUE(cluster.run_into_office());
  }
  AwaitedList awaited() {
    AwaitedList list;
    cluster.coordinator(n0).describe_awaited(cluster.store.table(), quiet_config(), cluster.now,
                                             list);
    return list;
  }
  /// Whether it waits for that of the node (none: of nobody), about s0.
  bool waits_for(const std::string& message, NodeId from) {
    const AwaitedList list = awaited();
    return std::any_of(list.begin(), list.end(), [&](const Awaited& one) {
      const bool is_from = from.is_none() ? !one.from : one.from == Endpoint::node(from);
      return one.shard == s0 && one.as_coordinator && is_from && one.message == message;
    });
  }
  bool is_stuck_in(MigrationPhase phase) {
    cluster.stuck = {phase};
    cluster.command(move(s0, n1, n3));
    const bool is_there = cluster.run_until([&] {
      const auto& migration = cluster.shard().migration;
      return migration && migration->phase == phase;
    });
    cluster.run(milliseconds(300));
    return is_there;
  }

  Harness cluster{4};
};

TEST(DescribeAwaited, NothingIsAwaitedOfAClusterAtRest) {
  Waiting world;
  world.cluster.run(seconds(3));
  EXPECT_TRUE(world.awaited().empty());
}

TEST(DescribeAwaited, InPrepareTheLeadersReport) {
  Waiting world;
  ASSERT_TRUE(world.is_stuck_in(MigrationPhase::Prepare));
  EXPECT_TRUE(world.waits_for("ShardReport Prepared", n1));
}

TEST(DescribeAwaited, InCopyTheTargetsReportAndSinceWhen) {
  Waiting world;
  ASSERT_TRUE(world.is_stuck_in(MigrationPhase::Copy));
  ASSERT_TRUE(world.waits_for("ShardReport Copied", n3));
  EXPECT_LE(world.awaited().front().since, world.cluster.now - milliseconds(200));
}

TEST(DescribeAwaited, InCopyThatTheTargetIsWhereTheLeaderLockedWrites) {
  Waiting world;
  ASSERT_TRUE(world.is_stuck_in(MigrationPhase::Copy));
  const ShardInfo& shard = world.cluster.shard();
  ASSERT_EQ(shard.migration->mode, WriteMode::Queue);
  const auto report = [&](NodeId from, message::ShardEvent event, std::uint64_t index) {
    const Version position{Epoch(1), LogIndex(index)};
    world.cluster.report(from, {s0, shard.epoch, shard.migration->id, event, from, position, 0});
  };
  report(n3, message::ShardEvent::Copied, 4);
  EXPECT_TRUE(world.waits_for("ShardReport SourceReady", n1));
  report(n1, message::ShardEvent::SourceReady, 7);
  EXPECT_TRUE(world.waits_for("ShardReport Copied of e1/i7, not e1/i4", n3));
}

TEST(DescribeAwaited, InSyncTheLeadersReport) {
  Waiting world;
  ASSERT_TRUE(world.is_stuck_in(MigrationPhase::Sync));
  EXPECT_TRUE(world.waits_for("ShardReport Synced", n1));
}

TEST(DescribeAwaited, InSwitchThatTheTargetStillHasTheCopy) {
  Waiting world;
  ASSERT_TRUE(world.is_stuck_in(MigrationPhase::Switch));
  EXPECT_TRUE(world.waits_for("ShardReport Copied", n3));
}

TEST(DescribeAwaited, InCleanupThatTheSourceHasDroppedItsCopy) {
  Waiting world;
  ASSERT_TRUE(world.is_stuck_in(MigrationPhase::Cleanup));
  EXPECT_TRUE(world.waits_for("ShardReport Dropped", n1));
}

TEST(DescribeAwaited, ACommitThatTheStoreDoesNotAnswer) {
  Waiting world;
  world.cluster.store.is_deaf = true;
  world.cluster.command(move(s0, n1, n3));
  world.cluster.run(milliseconds(300));
  const AwaitedList list = world.awaited();
  ASSERT_FALSE(list.empty());
  EXPECT_EQ(list.front().message, "CommitReply");
  EXPECT_EQ(list.front().from, Endpoint::metadata());
}

TEST(DescribeAwaited, WhatAnOperatorsCommandWaitsFor) {
  Waiting world;
  world.cluster.store.is_deaf = true;
  message::AdminRequest request;
  request.kind = message::AdminKind::BeginMaintenance;
  request.node = n3;
  world.cluster.command(request);
  world.cluster.run(milliseconds(300));
  const AwaitedList list = world.awaited();
  ASSERT_FALSE(list.empty());
  EXPECT_NE(list.back().command, 0u);
  EXPECT_EQ(list.back().message, "the commit of its last change");
  EXPECT_LE(list.back().since, world.cluster.now - milliseconds(200));
}

TEST(DescribeAwaited, TheHoldersThatAreDeadOfAShardWithoutALeader) {
  Waiting world;
  world.cluster.down = {n1, n2};
  world.cluster.run(seconds(10));
  EXPECT_TRUE(world.waits_for("Heartbeat of a dead holder", n1));
  EXPECT_TRUE(world.waits_for("Heartbeat of a dead holder", n2));
}

TEST(DescribeAwaited, ThePositionOfAHolderThatIsAlive) {
  Waiting world;
  world.cluster.run(seconds(1));
  world.cluster.down = {n1};
  world.cluster.positions.clear();
  EXPECT_TRUE(world.cluster.run_until([&] {
    return world.waits_for("PositionReply", n2) || world.waits_for("PositionReply with a copy", n2);
  }));
}

TEST(DescribeAwaited, TheEndOfTheRepairDelayOfACopyThatMayReturn) {
  Waiting world;
  world.cluster.positions[n2] = {Epoch(1), LogIndex(1)};
  world.cluster.down = {n1};
  EXPECT_TRUE(world.cluster.run_until(
      [&] { return world.waits_for("return of n1, or end of repair_delay", NodeId::none()); }));
}

}  // namespace
}  // namespace shardproof::test
