// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/placement_skew.hpp"

#include <gtest/gtest.h>

#include "sim/observe/two_zones_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::shard;
using testing::TwoZones;

const std::optional<Skew>& shards(const ScopedSkew& scope) {
  return scope.of[static_cast<std::size_t>(SkewDimension::kShards)];
}

TEST(PlacementSkew, IsMeasuredBetweenAndWithinDomains) {
  TwoZones world;
  EXPECT_TRUE(shards(world.scope("cluster"))->max_over_mean == Ratio(3, 2));
  EXPECT_TRUE(shards(world.scope("zones"))->max_over_mean == Ratio(1, 1));
  EXPECT_TRUE(shards(world.scope("zone 0.0"))->max_over_mean == Ratio(3, 2));
  EXPECT_TRUE(shards(world.scope("zone 0.1"))->max_over_mean == Ratio(1, 1));
  // Racks hold 3, 1 and (2 + 2) / 2 for each member.
  EXPECT_TRUE(shards(world.scope("racks"))->max_over_mean == Ratio(3, 2));
  EXPECT_TRUE(shards(world.scope("rack 0.1.0"))->max_over_mean == Ratio(1, 1));
  EXPECT_TRUE(shards(world.scope("shop.orders"))->max_over_mean == Ratio(3, 2));
}

TEST(PlacementSkew, MetricsNameTheWorstOfEachKindOfScope) {
  TwoZones world;
  EXPECT_TRUE(*world.value("skew.shards.max_over_mean.between_zones") == Ratio(1, 1));
  EXPECT_TRUE(*world.value("skew.shards.max_over_mean.within_zone") == Ratio(3, 2));
  EXPECT_TRUE(*world.value("skew.shards.max_over_mean.within_rack") == Ratio(1, 1));
  EXPECT_TRUE(*world.value("skew.leaders.max_over_mean.between_zones") == Ratio(2, 1));
  EXPECT_TRUE(*world.value("skew.worst.max_over_mean") == Ratio(3, 1)) << "of leaders";
  EXPECT_FALSE(world.value("skew.bytes.max_over_mean.within_zone")) << "nothing is held";
}

TEST(PlacementSkew, OfASingleZoneThereIsNoneBetweenZones) {
  testing::Watched world;
  EXPECT_FALSE(world.value("skew.shards.max_over_mean.between_zones"));
  EXPECT_FALSE(world.value("skew.shards.max_over_mean.within_rack"));
}

TEST(PlacementSkew, CopiesAreWeighedByDisksIfAllAreLimited) {
  TwoZones world;
  // 3 / 1, 1 / 2, 2 / 3, 2 / 4 of 1000 bytes, in twelfths 36, 6, 8, 6.
  const auto value = world.value("skew.shards_by_capacity.max_over_mean");
  EXPECT_NEAR(value->to_double(), 36 * 4.0 / 56, 1e-12);
  EXPECT_FALSE(world.value("skew.leaders_by_capacity.max_over_mean")) << "no processor is stated";
}

TEST(PlacementSkew, AChangeIsSeenAtOnceHoweverOftenItWasRead) {
  testing::Watched world;
  EXPECT_TRUE(*world.value("skew.leaders.max_over_mean") == Ratio(3, 2));
  world.commit({shard(0, 2, 1, {0, 1})});
  EXPECT_TRUE(*world.value("skew.leaders.max_over_mean") == Ratio(3, 1));
  world.hold({{0, {ShardId(0), Bytes(10)}}});
  EXPECT_TRUE(*world.value("skew.bytes.max_over_mean") == Ratio(3, 1));
}

}  // namespace
}  // namespace shardproof::sim
