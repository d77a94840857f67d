// SPDX-License-Identifier: Apache-2.0
#include "core/shard_table.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

ShardTable table_of(std::vector<Record> records) {
  ShardTable table;
  table.apply({Revision(1), std::move(records)});
  return table;
}

const NodeList kPair{NodeId(0), NodeId(1)};

class ValidateTest : public testing::Test {
 protected:
  std::string error_of(const ShardInfo& record) const {
    const auto valid = validate(record, test::collection(), table);
    return valid ? "" : valid.error().message;
  }

  ShardTable table = table_of({test::member(0), test::member(1), test::member(2)});
  ShardInfo shard = test::shard(Epoch(1), kPair);
};

TEST_F(ValidateTest, AWholeShardIsValid) { EXPECT_EQ(error_of(shard), ""); }

TEST_F(ValidateTest, AShardOutsideItsCollectionIsNot) {
  shard.id = ShardId(1);
  EXPECT_NE(error_of(shard).find("not a shard of shop.orders"), std::string::npos);
}

TEST_F(ValidateTest, AnEmptyInSyncSetIsNot) {
  shard.replicas.clear();
  EXPECT_NE(error_of(shard).find("empty"), std::string::npos);
}

TEST_F(ValidateTest, ACopyOnAStrangerIsNot) {
  shard.replicas[1] = NodeId(7);
  EXPECT_NE(error_of(shard).find("n7 is not a member"), std::string::npos);
}

TEST_F(ValidateTest, TwoCopiesOnOneNodeAreNot) {
  shard.learners.push_back(NodeId(1));
  EXPECT_NE(error_of(shard).find("n1 is listed twice"), std::string::npos);
}

TEST_F(ValidateTest, ALeaderOutsideTheInSyncSetIsNot) {
  shard.leader = NodeId(2);
  EXPECT_NE(error_of(shard).find("not in sync"), std::string::npos);
}

TEST_F(ValidateTest, OfflineMeansNoLeaderAndNoLeaderMeansOffline) {
  shard.status = ShardStatus::Offline;
  EXPECT_NE(error_of(shard), "");
  shard.leader = NodeId::none();
  EXPECT_EQ(error_of(shard), "");
  shard.status = ShardStatus::Active;
  EXPECT_NE(error_of(shard), "");
}

TEST_F(ValidateTest, OneCopyMoreThanWantedNeedsAMigration) {
  shard.replicas.push_back(NodeId(2));
  EXPECT_NE(error_of(shard).find("replication factor 2"), std::string::npos);
  shard.migration = test::migration(MigrationPhase::Sync, WriteMode::Live, 0, 2);
  EXPECT_EQ(error_of(shard), "");
}

TEST_F(ValidateTest, AsManyCopiesAsBeforeAreLegalWhenFewerAreWanted) {
  shard.replicas.push_back(NodeId(2));
  table = table_of({test::member(0), test::member(1), test::member(2), shard});
  EXPECT_EQ(error_of(shard), "");
  table =
      table_of({test::member(0), test::member(1), test::member(2), test::shard(Epoch(1), kPair)});
  EXPECT_NE(error_of(shard).find("replication factor 2"), std::string::npos);
}

TEST(ShardTableTest, WhatIsNotThereIsNull) {
  const ShardTable table = table_of({test::member(2)});
  EXPECT_EQ(table.find_node(NodeId(1)), nullptr);
  EXPECT_EQ(table.find_node(NodeId::none()), nullptr);
  EXPECT_EQ(table.find_shard(ShardId(0)), nullptr);
  EXPECT_EQ(table.find_collection("shop", "orders"), nullptr);
  EXPECT_EQ(table.modified({RecordKind::Node, 1}), Revision());
  EXPECT_EQ(table.modified({RecordKind::Node, 2}), Revision(1));
}

TEST(ShardTableTest, ACollectionIsFoundByItsName) {
  const ShardTable table = table_of({test::collection(4)});
  ASSERT_NE(table.find_collection("shop", "orders"), nullptr);
  EXPECT_EQ(table.find_collection("shop", "orders")->num_shards, 4u);
}

TEST(RecordDigestTest, EveryFieldOfAShardCounts) {
  const ShardInfo base = test::shard(Epoch(3), kPair);
  std::vector<ShardInfo> changed(8, base);
  changed[0].epoch = Epoch(4);
  changed[1].leader = NodeId(1);
  changed[2].fencing = NodeId(1);
  changed[3].replicas = NodeList{NodeId(1), NodeId(0)};
  changed[4].learners = NodeList{NodeId(2)};
  changed[5].status = ShardStatus::Syncing;
  changed[6].collection = CollectionId(1);
  changed[7].migration = test::migration(MigrationPhase::Prepare, WriteMode::Queue, 0, 2);
  for (const ShardInfo& other : changed) EXPECT_NE(record_digest(other), record_digest(base));
}

TEST(RecordDigestTest, EveryFieldOfAMigrationCounts) {
  ShardInfo base = test::shard(Epoch(3), kPair);
  base.migration = test::migration(MigrationPhase::Prepare, WriteMode::Queue, 0, 2);
  std::vector<ShardInfo> changed(9, base);
  changed[0].migration->id = MigrationId(2);
  changed[1].migration->source = NodeId(1);
  changed[2].migration->target = NodeId(3);
  changed[3].migration->phase = MigrationPhase::Copy;
  changed[4].migration->mode = WriteMode::Live;
  changed[5].migration->reason = MigrationReason::Drain;
  changed[6].migration->started = Instant(seconds(1));
  changed[7].migration->lock_point = LogIndex(1);
  changed[8].migration->bandwidth = Bandwidth(1);
  for (const ShardInfo& other : changed) EXPECT_NE(record_digest(other), record_digest(base));
}

TEST(RecordDigestTest, EveryOrderOfAnOperatorCounts) {
  const ClusterSettings base;
  std::vector<ClusterSettings> changed(6, base);
  changed[0].balancing_enabled = false;
  changed[1].limits.moves_per_node = 0;
  changed[2].limits.moves_per_domain = 0;
  changed[3].limits.moves_cluster_wide = 0;
  changed[4].limits.bandwidth = Bandwidth();
  changed[5].rebalance = "greedy";
  for (const ClusterSettings& other : changed) {
    EXPECT_NE(record_digest(other), record_digest(base));
  }
}

TEST(RecordDigestTest, ANodeMovingBetweenListsIsSeen) {
  ShardInfo in_sync = test::shard(Epoch(1), {NodeId(0), NodeId(1)});
  ShardInfo learning = test::shard(Epoch(1), {NodeId(0)}, {NodeId(1)});
  learning.status = in_sync.status;
  EXPECT_NE(record_digest(in_sync), record_digest(learning));
}

}  // namespace
}  // namespace shardproof
