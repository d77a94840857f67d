// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ketama.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

TEST(Ketama, Has160PointsANodeOfMeanWeight) {
  EXPECT_EQ(key_map("ketama", 10)->table_bytes(), 10 * 160 * 8u);
  // floor(40 * 3 * 1 / 4) = 30, and 60 digests.
  EXPECT_EQ(key_map("ketama", 3, 0, {}, {1, 1, 2})->table_bytes(), (30 + 30 + 60) * 4 * 8u);
}

/// As a ring of 160 points a node: E[CV^2] = (n - 1) / (160 n + 1).
TEST(Ketama, SpreadsSharesAsARingOf160PointsDoes) {
  double squares = 0;
  constexpr std::uint64_t kSeeds = 60;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const std::vector<std::uint64_t> shares = *key_map("ketama", 50, seed)->shares();
    for (const std::uint64_t share : shares) {
      const double off = std::ldexp(static_cast<double>(share), -64) * 50 - 1;
      squares += off * off / 50 / kSeeds;
    }
  }
  EXPECT_NEAR(squares / (49.0 / (160 * 50 + 1)), 1, 0.1);
}

/// A twin that looks at all points for the nearest clockwise.
TEST(Ketama, GivesAKeyToTheNextPointClockwise) {
  const auto map = key_map("ketama", 3);
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Key key{"", mix64(i)};
    std::uint32_t least = ~std::uint32_t{0};
    std::uint32_t nearest = 0;
    for (std::uint32_t node = 0; node < 3; ++node) {
      for (int j = 0; j < 40; ++j) {
        for (const std::uint64_t half : {0u, 1u}) {
          const std::uint64_t digest = stable_hash(fmt::format("node-{}-{}", node, j), half);
          for (const std::uint64_t point : {digest, digest >> 32}) {
            const auto distance =
                static_cast<std::uint32_t>(point) - static_cast<std::uint32_t>(key.hash >> 32);
            if (distance >= least) continue;
            least = distance;
            nearest = node;
          }
        }
      }
    }
    std::uint32_t owner = 0;
    map->place({&key, 1}, {&owner, 1});
    ASSERT_EQ(owner, nearest);
  }
}

}  // namespace
}  // namespace shardproof::distribution
