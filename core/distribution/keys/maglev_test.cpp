// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/maglev.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/base/random.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

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

/// The nodes of MaglevMap, without those that have gone.
std::vector<MaglevPreference> preferences_of(std::uint32_t nodes, std::uint64_t size,
                                             std::uint64_t seed,
                                             const std::vector<std::uint32_t>& gone = {}) {
  std::vector<MaglevPreference> preferences;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    if (std::find(gone.begin(), gone.end(), node) != gone.end()) continue;
    const std::string name = fmt::format("node-{}", node);
    preferences.push_back(
        {stable_hash(name, 2 * seed) % size, stable_hash(name, 2 * seed + 1) % (size - 1) + 1});
  }
  return preferences;
}

/// Of all slots, the part that has another node when `count` random nodes go.
double changed_part(std::uint32_t nodes, std::uint64_t size, std::uint32_t count,
                    std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint32_t> gone;
  while (gone.size() < count) {
    const auto node = static_cast<std::uint32_t>(random.below(nodes));
    if (std::find(gone.begin(), gone.end(), node) == gone.end()) gone.push_back(node);
  }
  std::vector<std::uint32_t> left;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    if (std::find(gone.begin(), gone.end(), node) == gone.end()) left.push_back(node);
  }
  const auto before =
      maglev_table(preferences_of(nodes, size, seed), std::vector<std::uint64_t>(nodes, 1), size);
  const auto after = maglev_table(preferences_of(nodes, size, seed, gone),
                                  std::vector<std::uint64_t>(nodes - count, 1), size);
  std::uint64_t changed = 0;
  for (std::size_t slot = 0; slot < size; ++slot) changed += before[slot] != left[after[slot]];
  return static_cast<double>(changed) / static_cast<double>(size);
}

/// The catalogue's simulation of nodes that go: what changes hands, of which the share of those
/// that go must, and the rest is between those that stay.
TEST(Maglev, MovesAsMuchBetweenNodesThatStayAsInOtherSimulations) {
  struct Row {
    std::uint32_t nodes;
    std::uint64_t size;
    std::uint32_t gone;
    double changed;
    double unit;
    std::uint64_t seeds;
  };
  for (const auto& [nodes, size, gone, changed, unit, seeds] :
       {Row{5, 65'537, 1, 0.2011, 1e-4, 40}, Row{10, 65'537, 1, 0.1025, 1e-4, 40},
        Row{100, 65'537, 1, 0.01563, 1e-5, 40}, Row{100, 10'007, 1, 0.0259, 1e-4, 40},
        Row{1000, 65'537, 1, 0.00679, 1e-5, 12}, Row{1000, 65'537, 10, 0.0333, 1e-4, 12},
        Row{1000, 65'537, 50, 0.0825, 1e-4, 12}, Row{1000, 655'373, 1, 0.00429, 1e-5, 4},
        Row{1000, 655'373, 10, 0.0158, 1e-4, 4}}) {
    Sample sample;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const double part = changed_part(nodes, size, gone, seed);
      EXPECT_GE(part * static_cast<double>(size), static_cast<double>(size / nodes * gone));
      sample.add(part);
    }
    EXPECT_LT(std::abs(sample.z(changed, static_cast<double>(seeds), unit)), kFar)
        << nodes << " nodes, " << size << " slots, " << gone << " go: " << sample.mean();
  }
}

/// Keys go by slots: what moves of them is what changes of the table.
TEST(Maglev, MovesTheKeysOfSlotsThatChange) {
  constexpr std::uint64_t kKeys = 20'000;
  Deviation moved;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto map = key_map("maglev", 20, seed);
    const auto fewer = map->resized(19, {});
    const std::uint64_t size = 65'537;
    const auto before =
        maglev_table(preferences_of(20, size, seed), std::vector<std::uint64_t>(20, 1), size);
    const auto after =
        maglev_table(preferences_of(19, size, seed), std::vector<std::uint64_t>(19, 1), size);
    double changed = 0;
    for (std::size_t slot = 0; slot < size; ++slot) changed += before[slot] != after[slot];
    const Moves moves =
        moves_of(owners_of(*map, kKeys, seed), owners_of(*fewer, kKeys, seed), 20, 19);
    moved.add(static_cast<double>(moves.all),
              binomial_moments(kKeys, changed / static_cast<double>(size)));
  }
  EXPECT_LT(std::abs(moved.z()), kFar);
}

}  // namespace
}  // namespace shardproof::distribution
