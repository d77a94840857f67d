// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/directory.hpp"

#include <map>

#include <gmock/gmock.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/movement.hpp"

namespace shardproof::distribution {
namespace {

TEST(KeyDirectory, IsAMapFromKeysToNodes) {
  Random random(4);
  KeyDirectory directory;
  std::map<std::uint64_t, std::uint32_t> twin;
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t hash = random.below(2000) << 32;  // equal low bits
    const auto entry = directory.find(hash);
    ASSERT_EQ(entry.has_value(), twin.contains(hash));
    const auto node = static_cast<std::uint32_t>(random.below(50));
    if (entry) {
      ASSERT_EQ(directory.node(*entry), twin[hash]);
      directory.move(*entry, node);
    } else {
      directory.add(hash, node);
    }
    twin[hash] = node;
  }
  EXPECT_EQ(directory.size(), twin.size());
}

TEST(Directory, GivesEachNodeItsShareToOneKey) {
  const auto map = key_map("directory", 7);
  const auto owners = owners_of(*map, 1000);
  for (const auto count : counts_of(owners, 7)) EXPECT_THAT(count, testing::AnyOf(142u, 143u));
  EXPECT_EQ(owners_of(*map, 1000), owners) << "asked again, they are where they were";
}

TEST(Directory, MovesTheLeastThatBalancesItAgain) {
  std::unique_ptr<KeyMap> map = key_map("directory", 4, 0, {}, {1, 2, 3, 1});
  auto before = owners_of(*map, 10'000);
  std::uint32_t nodes = 4;
  const std::vector<std::vector<std::uint64_t>> changes = {
      {1, 1, 1, 1, 1}, {1, 1, 1}, {5, 1, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {3}, {1, 1, 1, 1, 1, 1}};
  for (const auto& weights : changes) {
    const auto after = static_cast<std::uint32_t>(weights.size());
    auto changed = map->resized(after, weights);
    const auto now = owners_of(*changed, 10'000);
    EXPECT_EQ(moves_of(before, now, nodes, after).all,
              least_moved(counts_of(before, nodes), after, weights));
    EXPECT_EQ(least_moved(counts_of(now, after), after, weights), 0u) << "balanced";
    map = std::move(changed);
    before = now;
    nodes = after;
  }
}

TEST(TwoChoice, MovesKeysOnlyToNodesThatComeAndFromNodesThatGo) {
  const auto map = key_map("two_choice", 10);
  const auto before = owners_of(*map, 20'000);
  const auto grown = map->resized(13, {});
  const auto after = owners_of(*grown, 20'000);
  EXPECT_EQ(moves_of(before, after, 10, 13).between_old, 0u);
  for (const auto count : counts_of(after, 13)) EXPECT_NEAR(static_cast<double>(count), 1538, 40);
  const auto shrunk = owners_of(*grown->resized(8, {}), 20'000);
  EXPECT_EQ(moves_of(after, shrunk, 13, 8).between_old, 0u);
  for (const auto count : counts_of(shrunk, 8)) EXPECT_NEAR(static_cast<double>(count), 2500, 40);
}

/// Nodes of weight 1 and 4 in turns: relative loads are as even as those of equal nodes. Uniform
/// choices could not do that: 80 % of the keys belong on heavy nodes, and of two choices one is
/// heavy for 75 %.
TEST(TwoChoice, FillsNodesInProportionToTheirWeights) {
  std::vector<std::uint64_t> weights;
  for (std::uint32_t node = 0; node < 40; ++node) weights.push_back(node % 2 == 0 ? 1 : 4);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto map = key_map("two_choice", 40, seed, {}, weights);
    const auto counts = counts_of(owners_of(*map, 100'000, seed), 40);
    for (std::uint32_t node = 0; node < 40; ++node) {
      EXPECT_LE(counts[node], 1004 * weights[node]);
      EXPECT_GE(counts[node], 985 * weights[node]);
    }
  }
}

TEST(TwoChoice, MovesKeysOnlyToAHeavyNodeThatComes) {
  const auto map = key_map("two_choice", 4, 0, {}, {1, 2, 3, 2});
  const auto before = owners_of(*map, 20'000);
  const auto grown = map->resized(5, {1, 2, 3, 2, 8});
  const auto after = owners_of(*grown, 20'000);
  EXPECT_EQ(moves_of(before, after, 4, 5).between_old, 0u);
  const auto counts = counts_of(after, 5);
  for (std::uint32_t node = 0; node < 5; ++node) {
    const double share = std::vector{1.0, 2.0, 3.0, 2.0, 8.0}[node] / 16;
    EXPECT_NEAR(static_cast<double>(counts[node]) / 20'000 / share, 1, 0.05) << node;
  }
  EXPECT_EQ(owners_of(*grown->resized(5, {8, 1, 1, 1, 1}), 20'000), after)
      << "weights alone move nothing";
}

}  // namespace
}  // namespace shardproof::distribution
