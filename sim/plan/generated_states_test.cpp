// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/generated_states.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

/// Zones of as many nodes each, with the changing ones and without.
constexpr StateSizes kSizes{
    .nodes = 18, .shards = 400, .copies = 3, .collections = 2, .changing = 3};

dist::ClusterView make(std::string_view name, std::uint64_t seed = 1,
                       const StateSizes& sizes = kSizes) {
  return find_generated_state(name)->make(seed, sizes);
}

std::vector<std::uint64_t> first(std::vector<std::uint64_t> values, std::size_t count) {
  values.resize(count);
  return values;
}

std::uint64_t spread(const std::vector<std::uint64_t>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low;
}

TEST(GeneratedStates, AreFiveAndNoNameIsThereTwice) {
  std::set<std::string_view> names;
  for (const GeneratedState& state : generated_states()) {
    names.insert(state.name);
    EXPECT_FALSE(state.description.empty());
  }
  EXPECT_THAT(names, testing::ElementsAre("drain", "hot", "scale_out", "skewed_sizes", "unequal"));
  EXPECT_EQ(find_generated_state("cold"), nullptr);
}

TEST(GeneratedStates, AreWholeLegalAndHalfFull) {
  for (const GeneratedState& state : generated_states()) {
    const dist::ClusterView view = state.make(1, kSizes);
    ASSERT_EQ(view.shards.size(), kSizes.shards) << state.name;
    std::uint64_t disk = 0;
    for (const dist::NodeView& node : view.nodes) disk += node.capacity.disk.count();
    const auto bytes = dist::test::byte_counts(view);
    const std::uint64_t used = std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0});
    for (const dist::NodeView& node : view.nodes) {
      EXPECT_EQ(node.load.disk_used.count(), bytes[node.id.value()]) << state.name;
      EXPECT_LE(node.load.disk_used, node.capacity.disk) << state.name;
    }
    EXPECT_NEAR(static_cast<double>(disk) / static_cast<double>(used), 2.0, 0.25) << state.name;
    for (const dist::ShardView& shard : view.shards) {
      EXPECT_EQ(dist::test::distinct_domains(view, shard.replicas, DomainLevel::Rack), 3u)
          << state.name;
      EXPECT_THAT(shard.replicas, testing::Contains(shard.leader)) << state.name;
    }
  }
}

TEST(GeneratedStates, ScaleOutIsEvenButForItsEmptyNodes) {
  const auto counts = dist::test::copy_counts(make("scale_out"));
  EXPECT_EQ(counts[15] + counts[16] + counts[17], 0u);
  EXPECT_LE(spread(first(counts, 15)), 1u);
}

TEST(GeneratedStates, DrainIsEvenAndItsLastNodesAreToLeave) {
  const dist::ClusterView view = make("drain");
  EXPECT_LE(spread(dist::test::copy_counts(view)), 1u);
  for (const dist::NodeView& node : view.nodes) {
    EXPECT_EQ(node.state == NodeState::Draining, node.id.value() >= 15);
  }
}

TEST(GeneratedStates, SkewedSizesHaveTheMedianAndTheSpreadOfTheirLaw) {
  const dist::ClusterView view = make("skewed_sizes");
  EXPECT_LE(spread(dist::test::copy_counts(view)), 1u);
  constexpr std::uint64_t kMedian = std::uint64_t{1} << 28;
  // exp(1.5) times the median is one standard deviation away: 15.9 % are beyond, on each side.
  constexpr std::uint64_t kUpper = 1'203'045'892;
  constexpr std::uint64_t kLower = 59'896'000;
  std::int64_t above_median = 0;
  std::int64_t above = 0;
  std::int64_t below = 0;
  for (const dist::ShardView& shard : view.shards) {
    above_median += shard.bytes.count() > kMedian;
    above += shard.bytes.count() > kUpper;
    below += shard.bytes.count() < kLower;
  }
  // Four standard deviations of a binomial of 400: 40 around 200, 29 around 63.5.
  EXPECT_NEAR(static_cast<double>(above_median), 200, 40);
  EXPECT_NEAR(static_cast<double>(above), 63.5, 29);
  EXPECT_NEAR(static_cast<double>(below), 63.5, 29);
}

TEST(GeneratedStates, HotRequestsFollowZipf) {
  const dist::ClusterView view = make("hot", 1, {.nodes = 18, .shards = 10'000});
  std::vector<std::uint64_t> rates;
  for (const dist::ShardView& shard : view.shards) rates.push_back(shard.requests_per_second);
  std::sort(rates.rbegin(), rates.rend());
  // p1 = 0.097806 of 10 000 keys at exponent 0.99, of 100 000 requests; p2 = p1 / 2^0.99.
  EXPECT_NEAR(static_cast<double>(rates[0]), 9780.6, 1.1);
  EXPECT_NEAR(static_cast<double>(rates[1]), 4924.3, 1.1);
  EXPECT_NEAR(static_cast<double>(rates[9]), 1000.8, 1.1);
  const auto counts = dist::test::copy_counts(view);
  EXPECT_LE(spread(counts), 1u);
}

TEST(GeneratedStates, UnequalHasDisksOfThreeSizesAndZonesOfTwoTwoAndFour) {
  const dist::ClusterView view = make("unequal");
  std::vector<std::uint64_t> zones(3);
  std::vector<Bytes> disks;
  for (const dist::NodeView& node : view.nodes) {
    ++zones[node.domain.zone];
    disks.push_back(node.capacity.disk);
  }
  EXPECT_THAT(zones, testing::ElementsAre(6, 4, 8));
  const auto [least, most] = std::minmax_element(disks.begin(), disks.end());
  EXPECT_GE(most->count(), least->count() * 3);
  EXPECT_LE(spread(dist::test::copy_counts(view)), 1u);
}

bool are_alike(const dist::ClusterView& a, const dist::ClusterView& b, std::size_t shards) {
  for (std::size_t i = 0; i < shards; ++i) {
    if (a.shards[i].bytes != b.shards[i].bytes) return false;
    if (a.shards[i].requests_per_second != b.shards[i].requests_per_second) return false;
    if (a.shards[i].replicas != b.shards[i].replicas) return false;
  }
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    if (a.nodes[i].capacity.disk != b.nodes[i].capacity.disk) return false;
  }
  return true;
}

TEST(GeneratedStates, AreMadeByTheSeedAndNothingElse) {
  for (const std::string_view name : {"skewed_sizes", "hot", "unequal"}) {
    EXPECT_TRUE(are_alike(make(name, 7), make(name, 7), kSizes.shards)) << name;
    EXPECT_FALSE(are_alike(make(name, 7), make(name, 8), kSizes.shards)) << name;
  }
}

TEST(GeneratedStates, MoreShardsChangeNoSizeThatWasThere) {
  StateSizes more = kSizes;
  more.shards += 100;
  const dist::ClusterView small = make("skewed_sizes");
  const dist::ClusterView large = make("skewed_sizes", 1, more);
  for (std::size_t i = 0; i < small.shards.size(); ++i) {
    EXPECT_EQ(small.shards[i].bytes, large.shards[i].bytes);
  }
}

}  // namespace
}  // namespace shardproof::sim
