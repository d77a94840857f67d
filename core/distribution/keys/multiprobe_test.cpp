// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/multiprobe.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"
#include "core/distribution/keys/multiprobe_testing.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {
namespace {

std::uint32_t owner_of(KeyMap& map, const Key& key) {
  std::uint32_t owner = 0;
  map.place({&key, 1}, {&owner, 1});
  return owner;
}

/// A twin that looks at all pairs of points and places, modulo 2^64.
TEST(MultiProbe, FindsTheNearestPointOverAllPlaces) {
  for (const std::uint32_t nodes : {1u, 2u, 13u}) {
    const auto map = key_map("multiprobe", nodes, 5, {{"probes", {4, 1}}});
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const std::uint64_t hash = mix64(i);
      std::uint64_t least = ~std::uint64_t{0};
      std::uint32_t nearest = 0;
      for (const std::uint64_t place : {hash, rehash(hash, 0), rehash(hash, 1), rehash(hash, 2)}) {
        for (std::uint32_t node = 0; node < nodes; ++node) {
          const std::uint64_t point = stable_hash(fmt::format("node-{}", node), 5);
          if (point - place >= least) continue;
          least = point - place;
          nearest = node;
        }
      }
      ASSERT_EQ(owner_of(*map, {"", hash}), nearest);
    }
  }
}

/// Keys go by the shares of the circle, and the rest is chance.
TEST(MultiProbe, SpreadsKeysByTheGapsBeforeItsPoints) {
  constexpr std::uint32_t kNodes = 40;
  constexpr std::uint64_t kKeys = 5000;
  for (const std::uint64_t probes : {1u, 2u, 21u}) {
    Deviation squares;
    for (std::uint64_t seed = 0; seed < 15; ++seed) {
      const auto map = key_map("multiprobe", kNodes, seed, {{"probes", {probes, 1}}});
      const auto expected = multiprobe_parts(kNodes, static_cast<double>(probes), seed);
      const auto parts = parts_of(counts_of(owners_of(*map, kKeys, seed), kNodes));
      squares.add(unevenness(parts, expected), multinomial_moments(expected, kKeys));
    }
    EXPECT_LT(std::abs(squares.z()), kFar) << probes;
  }
}

/// For many nodes max/mean = k / (k - 1) and CV = 1 / sqrt(2 k - 1); the catalogue's simulation has
/// the means and deviations for so few. With one probe it is a ring of one point a node.
TEST(MultiProbe, IsAsEvenAsItsProbesSay) {
  struct Row {
    std::uint32_t nodes;
    double probes;
    Moments most;
    Moments cv;
  };
  const auto squared = [](double mean, double deviation) {
    return Moments{mean, deviation * deviation};
  };
  for (const auto& [nodes, probes, most, cv] :
       {Row{1000, 21, squared(1.0499, 0.0053), squared(0.1556, 0.0115)},
        Row{100, 21, squared(1.0502, 0.017), squared(0.152, 0.037)},
        Row{10, 21, squared(1.050, 0.057), {}}, Row{1000, 5, squared(1.2500, 0.015), {}}}) {
    Deviation fullest;
    Deviation uneven;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      auto parts = multiprobe_parts(nodes, probes, seed);
      for (double& part : parts) part *= nodes;
      fullest.add(*std::max_element(parts.begin(), parts.end()), most);
      uneven.add(std::sqrt(unevenness(parts, std::vector<double>(nodes, 1)) / nodes), cv);
    }
    EXPECT_LT(std::abs(fullest.z()), kFar) << nodes << ", " << probes;
    if (cv.mean > 0) {
      EXPECT_LT(std::abs(uneven.z()), kFar) << nodes << ", " << probes;
    }
  }
}

/// The closed forms, on so many nodes that what is left of their number is below the deviations.
TEST(MultiProbe, HasThePeakAndTheVarianceOfManyNodes) {
  constexpr std::uint32_t kNodes = 4000;
  for (const double probes : {2.0, 5.0, 21.0}) {
    Sample fullest;
    Sample squares;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      auto parts = multiprobe_parts(kNodes, probes, seed);
      for (double& part : parts) part *= kNodes;
      fullest.add(*std::max_element(parts.begin(), parts.end()));
      squares.add(unevenness(parts, std::vector<double>(kNodes, 1)) / kNodes);
    }
    EXPECT_LT(std::abs(squares.z(1 / (2 * probes - 1))), kFar) << probes;
    EXPECT_LT(std::abs(fullest.z(probes / (probes - 1))), kFar) << probes;
  }
}

}  // namespace
}  // namespace shardproof::distribution
