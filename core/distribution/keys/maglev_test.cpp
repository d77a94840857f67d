// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/maglev.hpp"

#include <gmock/gmock.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;

/// Table 1 and 2 of the paper: seven slots, three nodes, then without the second.
TEST(Maglev, FillsTheTableOfThePaper) {
  EXPECT_THAT(maglev_table({{3, 4}, {0, 2}, {3, 1}}, {1, 1, 1}, 7),
              ElementsAre(1, 0, 1, 0, 2, 2, 0));
  EXPECT_THAT(maglev_table({{3, 4}, {3, 1}}, {1, 1}, 7), ElementsAre(0, 0, 0, 0, 1, 1, 1));
}

TEST(Maglev, GivesEachNodeAsManySlotsAsTheOthersButOne) {
  for (const std::uint32_t nodes : {1u, 3u, 10u, 97u}) {
    std::vector<std::uint64_t> counts(nodes);
    std::vector<MaglevPreference> preferences;
    for (std::uint64_t i = 0; i < nodes; ++i) preferences.push_back({i * 31 % 1009, 1 + i});
    const auto table = maglev_table(preferences, std::vector<std::uint64_t>(nodes, 1), 1009);
    for (const std::uint32_t node : table) ++counts[node];
    EXPECT_THAT(counts, Each(AllOf(Ge(1009 / nodes), Le(1009 / nodes + 1))));
  }
}

/// The catalogue's simulation: of 65537 slots on 10 nodes 10.25 % change when one goes, 100
/// on 1.56.
TEST(Maglev, MovesLittleBetweenNodesThatStay) {
  constexpr std::uint64_t kKeys = 100'000;
  const auto changed_share = [&](std::uint32_t nodes) {
    const auto map = key_map("maglev", nodes);
    const auto fewer = map->resized(nodes - 1, {});
    const Moves moves =
        moves_of(owners_of(*map, kKeys), owners_of(*fewer, kKeys), nodes, nodes - 1);
    return static_cast<double>(moves.all) / kKeys;
  };
  EXPECT_NEAR(changed_share(10), 0.1025, 0.006);
  EXPECT_NEAR(changed_share(100), 0.01563, 0.002);
}

}  // namespace
}  // namespace shardproof::distribution
