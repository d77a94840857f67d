// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/range.hpp"

#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

std::uint64_t sum(const std::vector<std::uint64_t>& list) {
  return std::accumulate(list.begin(), list.end(), std::uint64_t{0});
}

std::vector<std::uint64_t> equal(std::size_t nodes) { return std::vector<std::uint64_t>(nodes, 1); }

/// A split of 101 leaves 50 in the lower half for good: exactly 1999 shards, 0.500250 full.
TEST(Range, LeavesShardsHalfFullBehindAscendingKeys) {
  RangeTable table(equal(10), 100, 0);
  for (int i = 0; i < 100'000; ++i) table.insert(fmt::format("{:06}", i));
  EXPECT_EQ(table.shards(), 1999u);
  EXPECT_EQ(sum(table.sizes()), 100'000u);
}

/// A twin that holds all keys in one set: under inserts and removals the ranges hold just these, no
/// shard is above the limit, and no two neighbours stay that are to merge after a removal.
TEST(Range, SplitsAndMergesWithoutLosingAKey) {
  Random random(11);
  RangeTable table(equal(4), 20, 8);
  std::set<std::string> twin;
  std::size_t most_shards = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = fmt::format("{:03}", random.below(900));
    const bool grows = step / 2500 % 2 == 0;
    if (random.below(10) < (grows ? 7u : 2u)) {
      table.insert(key);
      twin.insert(key);
    } else {
      table.erase(key);
      twin.erase(key);
    }
    most_shards = std::max(most_shards, table.shards());
    const auto sizes = table.sizes();
    ASSERT_EQ(sum(sizes), twin.size());
    ASSERT_EQ(sum(table.loads()), twin.size());
    ASSERT_LE(*std::max_element(sizes.begin(), sizes.end()), 20u);
  }
  EXPECT_GT(most_shards, 30u);
  for (const std::string& key : std::set(twin)) table.erase(key);
  EXPECT_EQ(sum(table.sizes()), 0u);
  EXPECT_EQ(table.shards(), 1u) << "all have merged again";
}

TEST(Range, MergesWhereTheLargerShardWas) {
  RangeTable table(equal(2), 4, 4);
  for (const char* key : {"a", "b", "c", "d", "e"}) table.insert(key);
  ASSERT_EQ(table.sizes(), (std::vector<std::uint64_t>{2, 3}));
  ASSERT_EQ(table.owner("c"), 1u) << "the emptier node";
  table.erase("a");
  EXPECT_EQ(table.shards(), 2u) << "four are not below four";
  table.erase("b");
  EXPECT_EQ(table.sizes(), std::vector<std::uint64_t>{3});
  EXPECT_EQ(table.owner("a"), 1u);
}

TEST(Range, GivesWholeShardsToNewNodesAndTakesThoseOfNodesThatGo) {
  const auto map = key_map("range", 4, 0, {{"split", {100, 1}}});
  owners_of(*map, 20'000);
  const auto before = owners_of(*map, 20'000);
  const auto grown = map->resized(5, {});
  const auto after = owners_of(*grown, 20'000);
  for (const auto count : counts_of(after, 5)) EXPECT_NEAR(static_cast<double>(count), 4000, 100);
  const Moves moves = moves_of(before, after, 4, 5);
  EXPECT_EQ(moves.between_old, 0u);
  EXPECT_EQ(moves.all, counts_of(after, 5)[4]) << "what the new node has";
  const auto shrunk = owners_of(*grown->resized(2, {}), 20'000);
  for (const auto count : counts_of(shrunk, 2))
    EXPECT_NEAR(static_cast<double>(count), 10'000, 100);
}

/// To within a shard of 50 to 100 keys for each unit of weight, also where weights change.
TEST(Range, FillsNodesInProportionToTheirWeights) {
  std::unique_ptr<KeyMap> map = key_map("range", 4, 0, {{"split", {100, 1}}}, {1, 2, 3, 4});
  owners_of(*map, 20'000);
  for (const std::vector<std::uint64_t>& weights :
       {std::vector<std::uint64_t>{1, 2, 3, 4}, {1, 2, 3, 4, 10}, {4, 3, 2, 1, 10}, {1, 9}}) {
    const auto nodes = static_cast<std::uint32_t>(weights.size());
    map = map->resized(nodes, weights);
    const auto counts = counts_of(owners_of(*map, 20'000), nodes);
    for (std::uint32_t node = 0; node < nodes; ++node) {
      const auto weight = static_cast<double>(weights[node]);
      const double share = 20'000 * weight / static_cast<double>(sum(weights));
      EXPECT_NEAR(static_cast<double>(counts[node]), share, 100 * weight) << node;
    }
  }
}

}  // namespace
}  // namespace shardproof::distribution
