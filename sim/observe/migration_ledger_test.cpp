// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/migration_ledger.hpp"

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::kSecond;
using testing::member;
using testing::migration;
using testing::shard;
using testing::Watched;

ShardInfo moving(std::uint64_t epoch, MigrationPhase phase) {
  ShardInfo info = shard(0, epoch, 0, {0, 1});
  info.learners = testing::nodes({3});
  info.status = phase == MigrationPhase::Sync ? ShardStatus::Syncing : ShardStatus::Migrating;
  info.migration = migration(7, 1, 3, phase);
  return info;
}

fact::ChunkSent chunk(std::uint64_t bytes, MigrationId id, bool again = false) {
  return {ShardId(0), id, NodeId(3), Bytes(bytes), again};
}

/// A fourth node joins, and s0's copy on n1 begins to move there at 10 s, 100 bytes sent.
void begin_move(Watched& world) {
  world.hold({{0, {ShardId(0), Bytes(100)}},
              {1, {ShardId(0), Bytes(100)}},
              {1, {ShardId(1), Bytes(100)}},
              {2, {ShardId(1), Bytes(100)}}});
  world.at(5);
  world.commit({member(3)});
  world.observer.on_process(NodeId(3), ProcessState::kRunning);
  world.at(10);
  world.commit({moving(2, MigrationPhase::Prepare)});
  world.commit({moving(3, MigrationPhase::Copy)});
  world.fact(0, chunk(70, MigrationId(7)));
  world.fact(0, chunk(30, MigrationId(7), true));
}

TEST(MigrationLedger, AMoveThatReachedSwitchIsCompleted) {
  Watched world;
  begin_move(world);
  EXPECT_TRUE(world.is("migrations.active", 1));
  EXPECT_EQ(world.observer.condition_value(metric_index("migration.phase")).choices, 1u << 1);
  world.at(14);
  world.commit({moving(4, MigrationPhase::Sync)});
  ShardInfo switched = shard(0, 5, 0, {0, 3});
  switched.migration = migration(7, 1, 3, MigrationPhase::Switch);
  world.commit({switched});
  switched.migration->phase = MigrationPhase::Cleanup;
  world.commit({switched});
  world.at(16);
  world.commit({shard(0, 7, 0, {0, 3})});
  EXPECT_TRUE(world.is("migration.count", 1));
  EXPECT_TRUE(world.is("migrations.completed", 1));
  EXPECT_TRUE(world.is("migration.aborted", 0));
  EXPECT_TRUE(world.is("migrations.active", 0));
  EXPECT_TRUE(world.is("migration.makespan_ns", 6 * kSecond));
  EXPECT_TRUE(world.is("migration.bytes.moved", 100));
  EXPECT_TRUE(world.is("replicas.promoted", 1));
  EXPECT_EQ(world.observer.condition_value(metric_index("migration.phase")).choices, 0u);
}

TEST(MigrationLedger, AMoveThatEndsBeforeSwitchIsAborted) {
  Watched world;
  begin_move(world);
  world.at(12);
  world.commit({shard(0, 4, 0, {0, 1})});
  EXPECT_TRUE(world.is("migration.aborted", 1));
  EXPECT_TRUE(world.is("migrations.completed", 0));
  EXPECT_TRUE(world.is("migration.moves", 0));
  // What was sent is spent, and nothing had to be.
  EXPECT_TRUE(world.is("migration.bytes.moved", 100));
  EXPECT_TRUE(world.is("migration.bytes.minimum", 0));
  EXPECT_FALSE(world.value("migration.bytes.regret").has_value());
}

TEST(MigrationLedger, AMoveThatTurnsBackFromSwitchIsAborted) {
  Watched world;
  begin_move(world);
  ShardInfo switched = shard(0, 5, 0, {0, 3});
  switched.migration = migration(7, 1, 3, MigrationPhase::Switch);
  world.commit({switched});
  world.commit({shard(0, 6, 1, {1})});
  EXPECT_TRUE(world.is("migration.aborted", 1));
  EXPECT_TRUE(world.is("migrations.completed", 0));
}

TEST(MigrationLedger, EveryByteSentIsAccountedFor) {
  Watched world;
  begin_move(world);
  world.fact(0, chunk(11, MigrationId::none()));
  world.at(12);
  world.commit({shard(0, 4, 0, {0, 1})});
  world.fact(0, chunk(5, MigrationId(7)));  // sent before its sender knew of the abort
  world.commit({[] {
    ShardInfo again = moving(5, MigrationPhase::Prepare);
    again.migration->id = MigrationId(8);
    return again;
  }()});
  world.fact(0, chunk(3, MigrationId(8)));
  RunResult result;
  world.observer.finish(result);
  EXPECT_EQ(result.ledger.moved, Bytes(119));
  EXPECT_EQ(result.ledger.aborted, Bytes(100));
  EXPECT_EQ(result.ledger.active, Bytes(3));
  EXPECT_EQ(result.ledger.completed, Bytes(0));
  EXPECT_EQ(result.ledger.repair, Bytes(16));
  EXPECT_EQ(result.ledger.again, Bytes(30));
}

TEST(MigrationLedger, OneCopyOnAJoinedNodeIsTheLeastThatBalancesFourCopiesOnFourNodes) {
  Watched world;
  begin_move(world);
  world.at(15);
  ShardInfo switched = shard(0, 5, 0, {0, 3});
  world.commit({switched});
  EXPECT_TRUE(world.is("migration.bytes.minimum", 100));
  EXPECT_TRUE(*world.value("migration.bytes.regret") == Ratio(1, 1));
}

TEST(MigrationLedger, AShardThatShrankWhileItWasSentNeededNoMoreThanThat) {
  Watched world;
  begin_move(world);
  const auto hold = [&](std::uint64_t bytes) {
    world.hold({{0, {ShardId(0), Bytes(bytes)}},
                {1, {ShardId(0), Bytes(bytes)}},
                {1, {ShardId(1), Bytes(100)}},
                {2, {ShardId(1), Bytes(100)}}});
  };
  hold(60);
  world.fact(0, chunk(30, MigrationId(7)));
  hold(100);
  world.commit({shard(0, 5, 0, {0, 3})});
  EXPECT_TRUE(world.is("migration.bytes.minimum", 60));
}

/// There and back and there again are three moves for one.
TEST(MigrationLedger, MovesAreSetAgainstTheFewestOfTheSameChange) {
  Watched world;
  begin_move(world);
  ShardInfo switched = shard(0, 5, 0, {0, 3});
  switched.migration = migration(7, 1, 3, MigrationPhase::Cleanup);
  world.commit({switched});
  world.commit({shard(0, 6, 0, {0, 3})});
  EXPECT_TRUE(world.is("migration.moves", 1));
  EXPECT_TRUE(world.is("migration.moves.minimum", 1));
  EXPECT_TRUE(*world.value("migration.moves.regret") == Ratio(1, 1));
  ShardInfo back = shard(0, 7, 0, {0, 1});
  back.migration = migration(8, 3, 1, MigrationPhase::Cleanup);
  world.commit({back});
  world.commit({shard(0, 8, 0, {0, 1})});
  EXPECT_TRUE(world.is("migration.moves", 2));
  EXPECT_FALSE(world.value("migration.moves.regret").has_value()) << "nothing has changed";
  ShardInfo again = shard(0, 9, 0, {0, 3});
  again.migration = migration(9, 1, 3, MigrationPhase::Cleanup);
  world.commit({again});
  world.commit({shard(0, 10, 0, {0, 3})});
  EXPECT_TRUE(*world.value("migration.moves.regret") == Ratio(3, 1));
}

/// A copy made anew counts when it is in sync, one that caught up by the log alone does not, nor
/// one that was given up.
TEST(MigrationLedger, RepairsThatCopyAreMoves) {
  Watched world;
  std::uint64_t epoch = 2;
  const auto commit = [&](std::initializer_list<std::uint32_t> replicas,
                          std::initializer_list<std::uint32_t> learners) {
    ShardInfo info = shard(0, epoch++, 0, replicas);
    info.learners = testing::nodes(learners);
    world.commit({info});
  };
  commit({0}, {1});
  commit({0, 1}, {});
  EXPECT_TRUE(world.is("migration.moves", 0));
  commit({0}, {3});
  world.fact(0, chunk(11, MigrationId::none()));
  commit({0}, {3});
  EXPECT_TRUE(world.is("migration.moves", 0));
  commit({0, 3}, {});
  EXPECT_TRUE(world.is("migration.moves", 1));
  commit({0}, {3});
  world.fact(0, chunk(11, MigrationId::none()));
  commit({0}, {});
  commit({0, 3}, {});
  EXPECT_TRUE(world.is("migration.moves", 1));
}

TEST(MigrationLedger, NoMoveAndNoNeedOfOneIsNoRegret) {
  Watched world;
  world.at(3);
  EXPECT_TRUE(world.is("migration.moves.minimum", 0));
  EXPECT_TRUE(*world.value("migration.moves.regret") == Ratio(1, 1));
  EXPECT_TRUE(world.is("migration.bytes.minimum", 0));
  EXPECT_TRUE(*world.value("migration.bytes.regret") == Ratio(1, 1));
}

/// The least of a join of n3 in zone 0, where all others stand but n1, which stands in that zone
/// and gives one of its two copies away.
bool has_minimum(std::uint16_t zone, std::uint64_t bytes) {
  Watched world;
  begin_move(world);
  NodeRecord holder = member(1);
  holder.domain.zone = zone;
  world.commit({holder});
  world.commit({shard(0, 5, 0, {0, 3})});
  return world.is("migration.bytes.minimum", bytes);
}

TEST(MigrationLedger, WhoIsAloneInItsDomainNeedNotGive) {
  EXPECT_TRUE(has_minimum(0, 100));
  EXPECT_TRUE(has_minimum(1, 0));
}

}  // namespace
}  // namespace shardproof::sim
