// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kKeys = 20'000;

/// Each algorithm of the registry.
class EveryKeyMap : public testing::TestWithParam<std::string> {};

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const KeyAlgorithm& algorithm : key_algorithms()) list.emplace_back(algorithm.name);
  return list;
}
INSTANTIATE_TEST_SUITE_P(Algorithms, EveryKeyMap, testing::ValuesIn(names()),
                         [](const auto& test) { return test.param; });

TEST_P(EveryKeyMap, PlacesEachKeyOnANodeAndTwiceAlike) {
  for (const std::uint32_t nodes : {1u, 2u, 7u, 64u}) {
    const auto map = key_map(GetParam(), nodes, 0, {}, {}, kKeys);
    const auto again = key_map(GetParam(), nodes, 0, {}, {}, kKeys);
    const auto owners = owners_of(*map, kKeys);
    EXPECT_THAT(owners, testing::Each(testing::Lt(nodes)));
    EXPECT_EQ(owners, owners_of(*again, kKeys));
  }
}

TEST_P(EveryKeyMap, PutsCopiesOnDistinctNodesTheFirstOnTheOwner) {
  const auto map = key_map(GetParam(), 5, 0, {}, {}, 200);
  const auto asked = key_map(GetParam(), 5, 0, {}, {}, 200);
  KeyStream stream(*KeyFormat::parse("key-%d"), 200, 0);
  for (const Key& key : stream.next()) {
    std::uint32_t owner = 0;
    asked->place({&key, 1}, {&owner, 1});
    const auto copies = map->replicas(key, 3);
    EXPECT_EQ(copies.size(), 3u);
    EXPECT_EQ(copies.front(), owner);
    EXPECT_EQ(std::set(copies.begin(), copies.end()).size(), 3u);
  }
  const auto all = map->replicas({"more", 1}, 9);
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), 5u) << "no more copies than nodes";
}

TEST_P(EveryKeyMap, HasSharesThatAreTheWholeKeySpace) {
  const auto map = key_map(GetParam(), 9);
  const auto shares = map->shares();
  if (!shares) return;
  double sum = 0;
  for (const std::uint64_t share : *shares) sum += std::ldexp(static_cast<double>(share), -64);
  EXPECT_NEAR(sum, 1.0, 1e-9);
  const auto counts = counts_of(owners_of(*map, kKeys), 9);
  for (std::uint32_t node = 0; node < 9; ++node) {
    const double share = std::ldexp(static_cast<double>((*shares)[node]), -64);
    EXPECT_LT(std::abs(binomial_z(counts[node], kKeys, share)), 5) << "node " << node;
  }
}

/// Algorithms whose counts are multinomial: E[CV^2] = (n - 1) / K.
class MultinomialKeyMap : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, MultinomialKeyMap,
                         testing::Values("mod", "rendezvous", "jump", "anchor", "memento", "dx",
                                         "straw2", "crush_list", "crush_tree", "crush_uniform",
                                         "random_slicing", "asura", "copysets"),
                         [](const auto& test) { return test.param; });

TEST_P(MultinomialKeyMap, SpreadsKeysAsChanceDoes) {
  double sum = 0;
  constexpr std::uint64_t kSeeds = 40;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto map = key_map(GetParam(), 20, seed);
    sum += chi_square_z(counts_of(owners_of(*map, kKeys, seed), 20));
  }
  // Of 40 independent z the sum has a standard deviation of sqrt(40).
  EXPECT_LT(std::abs(sum / std::sqrt(static_cast<double>(kSeeds))), 4);
}

/// Algorithms that move only what a new node takes.
class MinimalKeyMap : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, MinimalKeyMap,
                         testing::Values("ring", "rendezvous", "jump", "anchor", "memento", "dx",
                                         "binomial", "multiprobe", "straw2", "crush_list",
                                         "random_slicing", "asura", "ketama", "copysets", "tiered"),
                         [](const auto& test) { return test.param; });

TEST_P(MinimalKeyMap, MovesKeysOnlyToNodesThatComeAndFromNodesThatGo) {
  for (const auto& [before, after] : {std::pair{10u, 11u}, {11u, 10u}, {10u, 15u}}) {
    const auto map = key_map(GetParam(), before);
    const auto changed = map->resized(after, {});
    const Moves moves = moves_of(owners_of(*map, kKeys), owners_of(*changed, kKeys), before, after);
    EXPECT_EQ(moves.between_old, 0u) << before << " to " << after;
    EXPECT_GT(moves.all, 0u);
  }
}

TEST(KeyMap, MovesTheShareOfANewNode) {
  for (const std::string algorithm : {"rendezvous", "jump", "anchor", "memento", "dx", "straw2",
                                      "crush_list", "random_slicing"}) {
    std::uint64_t moved = 0;
    constexpr std::uint64_t kSeeds = 20;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const auto map = key_map(algorithm, 10, seed);
      const auto changed = map->resized(11, {});
      moved += moves_of(owners_of(*map, kKeys, seed), owners_of(*changed, kKeys, seed), 10, 11).all;
    }
    EXPECT_LT(std::abs(binomial_z(moved, kSeeds * kKeys, 1.0 / 11)), 4) << algorithm;
  }
}

TEST(KeyMap, ModuloKeepsMinOverLcmOfTheKeys) {
  const auto stays = [](std::uint32_t before, std::uint32_t after, double chance) {
    const auto map = key_map("mod", before);
    const auto changed = map->resized(after, {});
    const Moves moves = moves_of(owners_of(*map, kKeys), owners_of(*changed, kKeys), before, after);
    return std::abs(binomial_z(kKeys - moves.all, kKeys, chance));
  };
  EXPECT_LT(stays(8, 16, 1.0 / 2), 4);
  EXPECT_LT(stays(10, 12, 1.0 / 6), 4);
  EXPECT_LT(stays(16, 15, 1.0 / 16), 4);
}

TEST(KeyMapRegistry, RefusesWhatDoesNotFit) {
  const auto error = [](const std::string& algorithm, KeyMapRequest request) {
    const auto map = build_key_map(*find_key_algorithm(algorithm), std::move(request));
    return map ? "" : map.error().message;
  };
  KeyMapRequest request;
  request.nodes = 3;
  request.options = {{"probes", {1, 1}}};
  EXPECT_EQ(error("ring", request), "ring has no option probes; it has vnodes");
  EXPECT_EQ(error("jump", request), "jump has no option probes; it has none");
  request.options = {{"vnodes", {3, 2}}};
  EXPECT_EQ(error("ring", request), "option vnodes of ring is a whole number");
  request.options = {{"vnodes", {0, 1}}};
  EXPECT_EQ(error("ring", request), "option vnodes of ring is from 1 to 100000");
  request.options = {{"table", {65'536, 1}}};
  EXPECT_EQ(error("maglev", request),
            "maglev: option table: 65536 is not prime; the next prime is 65537");
  request.options = {{"table", {2, 1}}};
  EXPECT_EQ(error("maglev", request), "maglev: option table: 2 slots are fewer than 3 nodes");
  request.options = {{"capacity", {2, 1}}};
  EXPECT_EQ(error("anchor", request), "anchor: option capacity: 2 is below 3 nodes");
  request.options = {};
  request.weights = {1, 2, 1};
  EXPECT_EQ(error("jump", request), "jump knows no weights of nodes");
  request.weights = {2, 2, 2};
  EXPECT_EQ(error("jump", request), "");
}

/// Anchor, dx and maglev promise nothing of nodes for which there is no room.
TEST(KeyMapRegistry, RefusesWhatIsTooSmallForTheNodesThatAreToCome) {
  const auto error = [](const std::string& algorithm, std::string_view option, std::uint64_t room,
                        std::uint32_t later) {
    KeyMapRequest request;
    request.nodes = 3;
    request.nodes_later = later;
    request.options = {{option, {room, 1}}};
    const auto map = build_key_map(*find_key_algorithm(algorithm), std::move(request));
    return map ? "" : map.error().message;
  };
  EXPECT_EQ(error("anchor", "capacity", 8, 9), "anchor: option capacity: 8 is below 9 nodes");
  EXPECT_EQ(error("dx", "capacity", 8, 9), "dx: option capacity: 8 is below 9 nodes");
  EXPECT_EQ(error("maglev", "table", 7, 9), "maglev: option table: 7 slots are fewer than 9 nodes");
  for (const std::string algorithm : {"anchor", "dx"}) {
    EXPECT_EQ(error(algorithm, "capacity", 8, 8), "");
    EXPECT_EQ(error(algorithm, "capacity", 0, 9), "") << "there is room by default";
  }
}

}  // namespace
}  // namespace shardproof::distribution
