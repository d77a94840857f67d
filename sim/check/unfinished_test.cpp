// SPDX-License-Identifier: Apache-2.0
#include "sim/check/unfinished.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

/// Two in-sync copies, on n0 and n1, of one shard.
class UnfinishedTest : public ::testing::Test {
 protected:
  /// What is unfinished once every node knows the table.
  std::vector<std::string> texts() {
    view.tables.assign(5, story.table);
    view.truth = story.table;
    return texts_as_it_is();
  }
  std::vector<std::string> texts_as_it_is() {
    std::vector<std::string> all;
    for (const PendingItem& one : unfinished_changes(view)) all.push_back(one.text);
    return all;
  }

  /// Whatever is on no disk was there once.
  void lose_data_everywhere() {
    for (FakeStore& store : view.stores) store.lost_data = true;
  }
  /// The shard has switched from n0 to n2, and is offline with that node alone in its set.
  void go_offline_in_switch(NodeId left) {
    story.begin_migration(kN0, kN2);
    story.enter(MigrationPhase::Copy);
    story.enter(MigrationPhase::Sync);
    story.switch_over();
    story.change([&](ShardInfo& shard) {
      shard.replicas = NodeList{left};
      shard.status = ShardStatus::Offline;
      shard.leader = NodeId::none();
    });
    view.truth = story.table;
  }

  Story story;
  FakeView view{story.table};
};

TEST_F(UnfinishedTest, NothingAtRest) { EXPECT_THAT(texts(), IsEmpty()); }

TEST_F(UnfinishedTest, AMigration) {
  story.begin_migration(kN1, kN4);
  EXPECT_THAT(texts(), ElementsAre("the migration of s0 from n1 to n4 is in Prepare"));
}

TEST_F(UnfinishedTest, AMigrationSaysItsPhaseAndWhoWaitsForWhom) {
  story.begin_migration(kN1, kN4);
  view.truth = story.table;
  view.tables.assign(5, story.table);
  view.awaited[2] = {{kS0, kN2, true, "ShardReport Prepared", "n4", Instant(seconds(3))}};
  view.awaited[4] = {{kS0, kN4, false, "CopyChunk 0", "n1", {}},
                     {ShardId::none(), kN4, false, "RangeReply", "metadata", {}}};
  view.awaited[3] = {{ShardId(7), kN3, false, "AppendReply up to i5", "n0", {}}};
  std::vector<PendingItem> items = unfinished_changes(view);
  add_waits(view, items);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].phase, "Prepare");
  EXPECT_EQ(to_string(items[0]),
            "the migration of s0 from n1 to n4 is in Prepare; coordinator n2 awaits ShardReport "
            "Prepared of n4 since 3.000000000s, n4 awaits CopyChunk 0 of n1");
  EXPECT_EQ(to_string(items[1]), "s7 is waited for; n3 awaits AppendReply up to i5 of n0");
}

TEST_F(UnfinishedTest, WhatSeveralWaitForIsSaidOnce) {
  story.begin_migration(kN1, kN4);
  view.truth = story.table;
  view.tables.assign(5, story.table);
  const Instant since(seconds(3));
  view.awaited[0] = {{kS0, kN0, false, "TableUpdate r9", "metadata", since},
                     {kS0, kN0, false, "AppendReply", "n4", since}};
  view.awaited[1] = {{kS0, kN1, false, "TableUpdate r9", "metadata", since},
                     {kS0, kN1, false, "AppendReply", "n4", since + seconds(1)}};
  view.awaited[4] = {{kS0, kN4, false, "TableUpdate r9", "metadata", since},
                     {kS0, kN4, true, "AppendReply", "n4", {}}};
  std::vector<PendingItem> items = unfinished_changes(view);
  add_waits(view, items);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(waits_text(items[0]),
            "n0, n1 and n4 await TableUpdate r9 of metadata since 3.000000000s, "
            "n0 (since 3.000000000s) and n1 (since 4.000000000s) await AppendReply of n4, "
            "coordinator n4 awaits AppendReply of n4");
}

TEST_F(UnfinishedTest, WhatANodeWaitsForIsSaidWithIt) {
  view.tables[2] = ShardTable();
  view.awaited[2] = {{ShardId::none(), kN2, false, "RangeReply", "metadata", {}}};
  view.awaited[1] = {{ShardId::none(), kN1, false, "RangeReply", "metadata", {}}};
  std::vector<PendingItem> items = unfinished_changes(view);
  add_waits(view, items);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_THAT(to_string(items[0]), EndsWith("; n2 awaits RangeReply of metadata"));
}

TEST_F(UnfinishedTest, WhatHoldsUpACommandIsSaidWithItAlone) {
  view.awaited[2] = {{ShardId::none(), kN2, true, "the commit of a member's change", "", {}, 8}};
  std::vector<PendingItem> items{{ShardId::none(), kN2, "", "n2 is down", {}, 0},
                                 {ShardId::none(), kN3, "", "the operator's `drain n3`", {}, 8}};
  add_waits(view, items);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(to_string(items[0]), "n2 is down");
  EXPECT_EQ(to_string(items[1]),
            "the operator's `drain n3`; coordinator n2 awaits the commit of a member's change");
}

TEST_F(UnfinishedTest, NobodyIsAskedWhatHeWaitsForInAWorldAtRest) {
  view.awaited[2] = {{kS0, kN2, false, "AppendReply up to i5", "n0", {}}};
  std::vector<PendingItem> items = unfinished_changes(view);
  add_waits(view, items);
  EXPECT_THAT(items, IsEmpty());
}

TEST_F(UnfinishedTest, WhoWaitsForALostShardIsNotNamed) {
  lose_data_everywhere();
  view.truth = story.table;
  view.up[3] = false;
  view.awaited[2] = {{kS0, kN2, true, "PositionReply with a copy", "n0", {}}};
  std::vector<PendingItem> items{{ShardId::none(), kN3, "", "n3 is down", {}}};
  add_waits(view, items);
  ASSERT_EQ(items.size(), 2u) << "its leader is there";
  items.pop_back();
  story.change([](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
  });
  view.truth = story.table;
  add_waits(view, items);
  EXPECT_EQ(items.size(), 1u);
  view.stores[1].held[kS0];
  add_waits(view, items);
  EXPECT_EQ(items.size(), 2u) << "n1 could serve it";
}

TEST_F(UnfinishedTest, ALearner) {
  story.change([](ShardInfo& shard) {
    shard.status = ShardStatus::Syncing;
    shard.learners = NodeList{kN3};
  });
  EXPECT_THAT(texts(), ElementsAre("n3 is catching up with n0 on s0"));
}

TEST_F(UnfinishedTest, ALeaderThatWaitsForTheLeaseOfOneThatHasNotHeardOfIt) {
  const ShardTable before = story.table;
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.fencing = kN0;
  });
  EXPECT_THAT(texts(), IsEmpty());
  view.tables[0] = before;
  EXPECT_THAT(texts_as_it_is(), ElementsAre("n1, the leader of s0, waits for the lease of n0",
                                            "n0 has the table of r2, not that of r3"));
}

TEST_F(UnfinishedTest, AShardShortOfCopiesUnlessThereIsNobodyToTakeOne) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  EXPECT_THAT(texts(), ElementsAre("s0 has 1 copy in sync (n0) in place of 2"));
  std::vector<Record> records;
  for (const NodeId id : {kN1, kN2, kN3, kN4}) {
    NodeRecord node = *story.table.find_node(id);
    node.state = NodeState::Draining;
    records.emplace_back(node);
  }
  story.commit_records(std::move(records));
  EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(UnfinishedTest, AShardShortOfCopiesUnlessANodeInMaintenanceIsExpectedBack) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  NodeRecord node = *story.table.find_node(kN1);
  node.state = NodeState::Maintenance;
  story.commit_records({node});
  EXPECT_THAT(texts(), IsEmpty());
  story.collection.replication_factor = 3;
  story.commit_records({story.collection});
  EXPECT_THAT(texts(), ElementsAre("s0 has 1 copy in sync (n0) in place of 3"));
}

TEST_F(UnfinishedTest, AShardWithMoreCopiesThanAreWanted) {
  story.collection.replication_factor = 1;
  story.commit_records({story.collection});
  EXPECT_THAT(texts(), ElementsAre("s0 has 2 copies in sync (n0, n1) in place of 1"));
}

TEST_F(UnfinishedTest, AShardShortOfCopiesUnlessAllOtherDisksAreFull) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  view.disks.assign(view.disks.size(), {Bytes(1000), Bytes(1000)});
  EXPECT_THAT(texts(), IsEmpty());
  view.disks[3] = {Bytes(10), Bytes(1'000'000)};
  EXPECT_THAT(texts(), ElementsAre("s0 has 1 copy in sync (n0) in place of 2"));
}

TEST_F(UnfinishedTest, AShardShortOfCopiesByTheWatermarkOfTheRun) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  view.disks.assign(view.disks.size(), {Bytes(600), Bytes(1000)});
  EXPECT_THAT(texts(), ElementsAre("s0 has 1 copy in sync (n0) in place of 2"));
  view.limits.disk_high_watermark = Ratio(60, 100);
  EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(UnfinishedTest, ANodeCanBeEmptiedWhileAnotherCanHaveItsCopies) {
  EXPECT_TRUE(can_be_emptied(view, kN0));
  view.up[2] = view.up[3] = false;
  EXPECT_TRUE(can_be_emptied(view, kN0)) << "n4 is there";
  view.up[4] = false;
  EXPECT_FALSE(can_be_emptied(view, kN0));
  EXPECT_TRUE(can_be_emptied(view, kN2)) << "it has no copy";
}

TEST_F(UnfinishedTest, ANodeCannotBeEmptiedOfAShardThatNobodyHoldsAnyMore) {
  lose_data_everywhere();
  story.change([](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
  });
  view.truth = story.table;
  EXPECT_FALSE(can_be_emptied(view, kN0));
  view.stores[1].held[kS0];
  EXPECT_TRUE(can_be_emptied(view, kN0));
}

TEST_F(UnfinishedTest, ANodeCannotLeaveWhereNoOtherMemberIsUp) {
  view.up = {false, false, true, false, true};
  EXPECT_TRUE(can_be_emptied(view, kN2));
  view.up[4] = false;
  EXPECT_FALSE(can_be_emptied(view, kN2)) << "nobody could answer its operator";
}

TEST_F(UnfinishedTest, ATargetThatHasLeftTheSetCannotBeEmptiedWhileTheShardIsLost) {
  go_offline_in_switch(kN1);
  view.stores[1].held[kS0];
  EXPECT_TRUE(can_be_emptied(view, kN2));
  view.stores[1].held.clear();
  view.stores[1].lost_data = true;
  EXPECT_FALSE(can_be_emptied(view, kN2));
}

TEST_F(UnfinishedTest, ASourceCannotBeEmptiedWhileNobodyCanSayThatTheTargetHasTheCopy) {
  view.stores[2].held[kS0];
  go_offline_in_switch(kN2);
  EXPECT_TRUE(can_be_emptied(view, kN0));
  view.up[2] = false;
  EXPECT_FALSE(can_be_emptied(view, kN0));
  EXPECT_TRUE(can_be_emptied(view, kN1)) << "no party to it";
  story.enter(MigrationPhase::Cleanup);
  view.truth = story.table;
  EXPECT_TRUE(can_be_emptied(view, kN0)) << "somebody has said so";
}

TEST_F(UnfinishedTest, ANodeCannotBeEmptiedOfAShardThatALostOneKeepsInPlace) {
  lose_data_everywhere();
  CollectionConfig moving = *story.table.find_collection(story.table.shards().front().collection);
  CollectionConfig target = moving;
  target.id = moving.moving_to = CollectionId(moving.id.value() + 1);
  ShardInfo lost = story.table.shards().front();
  lost.id = target.first_shard = ShardId(7);
  lost.collection = target.id;
  lost.replicas = NodeList{kN3};
  lost.leader = kN3;
  story.commit_records({moving, target, lost});
  view.truth = story.table;
  EXPECT_TRUE(can_be_emptied(view, kN0));
  lost.status = ShardStatus::Offline;
  lost.leader = NodeId::none();
  lost.epoch = lost.epoch.next();
  story.commit_records({lost});
  view.truth = story.table;
  EXPECT_FALSE(can_be_emptied(view, kN0));
}

TEST_F(UnfinishedTest, AnOfflineShardUnlessNobodyCouldServeIt) {
  lose_data_everywhere();
  story.change([](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
  });
  EXPECT_THAT(texts(), IsEmpty());
  view.stores[1].held[kS0];
  EXPECT_THAT(texts(), ElementsAre("s0 is offline, although n1 is up and in sync"));
}

TEST_F(UnfinishedTest, DocumentsOnTheirWayUnlessNobodyHasThemAnyMore) {
  lose_data_everywhere();
  CollectionConfig moving = *story.table.find_collection(story.table.shards().front().collection);
  moving.moving_to = CollectionId(moving.id.value() + 1);
  story.commit_records({moving});
  EXPECT_EQ(texts().size(), 1u);
  EXPECT_TRUE(can_be_resharded(view, moving));
  story.change([](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
  });
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_FALSE(can_be_resharded(view, moving));
  view.stores[1].held[kS0];
  EXPECT_TRUE(can_be_resharded(view, moving));
}

TEST_F(UnfinishedTest, ACollectionCanBeShardedThoughAShardOfAnotherIsLost) {
  lose_data_everywhere();
  story.change([](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
  });
  view.truth = story.table;
  CollectionConfig wanted = *story.table.find_collection(story.table.shards().front().collection);
  EXPECT_FALSE(can_be_sharded(view, wanted)) << "its documents are lost";
  wanted.name = "carts";
  EXPECT_TRUE(can_be_sharded(view, wanted));
  wanted.replication_factor = 6;
  EXPECT_FALSE(can_be_sharded(view, wanted)) << "there are five nodes";
}

TEST_F(UnfinishedTest, AMemberThatIsDown) {
  view.up[3] = false;
  EXPECT_THAT(texts(), ElementsAre("n3 is down"));
}

TEST_F(UnfinishedTest, AnOldTable) {
  view.tables[2] = ShardTable();
  EXPECT_THAT(texts_as_it_is(), ElementsAre(fmt::format("n2 has the table of r0, not that of {}",
                                                        story.table.revision())));
}

}  // namespace
}  // namespace shardproof::sim::check
