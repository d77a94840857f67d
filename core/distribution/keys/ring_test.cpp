// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ring.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

/// E[CV^2] of shares = (n - 1) / (n v + 1); CV^2 of one ring of 100 x 100 points has a relative
/// deviation of about 0.15.
TEST(Ring, SpreadsSharesAsTheBetaDistributionSays) {
  for (const std::uint64_t vnodes : {1u, 10u, 100u}) {
    constexpr std::uint64_t kSeeds = 60;
    double squares = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const auto map = key_map("ring", 100, seed, {{"vnodes", {vnodes, 1}}});
      const std::vector<std::uint64_t> shares = *map->shares();
      double sum = 0;
      for (const std::uint64_t share : shares) {
        const double off = std::ldexp(static_cast<double>(share), -64) * 100 - 1;
        sum += off * off;
      }
      squares += sum / 100 / kSeeds;
    }
    const double expected = 99.0 / (100.0 * static_cast<double>(vnodes) + 1);
    EXPECT_NEAR(squares / expected, 1, 0.1) << vnodes;
  }
}

TEST(Ring, GoesRoundToTheFirstPoint) {
  RingMap map([] {
    KeyMapRequest request;
    request.nodes = 2;
    request.options = {{"vnodes", {1, 1}}};
    return request;
  }());
  const std::uint64_t point0 = stable_hash("node-0#0");
  const std::uint64_t point1 = stable_hash("node-1#0");
  const std::uint32_t lower = point0 < point1 ? 0 : 1;
  EXPECT_EQ(map.owner({"", std::max(point0, point1) + 1}), lower);
  EXPECT_EQ(map.owner({"", 0}), lower);
  EXPECT_EQ(map.owner({"", point0}), 0u) << "a key on a point belongs to it";
  EXPECT_EQ(map.owner({"", point1}), 1u);
}

TEST(Ring, GivesAllToASingleNode) {
  EXPECT_EQ(*key_map("ring", 1)->shares(), std::vector{~std::uint64_t{0}}) << "not a sum of 2^64";
}

}  // namespace
}  // namespace shardproof::distribution
