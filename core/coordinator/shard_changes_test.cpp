// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/shard_changes.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "core/base/check.hpp"

namespace shardproof {
namespace {

const NodeId n1(1), n2(2), n3(3);

ShardInfo led_by_n1() {
  ShardInfo shard;
  shard.id = ShardId(5);
  shard.collection = CollectionId(0);
  shard.epoch = Epoch(4);
  shard.leader = n1;
  shard.replicas = {n1, n2};
  return shard;
}

ShardInfo moving(MigrationPhase phase) {
  ShardInfo shard = led_by_n1();
  Migration migration;
  migration.id = change::migration_id(shard.id, Epoch(4));
  migration.source = n1;
  migration.target = n3;
  change::begin_migration(shard, migration);
  if (phase >= MigrationPhase::Switch) {
    shard.migration->phase = MigrationPhase::Sync;
    change::switch_over(shard);
  }
  shard.migration->phase = phase;
  return shard;
}

TEST(ShardChangesTest, EveryChangeRaisesTheEpochByOne) {
  const ShardInfo before = led_by_n1();
  ShardInfo after = before;
  change::set_leader(after, n2, n1);
  EXPECT_EQ(change::sealed(after, before).epoch, Epoch(5));
}

TEST(ShardChangesTest, StatusFollowsFromLeaderMigrationAndLearners) {
  const ShardInfo before = led_by_n1();
  ShardInfo after = before;
  change::add_learner(after, n3);
  EXPECT_EQ(change::sealed(after, before).status, ShardStatus::Syncing);
  change::promote(after, n3);
  EXPECT_EQ(change::sealed(after, before).status, ShardStatus::Active);
  change::take_offline(after);
  EXPECT_EQ(change::sealed(after, before).status, ShardStatus::Offline);
  const auto status = [](MigrationPhase phase) {
    const ShardInfo shard = moving(phase);
    return change::sealed(shard, shard).status;
  };
  EXPECT_EQ(status(MigrationPhase::Prepare), ShardStatus::Migrating);
  EXPECT_EQ(status(MigrationPhase::Copy), ShardStatus::Migrating);
  EXPECT_EQ(status(MigrationPhase::Sync), ShardStatus::Syncing);
  EXPECT_EQ(status(MigrationPhase::Switch), ShardStatus::Migrating);
  EXPECT_EQ(status(MigrationPhase::Cleanup), ShardStatus::Migrating);
}

TEST(ShardChangesTest, NobodyLearnsFromAShardThatIsOffline) {
  ShardInfo shard = moving(MigrationPhase::Cleanup);
  change::add_learner(shard, NodeId(7));
  const NodeList replicas = shard.replicas;
  change::take_offline(shard);
  EXPECT_TRUE(shard.learners.empty());
  EXPECT_EQ(shard.replicas, replicas);
}

TEST(ShardChangesTest, NoMigrationStartsFromOffline) {
  ShardInfo before = moving(MigrationPhase::Cleanup);
  before.leader = NodeId::none();
  before.status = ShardStatus::Offline;
  ShardInfo after = before;
  change::set_leader(after, n2, NodeId::none());
  after = change::sealed(after, before);
  EXPECT_TRUE(is_legal_transition(before.status, after.status));
  EXPECT_EQ(after.status, ShardStatus::Active);
}

TEST(ShardChangesTest, AbortUndoesPrepare) {
  for (const MigrationPhase phase :
       {MigrationPhase::Prepare, MigrationPhase::Copy, MigrationPhase::Sync}) {
    ShardInfo shard = moving(phase);
    change::abort_migration(shard);
    EXPECT_EQ(shard, led_by_n1());
  }
}

TEST(ShardChangesTest, SwitchPutsTheTargetInTheSourcesPlace) {
  ShardInfo shard = moving(MigrationPhase::Sync);
  change::switch_over(shard);
  EXPECT_EQ(shard.leader, n3);
  EXPECT_EQ(shard.fencing, n1);
  EXPECT_EQ(shard.replicas, (NodeList{n3, n2}));
  EXPECT_TRUE(shard.learners.empty());

  ShardInfo follower = moving(MigrationPhase::Sync);
  follower.migration->source = n2;
  change::switch_over(follower);
  EXPECT_EQ(follower.leader, n1);
  EXPECT_TRUE(follower.fencing.is_none());
  EXPECT_EQ(follower.replicas, (NodeList{n1, n3}));
}

TEST(ShardChangesTest, LosingAPartyAbortsBeforeSwitchOnly) {
  for (const NodeId lost : {n2, n3}) {
    ShardInfo shard = moving(MigrationPhase::Copy);
    shard.migration->source = n2;
    change::drop_copy(shard, lost);
    EXPECT_FALSE(shard.migration);
    EXPECT_TRUE(shard.learners.empty());
  }
  ShardInfo switched = moving(MigrationPhase::Sync);
  change::switch_over(switched);
  change::set_leader(switched, n2, NodeId::none());
  change::drop_copy(switched, n3);
  EXPECT_TRUE(switched.migration);
  EXPECT_EQ(switched.replicas, (NodeList{n2}));
}

TEST(ShardChangesTest, WhoIsDemotedKeepsItsCopyAsALearner) {
  ShardInfo shard = led_by_n1();
  change::demote(shard, n2);
  EXPECT_EQ(shard.replicas, NodeList{n1});
  EXPECT_EQ(shard.learners, NodeList{n2});
  EXPECT_EQ(change::sealed(shard, led_by_n1()).status, ShardStatus::Syncing);
}

TEST(ShardChangesTest, NobodyIsFencedByItself) {
  ShardInfo shard = led_by_n1();
  change::set_leader(shard, n2, n2);
  EXPECT_TRUE(shard.fencing.is_none());
}

TEST(ShardChangesTest, MigrationIdsOfOneShardDifferByEpoch) {
  EXPECT_NE(change::migration_id(ShardId(1), Epoch(2)), change::migration_id(ShardId(1), Epoch(3)));
  EXPECT_NE(change::migration_id(ShardId(1), Epoch(2)), change::migration_id(ShardId(2), Epoch(2)));
}

class ThrowingChecks : public ::testing::Test {
 protected:
  ThrowingChecks()
      : before_(set_check_handler([](const CheckFailure& failure) {
          throw std::runtime_error(std::string(failure.message));
        })) {}
  ~ThrowingChecks() override { set_check_handler(before_); }
  CheckHandler before_;
};

TEST_F(ThrowingChecks, LastReplicaAndLeaderCannotBeDropped) {
  ShardInfo shard = led_by_n1();
  EXPECT_THROW(change::drop_copy(shard, n1), std::runtime_error);
  change::drop_copy(shard, n2);
  shard.leader = NodeId::none();
  EXPECT_THROW(change::drop_copy(shard, n1), std::runtime_error);
}

TEST_F(ThrowingChecks, SwitchedMigrationCannotBeAborted) {
  ShardInfo shard = moving(MigrationPhase::Sync);
  change::switch_over(shard);
  EXPECT_THROW(change::abort_migration(shard), std::runtime_error);
}

}  // namespace
}  // namespace shardproof
