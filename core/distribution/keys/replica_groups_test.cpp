// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/copysets.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"
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
  for (const auto& [scatter, sets, loss, unit] : {std::tuple{10u, 8330u, 0.00781, 1e-5},
                                                  {2u, 1666u, 0.001567, 1e-6},
                                                  {200u, 166'600u, 0.145, 1e-3}}) {
    const Copysets copysets = permuted_copysets(5000, 3, scatter, 0);
    EXPECT_EQ(copysets.size(), sets);
    const auto distinct = static_cast<double>(distinct_sets(copysets).size());
    const double found = 1 - std::pow(1 - each, distinct);
    EXPECT_NEAR(found, loss, unit / 2) << scatter;
  }
}

/// Nine nodes, scatter width 4: of the 84 ways for three nodes to fail 6 hit a copyset, but for the
/// 3 * 3 / 84 sets that two permutations have in common.
TEST(Copysets, LoseDataAsOftenAsTheyAreManyWhenNodesFail) {
  Deviation hit;
  Deviation common;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const auto distinct = distinct_sets(permuted_copysets(9, 3, 4, seed));
    Random random(seed);
    std::set<std::uint32_t> failed;
    while (failed.size() < 3) failed.insert(static_cast<std::uint32_t>(random.below(9)));
    hit.add(distinct.contains(failed) ? 1 : 0, binomial_moments(1, (6 - 9.0 / 84) / 84));
    // Of 280 ways to cut nine nodes in three, one has all three in common with a given one, 27 just
    // one, and two imply the third.
    common.add(6 - static_cast<double>(distinct.size()),
               {9.0 / 84, (27.0 + 9.0) / 280 - (9.0 / 84) * (9.0 / 84)});
  }
  EXPECT_LT(std::abs(hit.z()), kFar);
  EXPECT_LT(std::abs(common.z()), kFar);
}

/// The chance that F of n nodes hold one of n / R disjoint sets, by inclusion and exclusion.
double loss_of_one_permutation(double nodes, double copies, double failures) {
  double chance = 0;
  for (int sets = 1; sets * copies <= failures; ++sets) {
    const double ways = choose(nodes / copies, sets) *
                        choose(nodes - sets * copies, failures - sets * copies) /
                        choose(nodes, failures);
    chance += sets % 2 == 1 ? ways : -ways;
  }
  return chance;
}

/// Keys are lost as often as their sets say, however many keys there are: with scatter width 2 by
/// the exact chance, which for failures of three nodes is that of the paper.
TEST(Copysets, LoseKeysByTheChanceOfTheirSets) {
  EXPECT_NEAR(loss_of_one_permutation(9, 3, 3), 3.0 / 84, 1e-9);
  KeyStream stream(*KeyFormat::parse("key-%d"), 400, 0);
  const auto keys = stream.next();
  for (const std::uint32_t failures : {4u, 8u}) {
    const double chance = loss_of_one_permutation(30, 3, failures);
    Deviation lost;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto map = key_map("copysets", 30, seed, {{"scatter", {2, 1}}});
      std::set<std::set<std::uint32_t>> sets;
      for (const Key& key : keys) {
        const auto copies = map->replicas(key, 3);
        sets.insert({copies.begin(), copies.end()});
      }
      ASSERT_EQ(sets.size(), 10u) << "all have keys, and there are no others";
      Random random(seed);
      for (int trial = 0; trial < 200; ++trial) {
        std::set<std::uint32_t> failed;
        while (failed.size() < failures)
          failed.insert(static_cast<std::uint32_t>(random.below(30)));
        const bool is_lost = std::any_of(sets.begin(), sets.end(), [&](const auto& set) {
          return std::includes(failed.begin(), failed.end(), set.begin(), set.end());
        });
        lost.add(is_lost ? 1 : 0, binomial_moments(1, chance));
      }
    }
    EXPECT_LT(std::abs(lost.z()), kFar) << failures;
  }
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

/// E[CV^2] = (n - k) / (k T). What two tenants have in common does not depend on what one of them
/// has in common with a third, so the variance of the squares is T (T - 1) 2 times that of one
/// hypergeometric number.
TEST(Shuffle, IsAsUnevenAsItsTenantsAreFew) {
  constexpr double kNodes = 50;
  constexpr double kShard = 4;
  constexpr double kTenants = 300;
  const double each = kShard * kTenants / kNodes;
  const double common =
      kShard * (kShard / kNodes) * (1 - kShard / kNodes) * (kNodes - kShard) / (kNodes - 1);
  const double scale = kNodes * each * each;
  const Moments moments{(kNodes - kShard) / (kShard * kTenants),
                        2 * kTenants * (kTenants - 1) * common / (scale * scale)};
  Deviation squares;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    auto shares = shares_of(shuffled(50, 300, 4, seed));
    for (double& share : shares) share *= kNodes;
    squares.add(unevenness(shares, std::vector<double>(50, 1)) / kNodes, moments);
  }
  EXPECT_LT(std::abs(squares.z()), kFar);
}

/// A node that comes takes a place in k / (n + 1) of the shards.
TEST(Shuffle, GivesANodeThatComesItsPlaces) {
  Deviation taken;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const ShuffleMap grown = shuffled(21, 1000, 4, seed);
    std::uint64_t shards = 0;
    for (std::uint64_t tenant = 0; tenant < 1000; ++tenant) {
      const auto shard = grown.shard_of(tenant);
      if (std::find(shard.begin(), shard.end(), 20u) != shard.end()) ++shards;
    }
    taken.add(static_cast<double>(shards), binomial_moments(1000, 4.0 / 21));
  }
  EXPECT_LT(std::abs(taken.z()), kFar);
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
