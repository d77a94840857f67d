// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/skeleton.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

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
/// lowest vertex that both the key's old node and the new one are below. At the root the last child
/// grows from 2/14 to 3/15, below it the new leaf takes a third of what stays.
TEST(Skeleton, MovesKeysOnlyTowardsTheNewLeaf) {
  Deviation all;
  Deviation between_old;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto map = key_map("rendezvous", 14, seed, fanout(4));
    const auto before = owners_of(*map, 10'000, seed);
    const auto after = owners_of(*map->resized(15, {}), 10'000, seed);
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      ASSERT_EQ(after[i] / 4, 3u) << "leaves 12, 13 and the new one";
    }
    const Moves moves = moves_of(before, after, 14, 15);
    const double to_child = 3.0 / 15 - 2.0 / 14;
    all.add(static_cast<double>(moves.all),
            binomial_moments(10'000, to_child + 2.0 / 14 * (1.0 / 3)));
    between_old.add(static_cast<double>(moves.between_old),
                    binomial_moments(10'000, to_child * (2.0 / 3)));
  }
  EXPECT_LT(std::abs(all.z()), kFar);
  EXPECT_LT(std::abs(between_old.z()), kFar) << "more than flat rendezvous moves";
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
