// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ring.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kSeeds = 60;

/// Shares over the mean share.
std::vector<double> relative_shares(std::uint32_t nodes, std::uint64_t vnodes, std::uint64_t seed) {
  auto shares = shares_of(*key_map("ring", nodes, seed, {{"vnodes", {vnodes, 1}}}));
  for (double& share : shares) share *= nodes;
  return shares;
}

/// E[CV^2] of shares = (n - 1) / (n v + 1).
TEST(Ring, SpreadsSharesAsTheBetaDistributionSays) {
  for (const std::uint64_t vnodes : {1u, 10u, 100u}) {
    const std::vector<double> points(100, static_cast<double>(vnodes));
    const Moments moments = unevenness_moments(points);
    EXPECT_NEAR(moments.mean, 99.0 / (100.0 * static_cast<double>(vnodes) + 1), 1e-9);
    Deviation squares;
    for (std::uint64_t seed = 0; seed < 2 * kSeeds; ++seed) {
      const auto shares = relative_shares(100, vnodes, seed);
      squares.add(unevenness(shares, std::vector<double>(100, 1)) / 100, moments);
    }
    EXPECT_LT(std::abs(squares.z()), kFar) << vnodes;
  }
}

/// Of K keys E[CV^2] = s (1 - 1/K) + (n - 1) / K, s that of the shares.
TEST(Ring, SpreadsKeysAsItsSharesAndChanceDo) {
  constexpr std::uint64_t kKeys = 5000;
  for (const std::uint64_t vnodes : {1u, 10u, 100u}) {
    const std::vector<double> points(20, static_cast<double>(vnodes));
    const Moments moments = unevenness_moments(points, kKeys);
    const double of_shares = 19.0 / (20.0 * static_cast<double>(vnodes) + 1);
    EXPECT_NEAR(moments.mean, of_shares * (1 - 1.0 / kKeys) + 19.0 / kKeys, 1e-9);
    Deviation squares;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const auto map = key_map("ring", 20, seed, {{"vnodes", {vnodes, 1}}});
      const auto parts = parts_of(counts_of(owners_of(*map, kKeys, seed), 20));
      squares.add(unevenness(parts, std::vector<double>(20, 1.0 / 20)), moments);
    }
    EXPECT_LT(std::abs(squares.z()), kFar) << vnodes;
  }
}

/// The largest of n arcs is H_n of the mean, the smallest 1/n: as of n exponential numbers over
/// their sum, whose square is n (n + 1) in the mean.
TEST(Ring, HasTheLongestAndTheShortestArcOfRandomPoints) {
  for (const std::uint32_t nodes : {10u, 100u, 1000u}) {
    const double n = nodes;
    const double largest = harmonic(nodes);
    const double square = largest * largest + harmonic(nodes, 2);
    Deviation most;
    Deviation least;
    for (std::uint64_t seed = 0; seed < 2 * kSeeds; ++seed) {
      const auto shares = relative_shares(nodes, 1, seed);
      most.add(*std::max_element(shares.begin(), shares.end()),
               {largest, square * n / (n + 1) - largest * largest});
      least.add(*std::min_element(shares.begin(), shares.end()),
                {1 / n, 2 / (n * (n + 1)) - 1 / (n * n)});
    }
    EXPECT_LT(std::abs(most.z()), kFar) << nodes;
    EXPECT_LT(std::abs(least.z()), kFar) << nodes;
  }
}

/// The catalogue's simulation of E[max/mean] and its deviation.
TEST(Ring, HasTheFullestNodeOfOtherSimulations) {
  struct Row {
    std::uint32_t nodes;
    std::uint64_t vnodes;
    double mean;
    double deviation;
  };
  for (const auto& [nodes, vnodes, mean, deviation] :
       {Row{10, 10, 1.538, 0.198}, Row{10, 100, 1.160, 0.054}, Row{10, 128, 1.140, 0.047},
        Row{10, 160, 1.125, 0.042}, Row{10, 1000, 1.0492, 0.016}, Row{100, 10, 1.974, 0.207},
        Row{100, 100, 1.269, 0.049}, Row{100, 160, 1.209, 0.038}, Row{1000, 10, 2.352, 0.193}}) {
    Deviation most;
    for (std::uint64_t seed = 0; seed < (nodes * vnodes > 9999 ? 15 : kSeeds); ++seed) {
      const auto shares = relative_shares(nodes, vnodes, seed);
      most.add(*std::max_element(shares.begin(), shares.end()), {mean, deviation * deviation});
    }
    EXPECT_LT(std::abs(most.z()), kFar) << nodes << " x " << vnodes;
  }
}

/// Quantiles of Beta(v, 999 v): a hundredth of the nodes is beyond. Nodes of one ring have a share
/// less rather than more together, so that the variance is at most binomial.
TEST(Ring, HasNinetyNineInAHundredSharesWithinTheIntervalOfTheJumpHashPaper) {
  for (const auto& [vnodes, low, high] :
       {std::tuple{1u, 0.0050, 5.2896}, {10u, 0.3718, 1.9989}, {100u, 0.7613, 1.2762}}) {
    double beyond = 0;
    const std::uint64_t seeds = vnodes == 100 ? 8 : 20;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      for (const double share : relative_shares(1000, vnodes, seed)) {
        if (share < low || share > high) ++beyond;
      }
    }
    Deviation deviation;
    deviation.add(beyond, binomial_moments(1000.0 * static_cast<double>(seeds), 0.01));
    EXPECT_LT(std::abs(deviation.z()), kFar) << vnodes;
  }
}

/// The excess kurtosis of Beta(a, b).
double beta_excess(double a, double b) {
  const double numerator = (a - b) * (a - b) * (a + b + 1) - a * b * (a + b + 2);
  return 6 * numerator / (a * b * (a + b + 2) * (a + b + 3));
}

/// What a node that comes takes is Beta(v, n v) of the key space.
TEST(Ring, GivesANodeThatComesItsBetaShare) {
  for (const std::uint64_t vnodes : {1u, 20u}) {
    const auto v = static_cast<double>(vnodes);
    const double variance = (1.0 / 11) * (10.0 / 11) / (11 * v + 1);
    const double excess = beta_excess(v, 10 * v);
    Deviation taken;
    Deviation squares;
    for (std::uint64_t seed = 0; seed < 3 * kSeeds; ++seed) {
      const auto map = key_map("ring", 10, seed, {{"vnodes", {vnodes, 1}}});
      const double part = shares_of(*map->resized(11, {})).back();
      taken.add(part, {1.0 / 11, variance});
      const double off = part - 1.0 / 11;
      squares.add(off * off, {variance, (2 + excess) * variance * variance});
    }
    EXPECT_LT(std::abs(taken.z()), kFar) << vnodes;
    EXPECT_LT(std::abs(squares.z()), kFar) << vnodes;
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
