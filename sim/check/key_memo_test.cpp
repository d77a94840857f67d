// SPDX-License-Identifier: Apache-2.0
#include "sim/check/key_memo.hpp"

#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "sim/check/oracle.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

TEST(KeyMemo, RemembersWhatItIsToldOfAKey) {
  KeyMemo memo;
  KeyMemo::Entry& entry = memo.of("k0000000001");
  EXPECT_TRUE(entry.shard.is_none());
  entry.shard = ShardId(3);
  entry.index = 7;
  EXPECT_EQ(memo.of("k0000000001").shard, ShardId(3));
  EXPECT_EQ(memo.of("k0000000001").index, 7u);
}

TEST(KeyMemo, TakesNoKeyForAnotherInItsPlace) {
  KeyMemo memo;
  KeyMemo::Entry& entry = memo.of("first/00000001");
  entry.shard = ShardId(3);
  entry.index = 7;
  entry.collection = CollectionId(0);
  const KeyMemo::Entry& other = memo.of("second/00000001");
  ASSERT_EQ(&other, &entry);
  EXPECT_EQ(other.key, "second/00000001");
  EXPECT_TRUE(other.shard.is_none());
  EXPECT_TRUE(other.collection.is_none());
  EXPECT_EQ(other.index, KeyState::kNoKey);
}

TEST(KeyMemo, TakesShortKeysToo) {
  KeyMemo memo;
  memo.of("").index = 1;
  memo.of("a").index = 2;
  EXPECT_EQ(memo.of("").index, 1u);
  EXPECT_EQ(memo.of("a").index, 2u);
}

/// An oracle that has been told of one or two collections and of writes.
class OracleMemoTest : public ::testing::Test {
 protected:
  static CollectionConfig make_collection(std::uint32_t id, std::uint32_t first_shard,
                                          std::uint32_t num_shards) {
    CollectionConfig collection;
    collection.id = CollectionId(id);
    collection.database = "shop";
    collection.name = fmt::format("orders{}", id);
    collection.first_shard = ShardId(first_shard);
    collection.num_shards = num_shards;
    return collection;
  }
  void commit(const CollectionConfig& collection) {
    TableDelta delta;
    delta.revision = oracle.table().revision().next();
    delta.records.emplace_back(collection);
    for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
      ShardInfo shard;
      shard.id = ShardId(collection.first_shard.value() + i);
      shard.collection = collection.id;
      shard.epoch = Epoch(1);
      delta.records.emplace_back(shard);
    }
    oracle.take(hook::Committing{delta, kN0, Term(1)}, at);
  }
  /// The answer must be that of hashing anew.
  void expect_routes(const CollectionConfig& collection, const Document& document) {
    const auto routed = oracle.shard_for(collection, document);
    ASSERT_TRUE(routed.has_value());
    EXPECT_EQ(*routed, *route(collection, document));
  }
  void apply(ShardId shard, Version version, const DocumentRef& document) {
    auto* entry = new LogEntry;
    entry->version = version;
    entry->mutations.push_back({document, false});
    oracle.take(fact::EntryApplied{shard, EntryRef(entry)}, at);
  }

  CheckConfig config;
  Oracle oracle{config};
  const At at{kN0, 1, Instant(), Instant(), 1};
};

TEST_F(OracleMemoTest, RoutesInEachCollectionByItsOwnShards) {
  const CollectionConfig first = make_collection(0, 0, 5);
  const CollectionConfig second = make_collection(1, 5, 7);
  commit(first);
  commit(second);
  for (int i = 0; i < 100; ++i) {
    const DocumentRef document = make_document(fmt::format("k{:010}", i));
    expect_routes(first, *document);
    expect_routes(second, *document);
    expect_routes(first, *document);
  }
}

TEST_F(OracleMemoTest, RoutesAnewAfterACollectionHasChanged) {
  commit(make_collection(0, 0, 4));
  for (int i = 0; i < 20; ++i) {
    oracle.shard_for(make_collection(0, 0, 4), *make_document(fmt::format("{}", i))).value();
  }
  const CollectionConfig changed = make_collection(0, 0, 9);
  commit(changed);
  for (int i = 0; i < 20; ++i) expect_routes(changed, *make_document(fmt::format("{}", i)));
}

TEST_F(OracleMemoTest, RoutesByOtherFieldsWithoutMindingTheKey) {
  CollectionConfig collection = make_collection(0, 0, 16);
  collection.shard_key = {"customer"};
  commit(collection);
  for (int i = 0; i < 20; ++i) {
    expect_routes(collection, *make_document("same key", 1, fmt::format("c{}", i)));
  }
}

TEST_F(OracleMemoTest, SaysThatAKeyIsMissing) {
  const CollectionConfig collection = make_collection(0, 0, 4);
  commit(collection);
  for (int i = 0; i < 2; ++i) {
    const auto routed = oracle.shard_for(collection, *make_document(""));
    ASSERT_FALSE(routed.has_value());
    EXPECT_EQ(routed.error(), ReplyStatus::MissingShardKeyField);
  }
}

/// Far more keys than are remembered, in an order that forgets and comes back, against a map.
TEST_F(OracleMemoTest, FindsTheStatesThatAMapHas) {
  commit(make_collection(0, 0, 2));
  std::map<std::pair<ShardId, std::string>, Version> expected;
  std::uint64_t next = 1;
  for (std::uint64_t i = 1; i <= 6000; ++i) {
    const ShardId shard(mix64(i) % 2);
    const DocumentRef document = make_document(fmt::format("k{:010}", mix64(i) / 2 % 700), i);
    const auto known = expected.find({shard, document->key});
    const KeyState* found = oracle.find_key(shard, *document);
    ASSERT_EQ(found != nullptr, known != expected.end());
    if (found != nullptr) {
      EXPECT_EQ(found->applied, known->second);
      EXPECT_EQ(found->tag, tag_of(shard, document->key));
    }
    if (i % 3 == 0) continue;
    const Version version{Epoch(1), LogIndex(next++)};
    apply(shard, version, document);
    expected[{shard, document->key}] = version;
  }
}

}  // namespace
}  // namespace shardproof::sim::check
