// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/integrals.hpp"

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::kSecond;
using testing::member;
using testing::shard;
using testing::Watched;

TEST(SafetyIntegrals, AHealthyClusterHasNone) {
  Watched world;
  world.at(100);
  for (const auto* kind : {"ownerless", "write_blocked", "read_blocked", "under_replicated",
                           "single_copy", "domain_violating", "dual_owner", "over_capacity"}) {
    EXPECT_TRUE(world.is(fmt::format("safety.{}_shard_ns", kind), 0)) << kind;
  }
}

TEST(SafetyIntegrals, ACrashedLeaderLeavesItsShardOwnerlessUntilTheNextOneServes) {
  Watched world;
  world.at(10);
  world.observer.on_process(NodeId(0), ProcessState::kDown);
  world.at(14);
  world.commit({shard(0, 2, 1, {1})});
  world.at(15);
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.at(30);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 5 * kSecond));
  EXPECT_TRUE(world.is("safety.write_blocked_shard_ns", 5 * kSecond));
  // One live copy of s0 from the crash on, in the old set and in the new.
  EXPECT_TRUE(world.is("safety.under_replicated_shard_ns", 20 * kSecond));
  EXPECT_TRUE(world.is("safety.single_copy_shard_ns", 20 * kSecond));
}

TEST(SafetyIntegrals, CopiesAreMissingFromTheOrderForMoreOn) {
  Watched world;
  world.at(10);
  CollectionConfig more = testing::orders();
  more.replication_factor = 3;
  world.commit({more});
  world.at(14);
  world.commit({shard(0, 2, 0, {0, 1, 2})});
  EXPECT_TRUE(world.is("replicas.in_sync", 5));
  world.at(20);
  world.commit({testing::orders()});
  world.at(30);
  // s0 for four seconds, s1 until fewer are wanted again.
  EXPECT_TRUE(world.is("safety.under_replicated_shard_ns", 14 * kSecond));
}

TEST(SafetyIntegrals, WhoLeavesUnderAnOlderEpochThanItTookHasLeft) {
  Watched world;
  world.at(10);
  // Members changed between its election and its first service.
  world.fact(0, fact::LeadershipTaken{ShardId(0), Epoch(3), {}});
  world.at(12);
  world.fact(0, fact::LeadershipLeft{ShardId(0), Epoch(2)});
  world.at(15);
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(4), {}});
  world.at(30);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 3 * kSecond));
  EXPECT_TRUE(world.is("safety.dual_owner_shard_ns", 0));
}

TEST(SafetyIntegrals, ALeaseThatRunsOutWithoutAnyEventEndsOwnership) {
  Watched world;
  world.at(1);
  world.observer.on_lease(NodeId(0), Instant(seconds(4)));
  world.at(9);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 5 * kSecond));
  world.observer.on_lease(NodeId(0), Instant(seconds(20)));
  world.at(12);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 5 * kSecond));
  EXPECT_TRUE(world.is("safety.under_replicated_shard_ns", 0));
}

TEST(SafetyIntegrals, APausedNodeServesNothingAndKeepsItsCopies) {
  Watched world;
  world.at(10);
  world.observer.on_process(NodeId(1), ProcessState::kPaused);
  world.at(13);
  world.observer.on_process(NodeId(1), ProcessState::kRunning);
  world.at(20);
  // It led s1 and held copies of both.
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 3 * kSecond));
  EXPECT_TRUE(world.is("safety.single_copy_shard_ns", 6 * kSecond));
}

TEST(SafetyIntegrals, AWriteLockBlocksWritesButNotOwnership) {
  Watched world;
  world.at(5);
  world.fact(0, fact::WritesLocked{ShardId(0), Epoch(1), MigrationId(7)});
  world.at(7);
  world.fact(0, fact::WritesUnlocked{ShardId(0), Epoch(1), MigrationId(7)});
  world.at(9);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 0));
  EXPECT_TRUE(world.is("safety.write_blocked_shard_ns", 2 * kSecond));
}

TEST(SafetyIntegrals, TheLockOfAFormerLeaderBlocksNobody) {
  Watched world;
  world.at(5);
  world.fact(0, fact::WritesLocked{ShardId(0), Epoch(1), MigrationId(7)});
  world.at(6);
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.at(9);
  EXPECT_TRUE(world.is("safety.write_blocked_shard_ns", 1 * kSecond));
}

TEST(SafetyIntegrals, AnOldLeadershipDoesNotCountAgainstANewerOne) {
  Watched world;
  world.at(5);
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(3), {}});
  world.fact(0, fact::LeadershipLeft{ShardId(0), Epoch(1)});
  world.fact(0, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.observer.on_process(NodeId(0), ProcessState::kDown);
  world.at(8);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 0));
}

TEST(SafetyIntegrals, TimeBeforeAShardExistsDoesNotCount) {
  Watched world;
  world.at(50);
  world.commit({shard(2, 1, 2, {2, 0})});
  world.at(53);
  world.fact(2, fact::LeadershipTaken{ShardId(2), Epoch(1), {}});
  world.at(60);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 3 * kSecond));
}

TEST(SafetyIntegrals, ARetiredShardNeedsNoOwner) {
  Watched world;
  world.at(10);
  world.fact(0, fact::LeadershipLeft{ShardId(0), Epoch(1)});
  world.at(12);
  ShardInfo retired = shard(0, 2, 0, {});
  retired.leader = NodeId::none();
  retired.status = ShardStatus::Retired;
  world.commit({retired});
  world.fact(0, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.observer.on_process(NodeId(0), ProcessState::kDown);
  world.at(20);
  EXPECT_TRUE(world.is("safety.ownerless_shard_ns", 2 * kSecond));
  EXPECT_TRUE(world.is("safety.under_replicated_shard_ns", 0));
  EXPECT_TRUE(world.is("shards.total", 1));
}

TEST(SafetyIntegrals, TheShardThatSufferedLongestIsNamed) {
  Watched world;
  world.at(10);
  world.fact(0, fact::LeadershipLeft{ShardId(0), Epoch(1)});
  world.at(12);
  world.fact(1, fact::LeadershipLeft{ShardId(1), Epoch(1)});
  world.at(15);
  RunResult result;
  world.observer.finish(result);
  const SafetyFigure& ownerless = result.safety[static_cast<std::size_t>(SafetyKind::kOwnerless)];
  EXPECT_TRUE(ownerless.total_shard_ns == 8 * kSecond);
  EXPECT_EQ(ownerless.worst, seconds(5));
  EXPECT_EQ(ownerless.worst_shard, ShardId(0));
}

TEST(SafetyIntegrals, TwoServersWithinTheirLeasesAreDualOwners) {
  Watched world;
  world.at(1);
  world.observer.on_lease(NodeId(0), Instant(seconds(5)));
  world.at(2);
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.at(9);
  EXPECT_TRUE(world.is("safety.dual_owner_shard_ns", 3 * kSecond)) << "until n0's lease ran out";
  world.observer.on_lease(NodeId(0), Instant::never());
  world.at(11);
  world.fact(0, fact::LeadershipLeft{ShardId(0), Epoch(1)});
  world.at(20);
  EXPECT_TRUE(world.is("safety.dual_owner_shard_ns", 5 * kSecond));
  EXPECT_TRUE(world.is("safety.longest.dual_owner_ns", 5 * kSecond));
}

TEST(SafetyIntegrals, AServerThatLeftOrCrashedIsNoDualOwner) {
  Watched world;
  world.at(1);
  world.fact(0, fact::LeadershipLeft{ShardId(0), Epoch(1)});
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.at(2);
  world.fact(2, fact::LeadershipTaken{ShardId(1), Epoch(2), {}});
  world.observer.on_process(NodeId(1), ProcessState::kDown);
  world.observer.on_process(NodeId(1), ProcessState::kRunning);
  world.observer.on_lease(NodeId(1), Instant::never());
  world.at(9);
  EXPECT_TRUE(world.is("safety.dual_owner_shard_ns", 0));
}

TEST(SafetyIntegrals, CopiesThatShareADomainWithoutNeedViolateIt) {
  Watched world;
  world.at(1);
  EXPECT_TRUE(world.is("safety.domain_violating_shard_ns", 0)) << "there is one zone only";
  NodeRecord far = testing::member(3);
  far.domain = {0, 1, 0};
  world.commit({far});
  world.at(3);
  // Both shards have both copies in the old zone.
  EXPECT_TRUE(world.is("safety.domain_violating_shard_ns", 4 * kSecond));
  world.commit({shard(0, 2, 0, {0, 3})});
  world.at(4);
  EXPECT_TRUE(world.is("safety.domain_violating_shard_ns", 5 * kSecond));
  far.state = NodeState::Draining;
  world.commit({far});
  world.at(9);
  EXPECT_TRUE(world.is("safety.domain_violating_shard_ns", 5 * kSecond)) << "nowhere to go";
  EXPECT_TRUE(world.is("safety.longest.domain_violating_ns", 3 * kSecond));
}

}  // namespace
}  // namespace shardproof::sim
