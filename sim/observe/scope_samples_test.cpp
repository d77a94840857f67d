// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/scope_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/observe/placement_skew.hpp"
#include "sim/observe/two_zones_testing.hpp"

namespace shardproof::sim {
namespace {

using Loads = std::vector<std::uint64_t>;

TEST(SkewSample, AgreesWithThePublishedVectors) {
  const auto is = [](const Loads& loads, double max_over_mean, double cv) {
    const auto sample = skew_sample_of(loads);
    EXPECT_NEAR(sample->max_over_mean.to_double(), max_over_mean, 5e-7);
    EXPECT_NEAR(sample->cv.to_double(), cv, 5e-7);
  };
  is({10, 20, 30, 40}, 1.6, .447214);
  is({1, 0, 0, 0}, 4, 1.732051);
  is({5, 5, 5, 5}, 1, 0);
  is({100, 90, 110, 80, 120, 100, 95, 105, 70, 130}, 1.3, .168819);
  EXPECT_FALSE(skew_sample_of(Loads{0, 0}));
  EXPECT_FALSE(skew_sample_of(Loads{}));
}

RC_GTEST_PROP(SkewSample, IsWhatSortedLoadsGive, ()) {
  const auto loads = *rc::gen::container<Loads>(rc::gen::inRange<std::uint64_t>(0, 1u << 30));
  const std::optional<Skew> skew = skew_of(loads);
  const std::optional<SkewSample> sample = skew_sample_of(loads);
  RC_ASSERT(skew.has_value() == sample.has_value());
  if (!skew) return;
  RC_ASSERT(skew->max_over_mean == sample->max_over_mean);
  RC_ASSERT(skew->cv == sample->cv);
}

TEST(SkewSample, LoadsTooLargeForExactSumsAreStillMeasured) {
  const Loads loads = {std::uint64_t{3} << 60, std::uint64_t{1} << 60};
  EXPECT_NEAR(skew_sample_of(loads)->max_over_mean.to_double(), 1.5, 1e-12);
  EXPECT_NEAR(skew_sample_of(loads)->cv.to_double(), 0.5, 1e-12);
  const Loads even(4, (std::uint64_t{1} << 60) + 12345);
  EXPECT_NEAR(skew_sample_of(even)->cv.to_double(), 0, 1e-7);
}

TEST(ScopeSamples, AreMeasuredBetweenAndWithinDomains) {
  const testing::TwoZones world;
  // Copies 3 1 | 2 2, leaders 3 1 | 0 0.
  const auto& samples = world.observer.scope_samples();
  const auto find = [&](SkewScope kind, std::uint64_t key) -> const ScopeSample& {
    for (const ScopeSample& sample : samples) {
      if (sample.scope == ScopeKey{kind, key}) return sample;
    }
    ADD_FAILURE() << to_string(kind) << " " << key;
    return samples.front();
  };
  const auto zone = [](std::uint16_t number) {
    return domain_key(DomainPath{0, number, 0}, DomainLevel::Zone);
  };
  EXPECT_TRUE(find(SkewScope::kBetweenZones, 0).of[0]->max_over_mean == Ratio(1, 1));
  EXPECT_TRUE(find(SkewScope::kBetweenZones, 0).of[1]->max_over_mean == Ratio(2, 1));
  EXPECT_TRUE(find(SkewScope::kWithinZone, zone(0)).of[0]->max_over_mean == Ratio(3, 2));
  EXPECT_TRUE(find(SkewScope::kWithinZone, zone(0)).of[0]->cv == Ratio(1, 2));
  EXPECT_FALSE(find(SkewScope::kWithinZone, zone(1)).of[1]) << "nobody there leads";
  EXPECT_TRUE(find(SkewScope::kBetweenRacks, 0).of[0]->max_over_mean == Ratio(3, 2));
  EXPECT_TRUE(find(SkewScope::kWithinCollection, 0).of[1]->max_over_mean == Ratio(3, 1));
  EXPECT_FALSE(find(SkewScope::kWithinCollection, 0).of[2]) << "nothing is held";
}

/// Some nodes, of which one may be draining and empty or gone, in up to three zones with two racks;
/// two collections of some shards; copies held and requests served.
void build_any(Observer& observer) {
  const auto below = [](std::uint64_t bound) {
    return static_cast<std::uint32_t>(*rc::gen::inRange<std::uint64_t>(0, bound));
  };
  const std::uint32_t nodes = 2 + below(5);
  const std::uint32_t zones = 1 + below(3);
  TableDelta delta{Revision(1), {}};
  for (std::uint32_t i = 0; i < 2; ++i) {
    CollectionConfig collection = testing::orders();
    collection.id = CollectionId(i);
    collection.name = i == 0 ? "orders" : "carts";
    collection.first_shard = ShardId(3 * i);
    collection.num_shards = 3;
    delta.records.push_back(collection);
  }
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const auto zone = static_cast<std::uint16_t>(below(zones));
    const auto state =
        i > 0 ? NodeState::Active
              : std::vector{NodeState::Active, NodeState::Draining, NodeState::Removed}[below(3)];
    delta.records.push_back(
        testing::standing(i, zone, static_cast<std::uint16_t>(below(2)), state));
  }
  std::vector<NodeSample> held;
  for (std::uint32_t i = 0; i < nodes; ++i) held.push_back({NodeId(i), Bytes(), Bytes(), {}});
  for (std::uint32_t i = 0; i < 6; ++i) {
    const std::uint32_t leader = below(nodes);
    const std::uint32_t other = (leader + 1 + below(nodes - 1)) % nodes;
    ShardInfo shard = testing::shard(i, 1, leader, {leader});
    shard.collection = CollectionId(i / 3);
    (below(2) == 0 ? shard.replicas : shard.learners).push_back(NodeId(other));
    delta.records.push_back(shard);
    held[leader].copies.push_back({ShardId(i), Bytes(below(1000))});
    held[other].copies.push_back({ShardId(i), Bytes(below(1000))});
  }
  observer.on_commit(delta);
  observer.begin_sample(held);
  for (std::uint32_t i = 0; i < 5; ++i) {
    const NodeId node(below(nodes));
    const ShardId shard(below(6));
    observer.on_fact(fact::RetryAnswered{shard, Epoch(1), {}, {}}, node);
    observer.on_input(node, shard, Nanoseconds(1 + below(50)));
  }
}

RC_GTEST_PROP(ScopeSamples, AreTheFiguresOfTheScopesThatResultsHave, ()) {
  Observer observer;
  build_any(observer);
  const std::vector<ScopedSkew>& scopes = observer.scoped_skew();
  const std::vector<ScopeSample>& samples = observer.scope_samples();
  RC_ASSERT(samples.size() + 1 == scopes.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    RC_ASSERT(samples[i].scope == scopes[i + 1].key);
    for (std::size_t d = 0; d < kSkewDimensions; ++d) {
      const auto& sample = samples[i].of[d];
      const auto& skew = scopes[i + 1].of[d];
      RC_ASSERT(sample.has_value() == skew.has_value());
      if (!sample) continue;
      RC_ASSERT(sample->max_over_mean == skew->max_over_mean);
      RC_ASSERT(sample->cv == skew->cv);
    }
  }
}

}  // namespace
}  // namespace shardproof::sim
