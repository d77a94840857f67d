// SPDX-License-Identifier: Apache-2.0
//
// How many nodes are full, and how many keys displaced, with bounded loads: by closed forms for
// many nodes of one point each, and by the catalogue's simulation.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/distribution/keys/bounded.hpp"
#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

namespace shardproof::distribution {
namespace {

std::vector<std::pair<std::string_view, Ratio>> options(Ratio c, std::uint64_t vnodes,
                                                        std::uint64_t jumps = 0) {
  return {{"c", c}, {"vnodes", {vnodes, 1}}, {"jumps", {jumps, 1}}};
}

double full_part(const std::vector<std::uint32_t>& owners, std::uint32_t nodes, Ratio c) {
  const std::uint64_t capacity = c.of(owners.size() / nodes);
  const auto counts = counts_of(owners, nodes);
  EXPECT_LE(*std::max_element(counts.begin(), counts.end()), capacity);
  const auto full = std::count(counts.begin(), counts.end(), capacity);
  return static_cast<double>(full) / nodes;
}

constexpr std::uint32_t kNodes = 2000;
constexpr std::uint64_t kMean = 40;  ///< keys of a node
constexpr std::uint64_t kKeys = kNodes * kMean;

/// An arc is exponential, so the keys of one are geometric: more than k with chance q^(k + 1), q =
/// L / (L + 1) for L keys in the mean. What a node has beyond its capacity C goes to the next one,
/// as customers wait in a queue: j keys and more come over with chance p x^(j - 1), where x is the
/// solution below 1 of x^C = (x - q) / (x (1 - q)) and p = (x - q) / (1 - q). A node is full when
/// these and its own are C.
double full_with_probing(double mean, std::uint64_t capacity) {
  const double q = mean / (mean + 1);
  double x = q;
  for (int i = 0; i < 10'000; ++i) {
    x = q / (1 - std::pow(x, static_cast<double>(capacity)) * (1 - q));
  }
  const double p = (x - q) / (1 - q);
  double full = 0;
  for (std::uint64_t over = 0; over < capacity; ++over) {
    const double at_least = over == 0 ? 1 : p * std::pow(x, static_cast<double>(over - 1));
    const double more = p * std::pow(x, static_cast<double>(over));
    full += (at_least - more) * std::pow(q, static_cast<double>(capacity - over));
  }
  return full + p * std::pow(x, static_cast<double>(capacity - 1));
}

TEST(BoundedFigures, HaveAsManyFullNodesAsAQueueHasWaits) {
  // Without the grain of keys: s = e^(-c (1 - s)).
  EXPECT_NEAR(full_with_probing(1e5, 200'000), 0.20319, 2e-4);
  for (const Ratio c : {Ratio(5, 4), Ratio(3, 2), Ratio(2, 1)}) {
    Sample full;
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const auto map = key_map("bounded", kNodes, seed, options(c, 1), {}, kKeys);
      full.add(full_part(owners_of(*map, kKeys, seed), kNodes, c));
    }
    EXPECT_LT(std::abs(full.z(full_with_probing(kMean, c.of(kMean)))), kFar)
        << full.mean() << " of " << full_with_probing(kMean, c.of(kMean));
  }
}

/// With random jumps all tries, s L for each node, are places at random: of a node whose keys are
/// geometric with mean s L those up to C stay, which are s L (1 - r^C) in the mean, r = s L / (s L
/// + 1), and L in the end. So r^C is full. A key stays with its first node if that is not full.
struct JumpFigures {
  double full = 0;
  double displaced = 0;
};
JumpFigures figures_with_jumps(double mean, double capacity) {
  // A place at random is on an arc that is long by its length: of keys there, C - 1 and fewer have
  // chance 1 - r^C - C (1 - r) r^C, and as many new ones do not meet a full node.
  const auto free = [&](double tries) {
    const double r = tries / (tries + 1);
    return 1 - std::pow(r, capacity) * (1 + capacity * (1 - r));
  };
  JumpFigures figures;
  double placed = 0;
  double first = 0;
  double tries = 0;
  constexpr double kStep = 1e-3;
  while (placed < mean) {
    const double chance = free(tries + kStep / 2);
    placed += chance * kStep;
    first += chance * chance * kStep;
    tries += kStep;
  }
  figures.full = std::pow(tries / (tries + 1), capacity);
  figures.displaced = 1 - first / mean;
  return figures;
}

TEST(BoundedFigures, HaveAsManyFullNodesAsRandomJumpsFill) {
  for (const Ratio c : {Ratio(5, 4), Ratio(2, 1)}) {
    const JumpFigures expected = figures_with_jumps(kMean, static_cast<double>(c.of(kMean)));
    Sample full;
    Sample displaced;
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const auto map = key_map("bounded", kNodes, seed, options(c, 1, 1), {}, kKeys);
      const auto ring = key_map("ring", kNodes, seed, {{"vnodes", {1, 1}}});
      const auto owners = owners_of(*map, kKeys, seed);
      full.add(full_part(owners, kNodes, c));
      const Moves moves = moves_of(owners_of(*ring, kKeys, seed), owners, kNodes, kNodes);
      displaced.add(static_cast<double>(moves.all) / kKeys);
    }
    EXPECT_LT(std::abs(full.z(expected.full)), kFar) << full.mean() << " of " << expected.full;
    EXPECT_LT(std::abs(displaced.z(expected.displaced)), kFar)
        << displaced.mean() << " of " << expected.displaced;
  }
}

struct Row {
  Ratio c;
  std::uint64_t vnodes;
  double displaced;
  double full;
  double moved;
  double unit;  ///< that `moved` is rounded to
  std::uint64_t seeds;
};

void expect_row(const Row& row) {
  constexpr std::uint64_t kAll = 100'000;
  Sample displaced;
  Sample full;
  Sample moved;
  for (std::uint64_t seed = 0; seed < row.seeds; ++seed) {
    const auto map = key_map("bounded", 100, seed, options(row.c, row.vnodes), {}, kAll);
    const auto ring = key_map("ring", 100, seed, {{"vnodes", {row.vnodes, 1}}});
    const auto owners = owners_of(*map, kAll, seed);
    const auto after = owners_of(*map->resized(101, {}), kAll, seed);
    const auto part = [](const Moves& moves) { return static_cast<double>(moves.all) / kAll; };
    displaced.add(part(moves_of(owners_of(*ring, kAll, seed), owners, 100, 100)));
    full.add(full_part(owners, 100, row.c));
    moved.add(part(moves_of(owners, after, 100, 101)));
  }
  EXPECT_LT(std::abs(displaced.z(row.displaced, 60, row.displaced < 0.001 ? 1e-4 : 1e-3)), kFar)
      << displaced.mean();
  EXPECT_LT(std::abs(full.z(row.full, 60, 1e-3)), kFar) << full.mean();
  EXPECT_LT(std::abs(moved.z(row.moved, 60, row.unit)), kFar) << moved.mean();
}

/// The catalogue's simulation of 60 seeds: n = 100, m = 100,000, and one node more.
TEST(BoundedFigures, AreAsInOtherSimulations) {
  for (const Row& row : {Row{{21, 20}, 1, 0.431, 0.899, 0.118, 1e-3, 12},
                         Row{{5, 4}, 1, 0.343, 0.616, 0.064, 1e-3, 12},
                         Row{{3, 2}, 1, 0.260, 0.416, 0.038, 1e-3, 12},
                         Row{{2, 1}, 1, 0.152, 0.201, 0.022, 1e-3, 12},
                         Row{{21, 20}, 100, 0.026, 0.433, 0.0142, 1e-4, 8},
                         Row{{5, 4}, 100, 0.0005, 0.012, 0.0100, 1e-4, 8}}) {
    SCOPED_TRACE(fmt::format("c = {}, {} points", row.c, row.vnodes));
    expect_row(row);
  }
}

}  // namespace
}  // namespace shardproof::distribution
