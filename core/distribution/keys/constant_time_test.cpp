// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/distribution/keys/binomial.hpp"
#include "core/distribution/keys/dx.hpp"
#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

/// The closed form of the small bias; for n = 17 and five attempts 0.97737 of the mean.
TEST(Binomial, GivesTheUpperHalfOfTheTreeAsMuchLessAsItsAttemptsMiss) {
  constexpr std::uint64_t kKeys = 4'000'000;
  for (const auto& [nodes, attempts] : {std::pair{17u, 5u}, {17u, 1u}, {24u, 2u}, {11u, 5u}}) {
    std::uint64_t upper = 0;
    const std::uint32_t half = nodes == 11 ? 8 : 16;
    for (std::uint64_t key = 0; key < kKeys; ++key) {
      if (binomial_bucket(mix64(key), nodes, attempts) >= half) ++upper;
    }
    const double miss = 1.0 * (2 * half - nodes) / (2 * half);
    const double each = (1 - std::pow(miss, attempts)) / nodes;
    EXPECT_LT(std::abs(binomial_z(upper, kKeys, each * (nodes - half))), 4) << nodes;
  }
}

TEST(Binomial, MovesKeysOnlyToTheBucketThatComes) {
  for (std::uint32_t buckets = 1; buckets < 70; ++buckets) {
    for (std::uint64_t key = 0; key < 2000; ++key) {
      const std::uint32_t before = binomial_bucket(mix64(key), buckets, 5);
      const std::uint32_t after = binomial_bucket(mix64(key), buckets + 1, 5);
      ASSERT_TRUE(after == before || after == buckets) << key << " of " << buckets;
    }
  }
}

/// A twin that draws from the definition: places until one is below the number of nodes.
TEST(Dx, TakesTheFirstPlaceThatIsAlive) {
  const auto map = key_map("dx", 100, 0, {{"capacity", {200, 1}}});
  std::uint64_t draws = 0;
  constexpr std::uint64_t kKeys = 50'000;
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    const Key key{"", mix64(i)};
    std::uint64_t draw = 0;
    while (rehash(key.hash, draw) % 256 >= 100) ++draw;
    std::uint32_t owner = 0;
    map->place({&key, 1}, {&owner, 1});
    ASSERT_EQ(owner, rehash(key.hash, draw) % 256);
    draws += draw + 1;
  }
  // Geometric with mean 2.56: the standard deviation of the mean is 2 / sqrt(keys).
  EXPECT_NEAR(static_cast<double>(draws) / kKeys, 2.56, 4 * 2.0 / std::sqrt(kKeys));
}

TEST(Dx, BuildsAnewWhereItsCapacityEnds) {
  const auto map = key_map("dx", 10, 0, {{"capacity", {16, 1}}});
  const auto before = owners_of(*map, 10'000);
  EXPECT_EQ(moves_of(before, owners_of(*map->resized(16, {}), 10'000), 10, 16).between_old, 0u);
  EXPECT_GT(moves_of(before, owners_of(*map->resized(17, {}), 10'000), 10, 17).between_old, 1000u);
}

}  // namespace
}  // namespace shardproof::distribution
