// SPDX-License-Identifier: Apache-2.0
#include "sim/check/recoverability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/core_view.hpp"
#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"
#include "sim/check/unfinished.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two in-sync copies, on n0 and n1, of one shard; both are on their disks.
class RecoverabilityTest : public ::testing::Test {
 protected:
  RecoverabilityTest() {
    world.stores[0].held[kS0];
    world.stores[1].held[kS0];
  }
  /// With these nodes broken for good.
  Recoverability judge(std::vector<NodeId> outside = {}) {
    const CoreView view(world, std::move(outside));
    return recoverability(view, shard());
  }
  const ShardInfo& shard() const { return *world.truth.find_shard(kS0); }
  void commit(const std::function<void(ShardInfo&)>& edit) {
    story.change(edit);
    world.truth = story.table;
    world.tables.assign(5, story.table);
  }
  void lower_write_concern(std::uint32_t copies, std::uint32_t concern) {
    CollectionConfig collection = *story.table.find_collection(shard().collection);
    collection.replication_factor = copies;
    collection.write_concern = concern;
    story.commit_records({collection});
    commit([](ShardInfo& one) { one.replicas = NodeList{kN0, kN1, kN2}; });
    world.stores[2].held[kS0];
  }
  void take_offline() {
    commit([](ShardInfo& one) {
      one.status = ShardStatus::Offline;
      one.leader = NodeId::none();
    });
  }

  Story story;
  FakeView world{story.table};
};

TEST_F(RecoverabilityTest, OneCopyInTheCoreIsEnough) {
  const Recoverability judged = judge({kN0, kN2, kN3});
  EXPECT_TRUE(judged.is_possible);
  EXPECT_EQ(judged.reason, "n1 is up and in sync, and its disk has a copy, n0 is broken for good");
}

TEST_F(RecoverabilityTest, ItIsImpossibleWhereEveryCopyIsOutside) {
  const Recoverability judged = judge({kN0, kN1});
  EXPECT_FALSE(judged.is_possible);
  EXPECT_EQ(judged.reason, "n0 is broken for good, n1 is broken for good");
}

TEST_F(RecoverabilityTest, ItIsImpossibleWhereTheOnlyDiskInTheCoreHasLostItsCopy) {
  world.stores[1].held.clear();
  world.stores[1].lost_data = true;
  const Recoverability judged = judge({kN0});
  EXPECT_FALSE(judged.is_possible);
  EXPECT_EQ(judged.reason, "n1 is up, and its disk has no copy any more, n0 is broken for good");
}

TEST_F(RecoverabilityTest, InSwitchTheSourceHasKeptTheLastCopy) {
  commit([](ShardInfo& one) {
    Migration migration;
    migration.id = kM1;
    migration.source = kN0;
    migration.target = kN2;
    migration.phase = MigrationPhase::Switch;
    one.migration = migration;
    one.leader = kN2;
    one.replicas = NodeList{kN2, kN1};
  });
  for (const std::size_t lost : {1u, 2u}) {
    world.stores[lost].held.clear();
    world.stores[lost].lost_data = true;
  }
  const Recoverability judged = judge();
  EXPECT_TRUE(judged.is_possible);
  EXPECT_THAT(judged.reason, HasSubstr("n0, the source of s0@e1 in Switch, has kept its copy"));
  EXPECT_FALSE(judge({kN1}).is_possible) << "n1 may have more than n0, and never says so";
  world.stores[0].held.clear();
  EXPECT_FALSE(judge().is_possible);
}

TEST_F(RecoverabilityTest, WhatWasNeverOnAnyDiskCanBeginAnew) {
  world.stores[0].held.clear();
  world.stores[1].held.clear();
  const Recoverability judged = judge({kN0});
  EXPECT_TRUE(judged.is_possible);
  EXPECT_EQ(judged.reason,
            "n1 is up and in sync, and its disk never had a copy, n0 is broken for good");
  take_offline();
  const auto items = unfinished_changes(CoreView(world, {kN0}));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].text, "s0 is offline, although n1 is up and in sync");
}

TEST_F(RecoverabilityTest, ACopyThatIsNotInSyncHelpsNobody) {
  world.stores[3].held[kS0];
  EXPECT_FALSE(judge({kN0, kN1}).is_possible);
}

TEST_F(RecoverabilityTest, WithALoweredWriteConcernItTakesEnoughCopiesToKnowEveryWrite) {
  lower_write_concern(3, 2);
  EXPECT_EQ(copies_needed(shard(), *world.truth.find_collection(shard().collection)), 2u);
  EXPECT_TRUE(judge({kN0}).is_possible);
  const Recoverability judged = judge({kN0, kN2});
  EXPECT_FALSE(judged.is_possible);
  EXPECT_THAT(judged.reason, HasSubstr("other copies than 1 of them, and 2 would be needed"));
  for (const std::size_t node : {0u, 2u}) {
    world.stores[node].held.clear();
    world.stores[node].lost_data = true;
  }
  EXPECT_TRUE(judge().is_possible) << "all have been asked";
}

TEST_F(RecoverabilityTest, WhatIsImpossibleIsNotPendingAndWhatIsStuckIs) {
  take_offline();
  EXPECT_THAT(unfinished_changes(CoreView(world, {kN0, kN1})), IsEmpty());
  const auto items = unfinished_changes(CoreView(world, {kN0}));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].text, "s0 is offline, although n1 is up and in sync");
}

TEST_F(RecoverabilityTest, AShardLedFromOutsideTheCoreIsStuck) {
  const auto items = unfinished_changes(CoreView(world, {kN0}));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].phase, "Failover");
  EXPECT_EQ(items[0].text, "s0 is led by n0, which is broken for good");
}

TEST_F(RecoverabilityTest, AMigrationThatCannotGoOnIsStuckUnlessItsShardIsLost) {
  story.begin_migration(kN1, kN4);
  world.truth = story.table;
  world.tables.assign(5, story.table);
  const auto items = unfinished_changes(CoreView(world, {kN4}));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].text, "the migration of s0 from n1 to n4 is in Prepare");
  EXPECT_THAT(unfinished_changes(CoreView(world, {kN0, kN1})), IsEmpty());
}

TEST_F(RecoverabilityTest, ACopyThatWillNotComeBackMustLeaveTheSet) {
  const auto items = unfinished_changes(CoreView(world, {kN1}));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].text, "s0 counts n1 as in sync, which is broken for good");
}

}  // namespace
}  // namespace shardproof::sim::check
