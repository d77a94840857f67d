// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/copysets.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/shuffle.hpp"
#include "core/distribution/keys/tiered.hpp"

namespace shardproof::distribution {
namespace {

double choose(double n, double k) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1));
}

std::set<std::set<std::uint32_t>> distinct_sets(const Copysets& copysets) {
  std::set<std::set<std::uint32_t>> sets;
  for (std::size_t i = 0; i < copysets.size(); ++i) {
    const auto set = copysets.set(i);
    sets.insert({set.begin(), set.end()});
  }
  return sets;
}

/// The table of the paper: 5000 nodes of which 50 fail, three copies, scatter width 10 and 200.
TEST(Copysets, AreAsFewAsInThePaper) {
  const double each = choose(50, 3) / choose(5000, 3);
  EXPECT_NEAR(each * 1e7, 9.41365, 1e-4);
  for (const auto& [scatter, sets, loss] :
       {std::tuple{10u, 8330u, 0.00781}, {2u, 1666u, 0.001567}, {200u, 166'600u, 0.145}}) {
    const Copysets copysets = permuted_copysets(5000, 3, scatter, 0);
    EXPECT_EQ(copysets.size(), sets);
    const auto distinct = static_cast<double>(distinct_sets(copysets).size());
    EXPECT_NEAR((1 - std::pow(1 - each, distinct)) / loss, 1, 0.01) << scatter;
  }
}

TEST(Copysets, LoseDataAsOftenAsTheyAreManyWhenNodesFail) {
  // Nine nodes, scatter width 4: of the 84 ways for three nodes to fail 6 hit a copyset.
  std::uint64_t hit = 0;
  std::uint64_t sets = 0;
  constexpr std::uint64_t kSeeds = 4000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto distinct = distinct_sets(permuted_copysets(9, 3, 4, seed));
    Random random(seed);
    std::set<std::uint32_t> failed;
    while (failed.size() < 3) failed.insert(static_cast<std::uint32_t>(random.below(9)));
    if (distinct.contains(failed)) ++hit;
    sets += distinct.size();
  }
  const double chance = static_cast<double>(sets) / kSeeds / 84;
  EXPECT_NEAR(chance, 6.0 / 84, 0.004) << "two permutations seldom have a set in common";
  EXPECT_LT(std::abs(binomial_z(hit, kSeeds, chance)), 4);
}

TEST(Copysets, HaveAllCopiesOfAKey) {
  const auto map = key_map("copysets", 21, 3);
  const auto sets = distinct_sets(permuted_copysets(21, 3, 10, 3));
  KeyStream stream(*KeyFormat::parse("key-%d"), 1000, 0);
  for (const Key& key : stream.next()) {
    const auto copies = map->replicas(key, 3);
    EXPECT_TRUE(sets.contains({copies.begin(), copies.end()}));
  }
}

TEST(Copysets, KnowTheSetsOfEachNode) {
  const Copysets copysets = permuted_copysets(10, 3, 6, 1);
  for (std::uint32_t node = 0; node < 10; ++node) {
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < copysets.size(); ++i) {
      const auto set = copysets.set(i);
      if (std::find(set.begin(), set.end(), node) != set.end()) expected.push_back(i);
    }
    const auto found = copysets.sets_of(node);
    EXPECT_EQ(std::vector(found.begin(), found.end()), expected);
  }
}

/// By node: how many others it shares a set with.
std::vector<std::size_t> scatter_widths(const Copysets& copysets, std::uint32_t nodes) {
  std::vector<std::set<std::uint32_t>> others(nodes);
  for (std::size_t i = 0; i < copysets.size(); ++i) {
    for (const std::uint32_t node : copysets.set(i)) {
      for (const std::uint32_t other : copysets.set(i)) {
        if (other != node) others[node].insert(other);
      }
    }
  }
  std::vector<std::size_t> widths;
  for (const auto& each : others) widths.push_back(each.size());
  return widths;
}

/// So no failure of primary nodes alone, or of backup nodes alone, takes all copies of anything.
TEST(TieredCopysets, HaveOneNodeOfTheBackupTierEach) {
  for (const std::uint32_t copies : {2u, 3u, 4u}) {
    const Copysets copysets = tiered_copysets(100, copies, 12, 4, 0);
    ASSERT_GT(copysets.size(), 0u);
    for (std::size_t i = 0; i < copysets.size(); ++i) {
      const auto set = copysets.set(i);
      EXPECT_EQ(std::set(set.begin(), set.end()).size(), copies);
      for (const std::uint32_t node : set) {
        EXPECT_EQ(is_backup(node, 4), node == set.back()) << "of which the last is one";
      }
    }
  }
}

/// p primary nodes need p ceil(S / (R - 1)) / (R - 1) sets at least, each node being in ceil(S / (R
/// - 1)) and each set having R - 1 of them.
TEST(TieredCopysets, GivePrimaryNodesTheirScatterWidthWithFewSets) {
  for (const auto& [nodes, copies, scatter] :
       {std::tuple{300u, 3u, 10u}, {300u, 3u, 4u}, {1000u, 3u, 2u}, {400u, 5u, 12u}}) {
    const Copysets copysets = tiered_copysets(nodes, copies, scatter, 3, 0);
    const auto widths = scatter_widths(copysets, nodes);
    std::uint32_t primary = 0;
    for (std::uint32_t node = 0; node < nodes; ++node) {
      if (is_backup(node, 3)) continue;
      ++primary;
      EXPECT_GE(widths[node], scatter);
    }
    const std::uint32_t others = copies - 1;
    const auto least = static_cast<double>(primary) * ((scatter + others - 1) / others) / others;
    EXPECT_GE(static_cast<double>(copysets.size()), least);
    EXPECT_LT(static_cast<double>(copysets.size()), 1.1 * least) << nodes << ", " << scatter;
  }
}

TEST(TieredCopysets, UseAllOfTheBackupTierAlike) {
  const Copysets copysets = tiered_copysets(300, 3, 10, 3, 0);
  std::size_t least = copysets.size();
  std::size_t most = 0;
  for (std::uint32_t node = 2; node < 300; node += 3) {
    least = std::min(least, copysets.sets_of(node).size());
    most = std::max(most, copysets.sets_of(node).size());
  }
  EXPECT_GE(least, 3u);
  EXPECT_LE(most, least + 3);
}

/// Three primary nodes and one backup: every pair of primary nodes has a set. With fewer nodes of
/// a tier than a set needs there is none.
TEST(TieredCopysets, ShareAllTheyCanInASmallCluster) {
  EXPECT_EQ(distinct_sets(tiered_copysets(4, 3, 10, 3, 0)),
            (std::set<std::set<std::uint32_t>>{{0, 1, 2}, {0, 2, 3}, {1, 2, 3}}));
  EXPECT_EQ(tiered_copysets(2, 3, 10, 3, 0).size(), 0u);
  EXPECT_EQ(tiered_copysets(9, 3, 10, 10, 0).size(), 0u);
  EXPECT_EQ(tiered_copysets(6, 6, 10, 3, 0).size(), 0u) << "only four are primary";
}

TEST(Tiered, PutsTheFirstCopyOnAPrimaryNodeAndTheLastOnABackup) {
  const auto map = key_map("tiered", 20, 3);
  const auto sets = distinct_sets(tiered_copysets(20, 3, 10, 3, 3));
  KeyStream stream(*KeyFormat::parse("key-%d"), 1000, 0);
  std::set<std::uint32_t> first;
  std::set<std::uint32_t> last;
  for (const Key& key : stream.next()) {
    const auto copies = map->replicas(key, 3);
    EXPECT_TRUE(sets.contains({copies.begin(), copies.end()}));
    first.insert(copies.front());
    last.insert(copies.back());
  }
  EXPECT_EQ(first, (std::set<std::uint32_t>{0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19}));
  EXPECT_EQ(last, (std::set<std::uint32_t>{2, 5, 8, 11, 14, 17}));
}

ShuffleMap shuffled(std::uint32_t nodes, std::uint64_t tenants, std::uint64_t shard,
                    std::uint64_t seed) {
  KeyMapRequest request;
  request.nodes = nodes;
  request.seed = seed;
  request.options = {{"tenants", {tenants, 1}}, {"shard", {shard, 1}}};
  return ShuffleMap(std::move(request));
}

/// Of two shards of 4 among 10 nodes j nodes are common as the hypergeometric distribution says.
TEST(Shuffle, SharesNodesBetweenTenantsAsChanceDoes) {
  std::vector<std::uint64_t> common(5);
  std::uint64_t pairs = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const ShuffleMap map = shuffled(10, 2000, 4, seed);
    for (std::uint64_t tenant = 0; tenant < 2000; tenant += 2, ++pairs) {
      const auto a = map.shard_of(tenant);
      const auto b = map.shard_of(tenant + 1);
      const std::set<std::uint32_t> first(a.begin(), a.end());
      ASSERT_EQ(first.size(), 4u);
      ++common[static_cast<std::size_t>(std::count_if(
          b.begin(), b.end(), [&](std::uint32_t node) { return first.contains(node); }))];
    }
  }
  for (int j = 0; j <= 4; ++j) {
    const double chance = choose(4, j) * choose(6, 4 - j) / choose(10, 4);
    EXPECT_LT(std::abs(binomial_z(common[static_cast<std::size_t>(j)], pairs, chance)), 4) << j;
  }
}

/// E[CV^2] = (n - k) / (k T): 40 seeds of 50 nodes have a relative deviation of about 0.03.
TEST(Shuffle, IsAsUnevenAsItsTenantsAreFew) {
  double squares = 0;
  constexpr std::uint64_t kSeeds = 40;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const std::vector<std::uint64_t> shares = *shuffled(50, 300, 4, seed).shares();
    for (const std::uint64_t share : shares) {
      const double off = std::ldexp(static_cast<double>(share), -64) * 50 - 1;
      squares += off * off / 50 / kSeeds;
    }
  }
  EXPECT_NEAR(squares / (46.0 / (4 * 300)), 1, 0.12);
}

TEST(Shuffle, KeepsTheCopiesOfAKeyInItsTenantsShard) {
  ShuffleMap map = shuffled(30, 100, 4, 0);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Key key{"", mix64(i)};
    auto copies = map.replicas(key, 4);
    const auto shard = map.shard_of(key.hash % 100);
    EXPECT_TRUE(std::is_permutation(copies.begin(), copies.end(), shard.begin(), shard.end()));
  }
}

}  // namespace
}  // namespace shardproof::distribution
