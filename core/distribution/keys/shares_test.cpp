// SPDX-License-Identifier: Apache-2.0
//
// How many keys, and how much load, nodes have: each algorithm against the closed form of its
// shares.

#include <algorithm>
#include <bit>
#include <optional>

#include <gmock/gmock.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

namespace shardproof::distribution {
namespace {

/// Algorithms of which each key chooses its node at random, all nodes alike.
class EvenShares : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, EvenShares,
                         testing::Values("mod", "rendezvous", "jump", "anchor", "memento", "dx",
                                         "straw2", "crush_list", "crush_tree", "crush_uniform",
                                         "random_slicing", "asura", "copysets"),
                         [](const auto& test) { return test.param; });

/// The catalogue's Monte Carlo of 16384 keys on ten nodes: max/mean is 1.03832 with a deviation of
/// 0.0124; E[CV^2] = (n - 1) / K exactly.
TEST_P(EvenShares, HaveTheFullestNodeAndTheVarianceOfChance) {
  constexpr std::uint64_t kKeys = 16'384;
  const Moments moments = multinomial_moments(std::vector<double>(10, 1), kKeys);
  EXPECT_NEAR(moments.mean, 9.0 / kKeys, 1e-9);
  Deviation fullest;
  Deviation squares;
  for (std::uint64_t seed = 100; seed < 112; ++seed) {
    const auto map = key_map(GetParam(), 10, seed);
    const auto parts = parts_of(counts_of(owners_of(*map, kKeys, seed), 10));
    fullest.add(*std::max_element(parts.begin(), parts.end()) * 10, {1.03832, 0.0124 * 0.0124});
    squares.add(unevenness(parts, std::vector<double>(10, 0.1)), moments);
  }
  EXPECT_LT(std::abs(fullest.z()), kFar);
  EXPECT_LT(std::abs(squares.z()), kFar);
}

TEST(FullestNode, IsAsFarAboveTheMeanAsChanceHasIt) {
  struct Row {
    std::uint64_t keys;
    std::uint32_t nodes;
    double mean;
    double deviation;
  };
  for (const auto& [keys, nodes, mean, deviation] :
       {Row{100'000, 10, 1.01540, 0.0050}, Row{100'000, 100, 1.08021, 0.0137},
        Row{65'537, 1000, 1.42403, 0.0490}}) {
    Deviation fullest;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      const auto map = key_map("jump", nodes, seed);
      const auto parts = parts_of(counts_of(owners_of(*map, keys, seed), nodes));
      fullest.add(*std::max_element(parts.begin(), parts.end()) * nodes,
                  {mean, deviation * deviation});
    }
    EXPECT_LT(std::abs(fullest.z()), kFar) << keys << " on " << nodes;
  }
}

/// Of `keys` keys, the most frequent first, the parts of Zipf's law.
std::vector<double> zipf(std::uint64_t keys, double exponent) {
  std::vector<double> traffic;
  double all = 0;
  for (std::uint64_t i = 1; i <= keys; ++i) {
    traffic.push_back(std::pow(static_cast<double>(i), -exponent));
    all += traffic.back();
  }
  for (double& part : traffic) part /= all;
  return traffic;
}

/// Whole keys of unequal traffic p_i: E[CV^2] of the load is (n - 1) sum p_i^2, and the fullest
/// node has the hottest key. Two keys are on one node independently of any other two, so the
/// variance is 2 (n - 1) ((sum p_i^2)^2 - sum p_i^4).
TEST(EvenShares, OfUnequalTrafficAreAsUnevenAsItsKeys) {
  constexpr std::uint64_t kKeys = 10'000;
  EXPECT_NEAR(zipf(kKeys, 0.99)[0], 0.097806, 1e-6);
  for (const double exponent : {0.99, 0.5}) {
    const std::vector<double> traffic = zipf(kKeys, exponent);
    double second = 0;
    double fourth = 0;
    for (const double part : traffic) {
      second += part * part;
      fourth += part * part * part * part;
    }
    const Moments moments{9 * second, 2 * 9 * (second * second - fourth)};
    if (exponent > 0.5) {
      EXPECT_NEAR(std::sqrt(moments.mean), 0.37849, 1e-5);
    }
    for (const char* algorithm : {"jump", "rendezvous", "dx"}) {
      Deviation squares;
      for (std::uint64_t seed = 0; seed < 30; ++seed) {
        const auto owners = owners_of(*key_map(algorithm, 10, seed), kKeys, seed);
        std::vector<double> loads(10);
        for (std::size_t i = 0; i < owners.size(); ++i) loads[owners[i]] += traffic[i];
        EXPECT_GE(*std::max_element(loads.begin(), loads.end()), traffic[0]);
        squares.add(unevenness(loads, std::vector<double>(10, 0.1)), moments);
      }
      EXPECT_LT(std::abs(squares.z()), kFar) << algorithm << ", exponent " << exponent;
    }
  }
}

/// With 2M the power of two above n nodes, t attempts and q = (2M - n) / 2M: nodes from M on have
/// (1 - q^t) / n, those below it (1 + (n - M) / M q^t) / n.
TEST(BinomialShares, HaveTheSmallBiasOfTheirAttempts) {
  struct Row {
    std::uint32_t nodes;
    std::uint64_t attempts;
    double upper;  ///< over the mean
    double lower;
  };
  for (const Row& row :
       {Row{17, 5, 0.97737, 1.00141}, Row{24, 5, 0.99902, 1.00049}, Row{11, 5, 0.99702, 1.00112},
        Row{5, 1, 0.625, 1.09375}, Row{9, 2, 0.80859, 1.02393}}) {
    const double nodes = row.nodes;
    const std::uint32_t half = std::bit_ceil(row.nodes) / 2;
    const double missed =
        std::pow((2.0 * half - nodes) / (2.0 * half), static_cast<double>(row.attempts));
    std::vector<double> expected;
    for (std::uint32_t node = 0; node < row.nodes; ++node) {
      const double bias = node < half ? (nodes - half) / half * missed : -missed;
      EXPECT_NEAR(1 + bias, node < half ? row.lower : row.upper, 6e-6);
      expected.push_back((1 + bias) / nodes);
    }
    constexpr std::uint64_t kKeys = 100'000;
    const Moments moments = multinomial_moments(expected, kKeys);
    Deviation squares;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      const auto map = key_map("binomial", row.nodes, seed, {{"attempts", {row.attempts, 1}}});
      squares.add(
          unevenness(parts_of(counts_of(owners_of(*map, kKeys, seed), row.nodes)), expected),
          moments);
    }
    EXPECT_LT(std::abs(squares.z()), kFar) << row.nodes;
  }
}

TEST(TieredShares, AreEvenOnPrimaryNodes) {
  Deviation squares;
  const Moments moments = multinomial_moments(std::vector<double>(14, 1), 10'000);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto counts = counts_of(owners_of(*key_map("tiered", 20, seed), 10'000, seed), 20);
    std::erase(counts, 0u);
    ASSERT_EQ(counts.size(), 14u);
    squares.add(unevenness(parts_of(counts), std::vector<double>(14, 1.0 / 14)), moments);
  }
  EXPECT_LT(std::abs(squares.z()), kFar);
}

TEST(WeightedShares, HaveALawForEveryAlgorithmThatKnowsWeights) {
  std::vector<std::string_view> names;
  for (const KeyAlgorithm& algorithm : key_algorithms()) {
    if (algorithm.is_weighted) names.push_back(algorithm.name);
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         "ring", "ketama", "rendezvous", "asura", "straw2", "crush_list",
                         "crush_tree", "random_slicing",                   // WeightedKeys
                         "slots", "maglev",                                // WeightedSlots
                         "bounded", "directory", "range", "two_choice"));  // WeightedLoads
}

/// `points` in the mean of all nodes, by weight.
double of_mean(const std::vector<std::uint64_t>& weights, std::size_t i, double points) {
  double all = 0;
  for (const std::uint64_t weight : weights) all += static_cast<double>(weight);
  return points * static_cast<double>(weights.size()) * static_cast<double>(weights[i]) / all;
}
std::vector<double> exactly(const std::vector<std::uint64_t>& weights) {
  std::vector<double> points;
  for (std::size_t i = 0; i < weights.size(); ++i)
    points.push_back(of_mean(weights, i, kExactShares));
  return points;
}
std::vector<double> ring_points(const std::vector<std::uint64_t>& weights) {
  std::vector<double> points;
  for (std::size_t i = 0; i < weights.size(); ++i)
    points.push_back(std::floor(of_mean(weights, i, 100) + 0.5));
  return points;
}
std::vector<double> ketama_points(const std::vector<std::uint64_t>& weights) {
  std::vector<double> points;
  for (std::size_t i = 0; i < weights.size(); ++i)
    points.push_back(4 * std::floor(of_mean(weights, i, 40)));
  return points;
}

std::vector<double> points_of(const std::string& algorithm,
                              const std::vector<std::uint64_t>& weights) {
  if (algorithm == "ring") return ring_points(weights);
  if (algorithm == "ketama") return ketama_points(weights);
  return exactly(weights);
}

/// Algorithms whose shares are Dirichlet of so many points of each node.
class WeightedKeys : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, WeightedKeys,
                         testing::Values("ring", "ketama", "rendezvous", "asura", "straw2",
                                         "crush_list", "crush_tree", "random_slicing"),
                         [](const auto& test) { return test.param; });

/// Each node's part for itself, over all seeds, and how uneven they are together: of K keys on a
/// node of v among V points the variance is p (1 - p) / K (V + K) / (V + 1).
TEST_P(WeightedKeys, AreByWeight) {
  constexpr std::uint64_t kKeys = 4000;
  for (const std::vector<std::uint64_t>& weights :
       {std::vector<std::uint64_t>{1, 3, 1, 1}, {7, 1, 2, 9, 4, 1}}) {
    const auto nodes = static_cast<std::uint32_t>(weights.size());
    const std::vector<double> points = points_of(GetParam(), weights);
    double all = 0;
    for (const double v : points) all += v;
    std::vector<double> expected;
    for (const double v : points) expected.push_back(v / all);
    const Moments moments = unevenness_moments(points, kKeys);
    Deviation squares;
    std::vector<Deviation> of_node(nodes);
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const auto map = key_map(GetParam(), nodes, seed, {}, weights);
      const auto counts = counts_of(owners_of(*map, kKeys, seed), nodes);
      squares.add(unevenness(parts_of(counts), expected), moments);
      for (std::uint32_t i = 0; i < nodes; ++i) {
        of_node[i].add(static_cast<double>(counts[i]),
                       beta_binomial_moments(kKeys, points[i], all - points[i]));
      }
    }
    EXPECT_LT(std::abs(squares.z()), kFar);
    for (std::uint32_t i = 0; i < nodes; ++i) EXPECT_LT(std::abs(of_node[i].z()), kFar) << i;
  }
}

/// Tables: a slot is 1/16384, and a turn of Maglev's nodes is one slot for each at most. Keys go by
/// slots, and the rest is chance.
TEST(WeightedSlots, AreByWeightToOneSlotANode) {
  const std::vector<std::uint64_t> weights = {7, 1, 2, 9, 4, 1};
  constexpr std::uint64_t kKeys = 10'000;
  Deviation squares;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto slots = shares_of(*key_map("slots", 6, seed, {}, weights));
    const auto maglev = key_map("maglev", 6, seed, {}, weights);
    const auto shares = shares_of(*maglev);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double part = static_cast<double>(weights[i]) / 24;
      EXPECT_LT(std::abs(slots[i] - part) * 16'384, 1);
      EXPECT_LT(std::abs(shares[i] - part) * 65'537, 6);
    }
    const auto counts = counts_of(owners_of(*maglev, kKeys, seed), 6);
    squares.add(unevenness(parts_of(counts), shares), multinomial_moments(shares, kKeys));
  }
  EXPECT_LT(std::abs(squares.z()), kFar);
}

/// Algorithms that count keys hold their bound in every single state: the capacity of bounded
/// loads, with c = 1 rounded up only; a key of the directory; a shard of ranges; ln ln n / ln 2 and
/// a few keys of two choices, for each unit of weight.
TEST(WeightedLoads, AreByWeightToTheBoundOfTheAlgorithm) {
  const std::vector<std::uint64_t> weights = {7, 1, 2, 9, 4, 1};
  constexpr std::uint64_t kKeys = 4800;
  const auto check = [&](const std::string& algorithm, const auto& options,
                         std::optional<double> lack, double surplus) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const auto map = key_map(algorithm, 6, seed, options, weights, kKeys);
      auto owners = owners_of(*map, kKeys, seed);
      // What places by what it holds has all keys in place only when it is asked again.
      if (find_key_algorithm(algorithm)->remembers_keys) owners = owners_of(*map, kKeys, seed);
      const auto counts = counts_of(owners, 6);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto weight = static_cast<double>(weights[i]);
        const double off = static_cast<double>(counts[i]) - 200 * weight;
        if (lack) {
          EXPECT_GE(off, -*lack * weight) << algorithm << ", node " << i;
        }
        EXPECT_LE(off, surplus * weight) << algorithm << ", node " << i;
      }
    }
  };
  using Options = std::vector<std::pair<std::string_view, Ratio>>;
  check("bounded", Options{{"c", {1, 1}}}, 0, 0);
  check("bounded", Options{{"c", {5, 4}}}, std::nullopt, 50);
  check("directory", Options{}, 1, 1);
  check("range", Options{{"split", {20, 1}}}, 20, 20);
  check("two_choice", Options{}, std::nullopt, 6);
}

}  // namespace
}  // namespace shardproof::distribution
