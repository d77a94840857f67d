// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/bounded.hpp"

#include <gmock/gmock.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

using Options = std::vector<std::pair<std::string_view, Ratio>>;

Options options(Ratio c, std::uint64_t vnodes, std::uint64_t jumps = 0) {
  return {{"c", c}, {"vnodes", {vnodes, 1}}, {"jumps", {jumps, 1}}};
}

BoundedMap map_of(Ratio c, std::uint32_t nodes, std::vector<std::uint64_t> weights = {}) {
  KeyMapRequest request;
  request.nodes = nodes;
  request.weights = std::move(weights);
  request.options = options(c, 10);
  return BoundedMap(std::move(request));
}

/// 1.10 * 100000 / 100 is 1100, not 1101 as of doubles.
TEST(Bounded, RoundsTheCapacityUpExactly) {
  EXPECT_EQ(map_of({11, 10}, 100).capacity(0, 100'000), 1100u);
  EXPECT_EQ(map_of({5, 4}, 3).capacity(0, 10), 5u) << "4.17 rounded up";
  EXPECT_EQ(map_of({1, 1}, 2, {1, 3}).capacity(1, 10), 8u) << "7.5 rounded up";
}

TEST(Bounded, NeverLoadsANodeAboveItsCapacity) {
  for (const std::uint64_t jumps : {0u, 1u}) {
    for (const Ratio c : {Ratio(1, 1), Ratio(21, 20), Ratio(2, 1)}) {
      const auto map = key_map("bounded", 30, 0, options(c, 5, jumps), {}, 3000);
      for (const auto count : counts_of(owners_of(*map, 3000), 30)) EXPECT_LE(count, c.of(100));
    }
  }
}

TEST(Bounded, GrowsItsCapacitiesWithKeysThatWereNotAnnounced) {
  const auto map = key_map("bounded", 10, 0, options({1, 1}, 5), {}, 0);
  for (const auto count : counts_of(owners_of(*map, 3000), 10)) EXPECT_EQ(count, 300u);
}

/// A twin by the definition: go on clockwise from point to point.
TEST(Bounded, IsLinearProbingOnTheRing) {
  const auto map = key_map("bounded", 20, 0, options({11, 10}, 8), {}, 2000);
  const auto ring = key_map("ring", 20, 0, {{"vnodes", {8, 1}}});
  const auto first = owners_of(*ring, 2000);
  const auto owners = owners_of(*map, 2000);
  std::vector<std::uint64_t> loads(20);
  std::uint64_t displaced = 0;
  KeyStream stream(*KeyFormat::parse("key-%d"), 2000, 0);
  std::size_t i = 0;
  for (auto keys = stream.next(); !keys.empty(); keys = stream.next()) {
    for (const Key& key : keys) {
      for (const std::uint32_t node : ring->replicas(key, 20)) {
        if (loads[node] >= 110) continue;
        ASSERT_EQ(owners[i], node);
        ++loads[node];
        break;
      }
      if (owners[i] != first[i]) ++displaced;
      ++i;
    }
  }
  EXPECT_GT(displaced, 0u);
}

}  // namespace
}  // namespace shardproof::distribution
