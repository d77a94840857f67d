// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/skeleton.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

std::vector<std::pair<std::string_view, Ratio>> fanout(std::uint64_t children) {
  return {{"fanout", {children, 1}}};
}

TEST(Skeleton, GivesLeavesTheirShareInATreeThatIsNotFull) {
  const std::vector<std::uint64_t> weights = {1, 2, 3, 1, 1, 5, 1, 1, 2, 2, 1};
  for (const std::uint64_t children : {2u, 3u, 16u}) {
    double even = 0;
    double weighted = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto map = key_map("rendezvous", 11, seed, fanout(children));
      even += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 11));
      const auto heavy = map->resized(11, weights);
      weighted += chi_square_z(counts_of(owners_of(*heavy, 20'000, seed), 11), weights);
    }
    EXPECT_LT(std::abs(even / std::sqrt(20.0)), 4) << children;
    EXPECT_LT(std::abs(weighted / std::sqrt(20.0)), 4) << children;
  }
}

/// What moves goes to the vertex above the new leaf, at each level: never to a leaf outside of the
/// lowest vertex that both the key's old node and the new one are below.
TEST(Skeleton, MovesKeysOnlyTowardsTheNewLeaf) {
  const auto map = key_map("rendezvous", 14, 0, fanout(4));
  const auto before = owners_of(*map, 50'000);
  const auto after = owners_of(*map->resized(15, {}), 50'000);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    ASSERT_EQ(after[i] / 4, 3u) << "leaves 12, 13 and the new one";
  }
  const Moves moves = moves_of(before, after, 14, 15);
  EXPECT_GT(moves.between_old, 0u) << "more than flat rendezvous moves";
  EXPECT_LT(moves.all, 2 * 50'000u / 15);
}

TEST(Skeleton, KeepsTheTreeBelowANewRoot) {
  const auto map = key_map("rendezvous", 16, 0, fanout(4));
  const auto before = owners_of(*map, 50'000);
  const auto after = owners_of(*map->resized(17, {}), 50'000);
  const Moves moves = moves_of(before, after, 16, 17);
  EXPECT_EQ(moves.between_old, 0u);
  EXPECT_LT(std::abs(binomial_z(moves.all, 50'000, 1.0 / 17)), 4);
}

}  // namespace
}  // namespace shardproof::distribution
