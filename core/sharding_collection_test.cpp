// SPDX-License-Identifier: Apache-2.0
#include "core/sharding_collection.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

/// Documents of shop.orders (c0, one shard) move into a collection of the same name (c1, two
/// shards).
class ShardingCollectionTest : public testing::Test {
 protected:
  ShardingCollectionTest() { bench.commit({old_collection(), test::shard(Epoch(1), {NodeId(0)})}); }

  static CollectionConfig old_collection() {
    CollectionConfig config = test::collection(1, 1);
    config.sharded = false;
    return config;
  }
  static CollectionConfig new_collection() {
    CollectionConfig config = test::collection(2, 1);
    config.id = CollectionId(1);
    config.first_shard = ShardId(1);
    config.first_epoch = Epoch(3);
    config.shard_key = {"customer", "_key"};
    return config;
  }
  static ShardInfo new_shard(std::uint32_t index) {
    ShardInfo info = test::shard(Epoch(3), {NodeId(index + 1)});
    info.id = ShardId(index + 1);
    info.collection = CollectionId(1);
    return info;
  }
  static ShardInfo retired(ShardInfo info) {
    info.leader = NodeId::none();
    info.replicas.clear();
    info.status = ShardStatus::Retired;
    info.epoch = info.epoch.next();
    return info;
  }
  void begin() {
    CollectionConfig moving = old_collection();
    moving.moving_to = CollectionId(1);
    bench.commit(
        {moving, new_collection(), new_shard(0), new_shard(1), test::shard(Epoch(2), {NodeId(0)})});
  }
  void finish() {
    CollectionConfig done = old_collection();
    done.successor = CollectionId(1);
    bench.commit({done, retired(test::shard(Epoch(2), {NodeId(0)}))});
  }
  void give_up() {
    CollectionConfig target = new_collection();
    target.successor = CollectionId(0);
    bench.commit({old_collection(), target, retired(new_shard(0)), retired(new_shard(1)),
                  test::shard(Epoch(3), {NodeId(0)})});
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> found;
    for (const DocumentRef& row : sharding_documents(bench.watcher.table())) {
      found.push_back(row->key);
    }
    return found;
  }
  /// A field of a row as text; empty if either is not there.
  std::string field(const std::string& key, const char* name) const {
    for (const DocumentRef& row : sharding_documents(bench.watcher.table())) {
      const Field* found = row->key == key ? row->find(name) : nullptr;
      if (found == nullptr) continue;
      if (const auto* text = std::get_if<std::string>(&found->value)) return *text;
      return std::to_string(std::get<std::int64_t>(found->value));
    }
    return "";
  }

  test::ReplicaBench bench;
};

TEST_F(ShardingCollectionTest, ItListsCollectionsThenShardsThenNodes) {
  EXPECT_EQ(keys(),
            (std::vector<std::string>{"shop.orders", "shop.orders/0", "n0", "n1", "n2", "n3"}));
  EXPECT_EQ(field("shop.orders", "sharded"), "false");
}

TEST_F(ShardingCollectionTest, WhileDocumentsMoveTheOldCollectionIsShownWithWhereTheyGo) {
  begin();
  EXPECT_EQ(keys(),
            (std::vector<std::string>{"shop.orders", "shop.orders/0", "n0", "n1", "n2", "n3"}));
  EXPECT_EQ(field("shop.orders", "moving_to"), "c1");
  EXPECT_EQ(field("shop.orders", "num_shards"), "1");
  EXPECT_EQ(field("shop.orders/0", "shard"), "s0");
}

TEST_F(ShardingCollectionTest, AfterTheMoveTheNewCollectionIsShownUnderTheSameName) {
  begin();
  finish();
  EXPECT_EQ(keys(), (std::vector<std::string>{"shop.orders", "shop.orders/0", "shop.orders/1", "n0",
                                              "n1", "n2", "n3"}));
  EXPECT_EQ(field("shop.orders", "shard_key"), "customer _key");
  EXPECT_EQ(field("shop.orders", "first_shard"), "1");
  EXPECT_EQ(field("shop.orders", "moving_to"), "");
  EXPECT_EQ(field("shop.orders/0", "shard"), "s1");
  EXPECT_EQ(field("shop.orders/1", "leader"), "n2");
}

TEST_F(ShardingCollectionTest, AMoveThatIsGivenUpLeavesTheRowsAsTheyWere) {
  const auto before = keys();
  begin();
  give_up();
  EXPECT_EQ(keys(), before);
  EXPECT_EQ(field("shop.orders", "moving_to"), "");
  EXPECT_EQ(field("shop.orders", "sharded"), "false");
}

TEST_F(ShardingCollectionTest, KeysAreUniqueAtEveryStage) {
  const auto expect_unique = [&] {
    std::vector<std::string> all = keys();
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
  };
  begin();
  expect_unique();
  finish();
  expect_unique();
}

TEST_F(ShardingCollectionTest, TheTablesDigestIsThatOfItsRecordsWhateverTheirOrder) {
  begin();
  finish();
  CollectionConfig done = old_collection();
  done.successor = CollectionId(1);
  const std::vector<Record> present{new_shard(1), retired(test::shard(Epoch(2), {NodeId(0)})),
                                    new_collection(), new_shard(0), done};
  ShardTable other;
  std::uint64_t sum = 0;
  for (const Record& record : present) sum += record_digest(record);
  other.apply({Revision(1), present});
  EXPECT_EQ(other.digest(), sum);
  test::ReplicaBench fresh;
  fresh.commit(present);
  EXPECT_EQ(bench.watcher.table().digest(), fresh.watcher.table().digest());
}

TEST(CollectionDigestTest, EveryStageOfAMoveHasItsOwn) {
  std::vector<CollectionConfig> stages(5, test::collection(1, 1));
  stages[1].sharded = false;
  stages[2].moving_to = CollectionId(1);
  stages[3].successor = CollectionId(1);
  stages[4].first_epoch = Epoch(7);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(record_digest(stages[i]), record_digest(stages[j])) << i << " and " << j;
    }
  }
}

}  // namespace
}  // namespace shardproof
