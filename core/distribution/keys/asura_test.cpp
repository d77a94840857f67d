// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/asura.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

/// The range of the numbers doubles between 8 and 9, 16 and 17 nodes: nothing but the new share
/// moves.
TEST(Asura, MovesOnlyWhatANewSegmentTakesWhenTheLineDoubles) {
  for (const std::uint32_t nodes : {1u, 2u, 8u, 16u, 31u}) {
    const auto map = key_map("asura", nodes);
    const auto before = owners_of(*map, 50'000);
    const auto after = owners_of(*map->resized(nodes + 1, {}), 50'000);
    const Moves moves = moves_of(before, after, nodes, nodes + 1);
    EXPECT_EQ(moves.between_old, 0u);
    EXPECT_LT(std::abs(binomial_z(moves.all, 50'000, 1.0 / (nodes + 1))), 4) << nodes;
  }
}

TEST(Asura, GivesSegmentsKeysByTheirLength) {
  const std::vector<std::uint64_t> weights = {3, 1, 7, 2, 5};
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto map = key_map("asura", 5, seed, {}, weights);
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 5), weights);
  }
  EXPECT_LT(std::abs(sum / std::sqrt(40.0)), 4);
}

TEST(Asura, MovesKeysOnlyToAndFromTheNodeWhoseWeightChanges) {
  const auto map = key_map("asura", 5, 0, {}, {2, 2, 4, 2, 2});
  const auto before = owners_of(*map, 20'000);
  const auto after = owners_of(*map->resized(5, {2, 3, 4, 2, 2}), 20'000);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i]) {
      ASSERT_EQ(after[i], 1u);
    }
  }
}

}  // namespace
}  // namespace shardproof::distribution
