// SPDX-License-Identifier: Apache-2.0
//
// How many keys move when nodes come, go or change their weight: each algorithm against the chance
// that its definition gives.

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "core/distribution/keys/crush/crush_testing.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"
#include "core/distribution/keys/multiprobe_testing.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kKeys = 5000;
constexpr std::uint64_t kSeeds = 12;

/// A change of equal nodes.
struct Change {
  std::uint32_t before;
  std::uint32_t after;
  std::uint64_t seed;

  std::uint32_t most() const { return std::max(before, after); }
  std::uint32_t least() const { return std::min(before, after); }
};

using MovedLaw = Moments (*)(const Change& change);

/// The share of the nodes that come or go.
Moments moves_the_share(const Change& change) {
  return binomial_moments(kKeys, 1 - 1.0 * change.least() / change.most());
}

/// min(n, m) of lcm(n, m) remainders are alike.
Moments moves_remainders(const Change& change) {
  const auto both = std::lcm(change.before, change.after);
  return binomial_moments(kKeys, 1 - 1.0 * change.least() / both);
}

Moments moves_subtrees(const Change& change) {
  const CrushWeights before(change.before, 1);
  const CrushWeights after(change.after, 1);
  return binomial_moments(kKeys, 1 - kept_by_tree(before, after));
}

/// In the upper half of the tree nodes have what five attempts leave, the others share the rest.
Moments moves_binomial_shares(const Change& change) {
  const std::uint32_t nodes = change.most();
  const std::uint32_t half = std::bit_ceil(nodes) / 2;
  const double each = (1 - std::pow(1 - nodes / (2.0 * half), 5)) / nodes;
  const std::uint32_t from = std::max(change.least(), half);
  const double upper = each * (nodes - from);
  const double lower = (1 - each * (nodes - half)) * (from - change.least()) / half;
  return binomial_moments(kKeys, upper + lower);
}

/// Of three nodes two are primary, and only these have first copies.
Moments moves_primary_shares(const Change& change) {
  const auto primary = [](std::uint32_t nodes) { return nodes - nodes / 3; };
  return binomial_moments(kKeys, 1 - 1.0 * primary(change.least()) / primary(change.most()));
}

Moments moves_arcs(const Change& change, double vnodes) {
  return beta_binomial_moments(kKeys, vnodes * (change.most() - change.least()),
                               vnodes * change.least());
}
Moments moves_arcs_of_100(const Change& change) { return moves_arcs(change, 100); }
Moments moves_arcs_of_160(const Change& change) { return moves_arcs(change, 160); }

Moments moves_probed_shares(const Change& change) {
  const auto parts = multiprobe_parts(change.most(), 21, change.seed);
  return binomial_moments(kKeys, std::accumulate(parts.begin() + change.least(), parts.end(), 0.0));
}

MovedLaw law_of(const std::string& algorithm) {
  static const std::map<std::string, MovedLaw> kOthers = {
      {"mod", moves_remainders},        {"crush_uniform", moves_remainders},
      {"crush_tree", moves_subtrees},   {"binomial", moves_binomial_shares},
      {"ring", moves_arcs_of_100},      {"ketama", moves_arcs_of_160},
      {"tiered", moves_primary_shares}, {"multiprobe", moves_probed_shares}};
  const auto found = kOthers.find(algorithm);
  return found == kOthers.end() ? moves_the_share : found->second;
}

class MovedKeys : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, MovedKeys,
                         testing::Values("mod", "jump", "anchor", "memento", "dx", "binomial",
                                         "ring", "ketama", "multiprobe", "rendezvous", "asura",
                                         "straw2", "crush_list", "crush_tree", "crush_uniform",
                                         "random_slicing", "copysets", "tiered"),
                         [](const auto& test) { return test.param; });

/// One more: 1 / (n + 1). One less: 1 / n. k more: k / (n + k). Across a power of two as well.
TEST_P(MovedKeys, AreAsManyAsTheDefinitionSays) {
  for (const auto& [before, after] :
       {std::pair{10u, 11u}, {11u, 10u}, {10u, 15u}, {16u, 17u}, {17u, 7u}}) {
    Deviation moved;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const auto map = key_map(GetParam(), before, seed);
      const auto changed = map->resized(after, {});
      const Moves moves =
          moves_of(owners_of(*map, kKeys, seed), owners_of(*changed, kKeys, seed), before, after);
      moved.add(static_cast<double>(moves.all), law_of(GetParam())({before, after, seed}));
    }
    EXPECT_LT(std::abs(moved.z()), kFar) << before << " to " << after;
  }
}

/// Algorithms whose shares are exactly by weight, and that move nothing between other nodes.
class MovedWeight : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, MovedWeight,
                         testing::Values("rendezvous", "straw2", "asura", "random_slicing"),
                         [](const auto& test) { return test.param; });

TEST_P(MovedWeight, IsTheDifferenceOfTheShares) {
  for (const std::uint64_t weight : {3u, 1u}) {
    Deviation moved;
    for (std::uint64_t seed = 0; seed < 2 * kSeeds; ++seed) {
      const auto map = key_map(GetParam(), 5, seed, {}, {2, 2, 4, 2, 2});
      const auto changed = map->resized(5, {2, weight, 4, 2, 2});
      const auto before = owners_of(*map, kKeys, seed);
      const auto after = owners_of(*changed, kKeys, seed);
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] == after[i]) continue;
        ASSERT_EQ(weight == 3 ? after[i] : before[i], 1u) << "not between others";
      }
      const double part = weight == 3 ? 3.0 / 13 - 2.0 / 12 : 2.0 / 12 - 1.0 / 11;
      const Moves moves = moves_of(before, after, 5, 5);
      moved.add(static_cast<double>(moves.all), binomial_moments(kKeys, part));
    }
    EXPECT_LT(std::abs(moved.z()), kFar) << weight;
  }
}

/// With failure domains first its domain takes more, then the node within it: more than the share's
/// difference, and at most once for each level.
TEST(MovedWeight, IsAtMostOnceForEachLevelOfAHierarchy) {
  std::vector<std::uint64_t> weights(12, 2);
  weights[4] = 4;
  const double by_domain = 8.0 / 26 - 6.0 / 24;
  const double within = 6.0 / 24 * (4.0 / 8 - 2.0 / 6);
  EXPECT_GT(by_domain + within, 4.0 / 26 - 2.0 / 24);
  EXPECT_LT(by_domain + within, 2 * (2.0 / 24));
  Deviation moved;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto map = key_map("straw2", 12, seed, {{"domain", {3, 1}}});
    const auto before = owners_of(*map, kKeys, seed);
    const auto after = owners_of(*map->resized(12, weights), kKeys, seed);
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      ASSERT_EQ(after[i] / 3, 1u);
      if (before[i] / 3 == 1) {
        ASSERT_EQ(after[i], 4u);
      }
    }
    const Moves moves = moves_of(before, after, 12, 12);
    moved.add(static_cast<double>(moves.all), binomial_moments(kKeys, by_domain + within));
  }
  EXPECT_LT(std::abs(moved.z()), kFar);
}

/// Of R copies by rendezvous a node that comes changes the set of R / (n + 1) of the keys, one copy
/// of each, so 1 / (n + 1) of all copies.
TEST(MovedCopies, AreThoseThatTheNewcomerTakes) {
  constexpr std::uint32_t kCopies = 3;
  Deviation changed;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto map = key_map("rendezvous", 10, seed);
    const auto grown = map->resized(11, {});
    std::uint64_t sets = 0;
    KeyStream stream(*KeyFormat::parse("key-%d"), 1000, seed);
    for (const Key& key : stream.next()) {
      auto before = map->replicas(key, kCopies);
      auto after = grown->replicas(key, kCopies);
      if (before == after) continue;
      ++sets;
      std::erase(after, 10u);
      ASSERT_EQ(after.size(), kCopies - 1);
      before.pop_back();
      ASSERT_EQ(after, before) << "the last one makes room";
    }
    changed.add(static_cast<double>(sets), binomial_moments(1000, kCopies / 11.0));
  }
  EXPECT_LT(std::abs(changed.z()), kFar);
}

}  // namespace
}  // namespace shardproof::distribution
