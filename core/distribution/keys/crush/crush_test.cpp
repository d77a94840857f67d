// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "core/distribution/keys/crush/crush_testing.hpp"
#include "core/distribution/keys/crush/tree_bucket.hpp"
#include "core/distribution/keys/crush/uniform_bucket.hpp"
#include "core/distribution/keys/key_map_testing.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kKeys = 100'000;
using Weights = CrushWeights;

struct Movement {
  std::uint64_t moved = 0;
  std::uint64_t of_others = 0;  ///< neither from nor to the item that changed
};
Movement movement_of(const std::vector<std::uint32_t>& before,
                     const std::vector<std::uint32_t>& after, std::uint32_t changed) {
  Movement movement;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    ++movement.moved;
    if (before[i] != changed && after[i] != changed) ++movement.of_others;
  }
  return movement;
}

/// What a change of weights moves.
Movement movement_of(const std::string& algorithm, const Weights& before, const Weights& after,
                     std::uint32_t changed) {
  const auto nodes = static_cast<std::uint32_t>(before.size());
  const auto map = key_map(algorithm, nodes, 0, {}, before);
  const auto now = map->resized(static_cast<std::uint32_t>(after.size()), after);
  return movement_of(owners_of(*map, kKeys), owners_of(*now, kKeys), changed);
}

/// Of ten equal items one weighs twice as much: 2/11 - 1/10 of the keys move, all to it; or half as
/// much: 1/10 - 1/19 move, all away from it.
TEST(Straw2Bucket, MovesKeysOnlyToAndFromTheItemWhoseWeightChanges) {
  for (const std::uint64_t weight : {4u, 1u}) {
    Weights weights(10, 2);
    weights[3] = weight;
    const Movement movement = movement_of("straw2", Weights(10, 2), weights, 3);
    const double chance = weight == 4 ? 2.0 / 11 - 1.0 / 10 : 1.0 / 10 - 1.0 / 19;
    EXPECT_LT(std::abs(binomial_z(movement.moved, kKeys, chance)), 4) << weight;
    EXPECT_EQ(movement.of_others, 0u);
  }
}

TEST(ListBucket, GivesAnItemThatComesItsShareAndMovesNothingElse) {
  const Movement movement = movement_of("crush_list", {1, 2, 3}, {1, 2, 3, 4}, 3);
  EXPECT_LT(std::abs(binomial_z(movement.moved, kKeys, 4.0 / 10)), 4);
  EXPECT_EQ(movement.of_others, 0u);
}

/// The first of ten items keeps a thousandth of its weight, which is nearly as if it went: at best
/// a tenth of the keys moves. The item that came last, again, moves no other's keys.
TEST(ListBucket, MovesMoreTheEarlierTheItemCameThatGoes) {
  double least = 1;
  for (const std::uint32_t item : {0u, 4u, 9u}) {
    Weights weights(10, 1000);
    weights[item] = 1;
    const Movement movement = movement_of("crush_list", Weights(10, 1000), weights, item);
    const double chance = 1 - kept_by_list(Weights(10, 1000), weights);
    EXPECT_LT(std::abs(binomial_z(movement.moved, kKeys, chance)), 4) << item;
    EXPECT_LT(chance, least) << item;
    least = chance;
    EXPECT_EQ(movement.of_others == 0, item == 9) << item;
  }
  EXPECT_GT(1 - kept_by_list(Weights(10, 1000),
                             {1, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}),
            0.2)
      << "twice the optimum";
}

TEST(TreeBucket, MovesKeysWithinTheSubtreesAboveTheItemThatChanges) {
  struct Change {
    Weights before;
    Weights after;
    std::uint32_t item;
  };
  const std::vector<Change> changes = {{Weights(10, 1), Weights(11, 1), 10},  // in a free leaf
                                       {Weights(8, 1), Weights(9, 1), 8},     // above the old root
                                       {Weights(8, 2), {2, 2, 2, 4, 2, 2, 2, 2}, 3},
                                       {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 1}, 4}};
  for (const Change& change : changes) {
    const Movement movement = movement_of("crush_tree", change.before, change.after, change.item);
    const double chance = 1 - kept_by_tree(change.before, change.after);
    EXPECT_LT(std::abs(binomial_z(movement.moved, kKeys, chance)), 4) << change.item;
    // Beside a subtree of nothing else the newcomer takes from all.
    EXPECT_EQ(movement.of_others == 0, change.item == 8 || change.item == 4) << change.item;
  }
}

TEST(TreeBucket, ComesToEachLeafOfATreeThatIsNotFull) {
  for (std::uint32_t items = 1; items <= 17; ++items) {
    const TreeBucket bucket(std::vector<CrushItem>(items, CrushItem{0, 3}), 5);
    EXPECT_EQ(bucket.bytes(), 16 * std::bit_ceil(items));
    std::vector<std::uint32_t> chosen;
    for (std::uint64_t i = 0; i < 2000; ++i) chosen.push_back(bucket.choose(mix64(i), 0));
    EXPECT_THAT(chosen, testing::Each(testing::Lt(items)));
    EXPECT_THAT(counts_of(chosen, items), testing::Each(testing::Gt(0u)));
  }
}

TEST(UniformBucket, TakesEachItemOnceInAsManyTries) {
  for (std::uint32_t items = 1; items <= 30; ++items) {
    for (const std::uint64_t seed : {0u, 1u, 7u, 29u}) {
      const UniformBucket bucket(std::vector<CrushItem>(items), seed);
      std::set<std::uint32_t> chosen;
      for (std::uint64_t r = 0; r < items; ++r) chosen.insert(bucket.choose(mix64(seed), r));
      EXPECT_EQ(chosen.size(), items);
    }
  }
}

/// Eight and sixteen items have half of the keys in common, nine and ten one in ten: as the
/// remainders of a hash.
TEST(UniformBucket, MovesKeysAsTheRemainderOfAHashDoes) {
  for (const auto& [before, after, kept] :
       {std::tuple{8u, 16u, 1.0 / 2}, {9u, 10u, 1.0 / 10}, {10u, 9u, 1.0 / 10}}) {
    const Movement movement =
        movement_of("crush_uniform", Weights(before, 1), Weights(after, 1), 0);
    EXPECT_LT(std::abs(binomial_z(kKeys - movement.moved, kKeys, kept)), 4) << before;
  }
}

/// Each kind of bucket, at both levels.
class EveryCrush : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Buckets, EveryCrush,
                         testing::Values("straw2", "crush_list", "crush_tree", "crush_uniform"),
                         [](const auto& test) { return test.param; });

TEST_P(EveryCrush, PutsCopiesInDistinctDomainsAsLongAsThereAreAny) {
  const auto map = key_map(GetParam(), 12, 0, {{"domain", {3, 1}}});
  KeyStream stream(*KeyFormat::parse("key-%d"), 1000, 0);
  for (const Key& key : stream.next()) {
    std::set<std::uint32_t> domains;
    for (const std::uint32_t node : map->replicas(key, 4)) domains.insert(node / 3);
    EXPECT_EQ(domains.size(), 4u) << "0-2, 3-5, 6-8 and 9-11";
    const auto six = map->replicas(key, 6);
    EXPECT_EQ(std::set(six.begin(), six.end()).size(), 6u) << "more copies than domains";
  }
}

TEST_P(EveryCrush, SpreadsEvenlyOverDomainsAndTheirNodes) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto map = key_map(GetParam(), 12, seed, {{"domain", {4, 1}}});
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 12));
  }
  EXPECT_LT(std::abs(sum / std::sqrt(20.0)), 4);
}

/// Those that know weights.
class WeightedCrush : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Buckets, WeightedCrush,
                         testing::Values("straw2", "crush_list", "crush_tree"),
                         [](const auto& test) { return test.param; });

TEST_P(WeightedCrush, GivesDomainsAndNodesTheirShareByWeight) {
  const Weights weights = {1, 2, 3, 4, 1, 1, 5};
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto map = key_map(GetParam(), 7, seed, {{"domain", {3, 1}}}, weights);
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 7), weights);
  }
  EXPECT_LT(std::abs(sum / std::sqrt(20.0)), 4);
}

TEST_P(WeightedCrush, SpreadsEvenlyOverDomainsOfUnequalSize) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto map = key_map(GetParam(), 10, seed, {{"domain", {4, 1}}});
    sum += chi_square_z(counts_of(owners_of(*map, 20'000, seed), 10));
  }
  EXPECT_LT(std::abs(sum / std::sqrt(20.0)), 4);
}

TEST(CrushUniform, RefusesDomainsOfUnequalSize) {
  KeyMapRequest request;
  request.nodes = 10;
  request.options = {{"domain", {5, 1}}};
  EXPECT_TRUE(build_key_map(*find_key_algorithm("crush_uniform"), request));
  request.nodes_later = 12;
  EXPECT_EQ(build_key_map(*find_key_algorithm("crush_uniform"), request).error().message,
            "crush_uniform: option domain: 12 nodes are no whole number of domains of 5");
}

}  // namespace
}  // namespace shardproof::distribution
