// SPDX-License-Identifier: Apache-2.0
#include "core/shard_key.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

CollectionConfig keyed_by(std::vector<std::string> fields) {
  CollectionConfig config = test::collection(16);
  config.shard_key = std::move(fields);
  return config;
}

Document fields(std::string key, std::vector<Field> values) {
  Document made;
  made.key = std::move(key);
  made.fields.assign(values.begin(), values.end());
  return made;
}

TEST(ShardKeyTest, ShardsAreNumberedFromTheCollectionsFirst) {
  CollectionConfig config = keyed_by({"_key"});
  const ShardId before = *route(config, *test::document("a"));
  config.first_shard = ShardId(100);
  EXPECT_EQ(route(config, *test::document("a"))->value(), before.value() + 100);
}

TEST(ShardKeyTest, AMissingFieldIsNamed) {
  const CollectionConfig config = keyed_by({"customer", "region"});
  const Document document = fields("a", {{"customer", std::string("c7")}});
  EXPECT_EQ(route(config, document).error(), ReplyStatus::MissingShardKeyField);
  EXPECT_EQ(describe_shard_key(config, document), "customer=\"c7\", region=(missing)");
}

TEST(ShardKeyTest, AnEmptyKeyIsMissing) {
  EXPECT_EQ(route(keyed_by({"_key"}), Document()).error(), ReplyStatus::MissingShardKeyField);
}

TEST(ShardKeyTest, AValueOfAnotherTypeIsRefused) {
  const Document document = fields("a", {{"customer", std::monostate()}});
  EXPECT_EQ(route(keyed_by({"customer"}), document).error(), ReplyStatus::ShardKeyType);
}

TEST(ShardKeyTest, EveryTypePrintsAsAPersonWritesIt) {
  const Document document =
      fields("k", {{"n", std::int64_t{-3}}, {"b", true}, {"z", std::monostate()}});
  EXPECT_EQ(describe_shard_key(keyed_by({"_key", "n", "b", "z"}), document),
            "_key=\"k\", n=-3, b=true, z=null");
}

TEST(ShardKeyTest, FieldsThatAreNotDeclaredDoNotCount) {
  const CollectionConfig config = keyed_by({"customer"});
  const Document one = fields("a", {{"customer", std::string("c")}, {"x", std::int64_t{1}}});
  const Document other = fields("b", {{"x", std::int64_t{2}}, {"customer", std::string("c")}});
  EXPECT_EQ(*route(config, one), *route(config, other));
}

}  // namespace
}  // namespace shardproof
