// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/two_choice.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

namespace shardproof::distribution {
namespace {

std::uint64_t fullest(std::uint32_t nodes, std::uint64_t keys, std::uint64_t choices,
                      std::uint64_t seed) {
  const auto map = key_map("two_choice", nodes, seed, {{"choices", {choices, 1}}});
  const auto counts = counts_of(owners_of(*map, keys, seed), nodes);
  return *std::max_element(counts.begin(), counts.end());
}

/// The chance that of n keys at random on n nodes none has more than `most`: the coefficient of x^n
/// in (sum_{j <= most} x^j / j! / e)^n, over that of all j, which is e^-n n^n / n!.
double none_above(std::uint32_t most, std::uint32_t n) {
  std::vector<double> one;
  for (std::uint32_t j = 0; j <= most; ++j) one.push_back(std::exp(-1 - std::lgamma(j + 1.0)));
  std::vector<double> sum(n + 1);
  sum[0] = 1;
  for (std::uint32_t node = 0; node < n; ++node) {
    std::vector<double> next(n + 1);
    for (std::uint32_t keys = 0; keys <= n; ++keys) {
      for (std::uint32_t j = 0; j <= most && keys + j <= n; ++j)
        next[keys + j] += sum[keys] * one[j];
    }
    sum = next;
  }
  return sum[n] / std::exp(n * std::log(n) - n - std::lgamma(n + 1.0));
}

/// 256 keys on as many nodes, by the chances of the catalogue; with one choice they are exact.
TEST(TwoChoice, HasTheFullestNodeOfItsNumberOfChoices) {
  EXPECT_NEAR(none_above(4, 256) - none_above(3, 256), 0.38, 0.01);
  EXPECT_NEAR(none_above(5, 256) - none_above(4, 256), 0.48, 0.01);
  struct Row {
    std::uint64_t choices;
    std::uint64_t most;
    double chance;
  };
  constexpr std::uint64_t kSeeds = 600;
  std::vector<std::vector<std::uint64_t>> found(4, std::vector<std::uint64_t>(20));
  for (std::uint64_t choices = 1; choices <= 3; ++choices) {
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      ++found[choices].at(fullest(256, 256, choices, seed));
    }
  }
  for (const Row& row : {Row{1, 4, none_above(4, 256) - none_above(3, 256)},
                         Row{1, 5, none_above(5, 256) - none_above(4, 256)},
                         Row{1, 6, none_above(6, 256) - none_above(5, 256)}, Row{2, 2, 0.105},
                         Row{2, 3, 0.89}, Row{3, 2, 0.87}, Row{3, 3, 0.13}}) {
    EXPECT_LT(std::abs(binomial_z(found[row.choices][row.most], kSeeds, row.chance)), kFar)
        << row.choices << " choices, " << row.most;
  }
}

/// m = n = 4096: with two choices the fullest has 3 or 4 (97.7 % and 2.4 %), with one 6 (64 %), 7
/// (24 %) or about that.
TEST(TwoChoice, KeepsTheFullestOfManyNodesLow) {
  constexpr std::uint64_t kSeeds = 60;
  std::vector<std::uint64_t> of_one(30);
  std::vector<std::uint64_t> of_two(30);
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    ++of_one.at(fullest(4096, 4096, 1, seed));
    ++of_two.at(fullest(4096, 4096, 2, seed));
  }
  EXPECT_LT(std::abs(binomial_z(of_one[6], kSeeds, 0.64)), kFar);
  EXPECT_LT(std::abs(binomial_z(of_one[7], kSeeds, 0.24)), kFar);
  EXPECT_LT(std::abs(binomial_z(of_two[3], kSeeds, 0.977)), kFar);
  EXPECT_EQ(of_two[3] + of_two[4], kSeeds);
}

/// m = 100,000 on n = 100: the fullest has 1081.1 (deviation 13.8) with one choice, 1001.9 (0.33)
/// with two, however many keys there are above the mean.
TEST(TwoChoice, KeepsTheFullestNodeJustAboveTheMean) {
  constexpr std::uint64_t kSeeds = 10;
  Deviation of_one;
  Deviation of_two;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    of_one.add(static_cast<double>(fullest(100, 100'000, 1, seed)), {1081.1, 13.8 * 13.8});
    of_two.add(static_cast<double>(fullest(100, 100'000, 2, seed)), {1001.9, 0.33 * 0.33});
  }
  EXPECT_LT(std::abs(of_one.z()), kFar);
  EXPECT_LT(std::abs(of_two.z()), kFar);
}

}  // namespace
}  // namespace shardproof::distribution
