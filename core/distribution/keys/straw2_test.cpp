// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/straw2.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kKeys = 100'000;

/// Of ten equal items one weighs twice as much: 2/11 - 1/10 of the keys move, all to it; or half as
/// much: 1/10 - 1/19 move, all away from it.
TEST(Straw2, MovesKeysOnlyToAndFromTheItemWhoseWeightChanges) {
  const auto map = key_map("straw2", 10, 0, {}, std::vector<std::uint64_t>(10, 2));
  const auto before = owners_of(*map, kKeys);
  for (const std::uint64_t weight : {4u, 1u}) {
    std::vector<std::uint64_t> weights(10, 2);
    weights[3] = weight;
    const auto after = owners_of(*map->resized(10, weights), kKeys);
    std::uint64_t moved = 0;
    for (std::uint64_t i = 0; i < kKeys; ++i) {
      if (before[i] == after[i]) continue;
      ++moved;
      ASSERT_EQ(weight == 4 ? after[i] : before[i], 3u);
    }
    const double chance = weight == 4 ? 2.0 / 11 - 1.0 / 10 : 1.0 / 10 - 1.0 / 19;
    EXPECT_LT(std::abs(binomial_z(moved, kKeys, chance)), 4) << weight;
  }
}

TEST(Straw2, PutsCopiesInDistinctDomainsAsLongAsThereAreAny) {
  const auto map = key_map("straw2", 12, 0, {{"domain", {3, 1}}});
  KeyStream stream(*KeyFormat::parse("key-%d"), 1000, 0);
  for (const Key& key : stream.next()) {
    std::set<std::uint32_t> domains;
    for (const std::uint32_t node : map->replicas(key, 4)) domains.insert(node / 3);
    EXPECT_EQ(domains.size(), 4u) << "0-2, 3-5, 6-8 and 9-11";
    EXPECT_EQ(map->replicas(key, 6).size(), 6u) << "more copies than domains";
  }
}

TEST(Straw2, GivesDomainsAndNodesTheirShareByWeight) {
  const std::vector<std::uint64_t> weights = {1, 2, 3, 4, 1, 1, 5};
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto map = key_map("straw2", 7, seed, {{"domain", {3, 1}}}, weights);
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 7), weights);
  }
  EXPECT_LT(std::abs(sum / std::sqrt(20.0)), 4);
}

TEST(Straw2, SpreadsEvenlyOverDomainsOfUnequalSize) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto map = key_map("straw2", 10, seed, {{"domain", {4, 1}}});
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 10));
  }
  EXPECT_LT(std::abs(sum / std::sqrt(20.0)), 4);
}

}  // namespace
}  // namespace shardproof::distribution
