// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/stable_hash.hpp"
#include "core/replica_bench_testing.hpp"
#include "core/shard_key.hpp"

/// Where documents lie must never change between builds, machines or versions: literal hashes,
/// computed by another implementation of XXH64, and the shards that follow from them.
namespace shardproof {
namespace {

constexpr std::array<std::uint32_t, 5> kShardCounts{1, 3, 16, 1000, 65'536};

struct Vector {
  /// The values of the shard key's fields in order.
  std::vector<FieldValue> values;
  std::uint64_t hash = 0;
  /// For each of the counts above.
  std::array<std::uint32_t, kShardCounts.size()> shards;
};

FieldValue text(const char* value) { return std::string(value); }
FieldValue number(std::int64_t value) { return value; }

const std::vector<Vector> kVectors{
    {{text("")}, 0x44a36e15443bb761, {0, 1, 1, 409, 46945}},
    {{text("a")}, 0x5301f50e9916640b, {0, 2, 11, 59, 25611}},
    {{text("k0000000001")}, 0x4b775a83e4a8b62a, {0, 0, 10, 810, 46634}},
    {{text("Zürich")}, 0xab33ac309a4454af, {0, 2, 15, 583, 21679}},
    {{text("a longer key, beyond one block of the hash")},
     0x20309130c9fcb064,
     {0, 0, 4, 812, 45156}},
    {{text("1")}, 0x77a651113e8eefff, {0, 1, 15, 111, 61439}},
    {{text("1.5")}, 0xc904b23d14cd7995, {0, 0, 5, 269, 31125}},
    {{text("-0")}, 0x55c5b90cc99632b2, {0, 2, 2, 698, 12978}},
    {{text("true")}, 0x4c6a5bb6607d4a7a, {0, 2, 10, 962, 19066}},
    {{number(0)}, 0x02d175a80b2bcbbf, {0, 2, 15, 79, 52159}},
    {{number(1)}, 0x19d7995c7bfcfba0, {0, 2, 0, 456, 64416}},
    {{number(-1)}, 0x092d3a5117aa60aa, {0, 1, 10, 762, 24746}},
    {{number(42)}, 0x69a8f29c64e39f68, {0, 1, 8, 536, 40808}},
    {{number(9'007'199'254'740'993)}, 0xcd1a849ae7009585, {0, 1, 5, 125, 38277}},
    {{std::numeric_limits<std::int64_t>::max()}, 0x68f87e636b847aab, {0, 2, 11, 379, 31403}},
    {{std::numeric_limits<std::int64_t>::min()}, 0x50ad55f641c86897, {0, 0, 7, 159, 26775}},
    {{false}, 0xd00dba5cf02aee4d, {0, 1, 13, 141, 61005}},
    {{true}, 0x938d507d8517a864, {0, 2, 4, 332, 43108}},
    {{text("ab"), text("c")}, 0x85213e6ad50cc994, {0, 2, 4, 668, 51604}},
    {{text("a"), text("bc")}, 0x12c0208a05cd23b7, {0, 1, 7, 583, 9143}},
    {{text("c7"), number(3)}, 0x92285a82ff35b26d, {0, 2, 13, 381, 45677}},
    {{number(3), text("c7")}, 0x4b2d6813703a2444, {0, 1, 4, 612, 9284}},
    {{true, false}, 0xb69e410acb9ac502, {0, 2, 2, 226, 50434}},
    {{false, true}, 0x7cefbb43ba697a48, {0, 1, 8, 552, 31304}},
    {{text("eu"), number(7), true}, 0xcde7c54ccdf93632, {0, 1, 2, 402, 13874}},
};

/// The encoding of the values, written down a second time.
std::string encode(const std::vector<FieldValue>& values) {
  std::string out;
  const auto add_word = [&](std::uint64_t word) {
    for (int i = 0; i < 8; ++i) out += static_cast<char>(word >> (8 * i) & 0xff);
  };
  for (const FieldValue& value : values) {
    if (const auto* of_text = std::get_if<std::string>(&value)) {
      out += 's';
      add_word(of_text->size());
      out += *of_text;
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      out += *flag ? 't' : 'f';
    } else {
      out += 'n';
      add_word(static_cast<std::uint64_t>(std::get<std::int64_t>(value)));
    }
  }
  return out;
}

TEST(ShardKeyVectorsTest, HashesAreThoseOfTheEncoding) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(stable_hash(encode(vector.values)), vector.hash) << encode(vector.values);
  }
}

TEST(ShardKeyVectorsTest, EveryDocumentLiesWhereItAlwaysLay) {
  for (const Vector& vector : kVectors) {
    CollectionConfig config = test::collection();
    config.first_shard = ShardId(100);
    config.shard_key.clear();
    Document document;
    document.key = "any";
    for (const FieldValue& value : vector.values) {
      config.shard_key.push_back(fmt::format("f{}", config.shard_key.size()));
      document.fields.insert(document.fields.begin(), {config.shard_key.back(), value});
    }
    for (std::size_t i = 0; i < kShardCounts.size(); ++i) {
      config.num_shards = kShardCounts[i];
      EXPECT_EQ(route(config, document)->value(), 100 + vector.shards[i])
          << describe_shard_key(config, document) << " of " << config.num_shards;
    }
  }
}

TEST(ShardKeyVectorsTest, TheKeyRoutesAsATextFieldOfTheSameValue) {
  CollectionConfig by_key = test::collection(16);
  CollectionConfig by_field = test::collection(16);
  by_field.shard_key = {"name"};
  for (const char* key : {"a", "k0000000001", "1", "true"}) {
    Document document;
    document.key = key;
    document.fields.push_back({"name", std::string(key)});
    EXPECT_EQ(*route(by_key, document), *route(by_field, document)) << key;
  }
}

/// Numbers are integers: there is one zero, and no decimal that could equal an integer.
TEST(ShardKeyVectorsTest, NegativeZeroIsZero) {
  CollectionConfig config = test::collection(65'536);
  config.shard_key = {"n"};
  Document zero;
  zero.fields.push_back({"n", number(0)});
  Document negative;
  negative.fields.push_back({"n", number(-0)});
  EXPECT_EQ(*route(config, zero), *route(config, negative));
}

}  // namespace
}  // namespace shardproof
