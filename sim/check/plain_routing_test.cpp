// SPDX-License-Identifier: Apache-2.0
#include "sim/check/plain_routing.hpp"

#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

CollectionConfig make_collection(std::vector<std::string> shard_key) {
  CollectionConfig collection;
  collection.id = CollectionId(0);
  collection.num_shards = 1000;
  collection.first_shard = ShardId(7);
  collection.shard_key = std::move(shard_key);
  return collection;
}

TEST(PlainHash, HasTheValuesOfTheReferenceImplementation) {
  EXPECT_EQ(plain_hash(""), 0xef46db3751d8e999u);
  EXPECT_EQ(plain_hash("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(plain_hash("abc"), 0x44bc2cf5ad770999u);
  EXPECT_EQ(plain_hash("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1u);
}

TEST(PlainRouting, GivesTheShardsThatWereGivenBefore) {
  const CollectionConfig collection = make_collection({"_key"});
  EXPECT_EQ(plain_route(collection, *make_document("k0000000001")).value(), ShardId(7 + 810));
  EXPECT_EQ(plain_route(collection, *make_document("Zürich")).value(), ShardId(7 + 583));
}

TEST(PlainRouting, TellsFieldsThatAreMissingFromThoseOfAWrongType) {
  const CollectionConfig collection = make_collection({"customer"});
  EXPECT_EQ(plain_route(collection, *make_document("a")).error(),
            ReplyStatus::MissingShardKeyField);
  Document odd;
  odd.key = "a";
  odd.fields.push_back({"customer", FieldValue()});
  EXPECT_EQ(plain_route(collection, odd).error(), ReplyStatus::ShardKeyType);
  EXPECT_EQ(plain_route(make_collection({"_key"}), *make_document("")).error(),
            ReplyStatus::MissingShardKeyField);
}

}  // namespace
}  // namespace shardproof::sim::check
