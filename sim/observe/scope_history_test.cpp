// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/scope_history.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/observe/scope_series.hpp"
#include "sim/observe/two_zones_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::kSecond;
using testing::shard;

constexpr ScopeKey kZones[] = {{SkewScope::kWithinZone, 1}, {SkewScope::kWithinZone, 2}};

/// A zone of which only shards are looked at.
ScopeSample zone(std::size_t number, std::vector<std::uint64_t> loads) {
  ScopeSample sample{kZones[number], {}};
  sample.of[0] = skew_sample_of(loads);
  return sample;
}

void add(ScopeHistory& history, const std::vector<ScopeSample>& samples, std::int64_t second) {
  history.on_sample(samples, worst_of(samples), Instant(seconds(second)));
}

TEST(ScopeHistory, ASampleOfEachScopeHoldsUntilTheNext) {
  ScopeHistory history;
  add(history, {zone(0, {3, 1}), zone(1, {2, 2})}, 0);
  add(history, {zone(0, {2, 2}), zone(1, {4, 0})}, 1);
  add(history, {zone(0, {2, 2}), zone(1, {2, 2})}, 4);
  const SkewTimes& one = (*history.times(kZones[0]))[0];
  const SkewTimes& other = (*history.times(kZones[1]))[0];
  // 3/2 for a second, then 1 for three; 1 for a second, then 2 for three.
  EXPECT_NEAR(one.max_over_mean.mean()->to_double(), 4.5 / 4, 1e-9);
  EXPECT_NEAR(other.max_over_mean.mean()->to_double(), 7.0 / 4, 1e-9);
  EXPECT_EQ(one.max_over_mean.over(), seconds(1));
  EXPECT_EQ(other.max_over_mean.last_over(), Instant(seconds(4)));
  EXPECT_NEAR(one.cv.mean()->to_double(), 0.5 / 4, 1e-9);
  EXPECT_TRUE(*other.cv.max() == Ratio(1, 1));
  // The worst is 3/2, then 2.
  const SkewOverTime& worst = *history.worst(SkewScope::kWithinZone, SkewDimension::kShards);
  EXPECT_NEAR(worst.mean()->to_double(), 7.5 / 4, 1e-9);
  EXPECT_EQ(worst.over(), seconds(4));
}

TEST(ScopeHistory, NoTimeCountsForAScopeThatIsNotThere) {
  ScopeHistory history;
  add(history, {zone(1, {4, 0})}, 0);
  add(history, {zone(0, {1, 1})}, 2);
  add(history, {zone(0, {1, 1}), zone(1, {4, 0})}, 7);
  add(history, {zone(0, {1, 1}), zone(1, {4, 0})}, 8);
  EXPECT_EQ((*history.times(kZones[1]))[0].max_over_mean.over(), seconds(3));
  EXPECT_TRUE(*(*history.times(kZones[0]))[0].max_over_mean.mean() == Ratio(1, 1));
  EXPECT_EQ(history.times({SkewScope::kWithinRack, 0}), nullptr);
  EXPECT_EQ(history.worst(SkewScope::kWithinRack, SkewDimension::kShards), nullptr);
}

TEST(ScopeHistory, MetricsAndResultsFollowTheSamples) {
  testing::TwoZones world;
  const auto sample_at = [&](std::int64_t second) {
    world.observer.on_event(Instant(seconds(second)));
    world.observer.end_sample();
  };
  sample_at(0);
  // Of leaders 3 1 | 0 0 become 2 2 | 0 0.
  world.observer.on_commit({Revision(2), {shard(0, 2, 1, {1, 2})}});
  sample_at(2);
  sample_at(4);
  const auto value = [&](std::string_view rest) {
    return world.value("skew.leaders.max_over_mean." + std::string(rest));
  };
  EXPECT_TRUE(*value("within_zone") == Ratio(1, 1));
  EXPECT_NEAR(value("within_zone.time_mean")->to_double(), (1.5 + 1) / 2, 1e-9);
  EXPECT_TRUE(*value("within_zone.time_max") == Ratio(3, 2));
  EXPECT_TRUE(*value("within_zone.over_ns") == Ratio(2 * kSecond, 1));
  EXPECT_TRUE(*value("between_zones.over_ns") == Ratio(4 * kSecond, 1));
  EXPECT_TRUE(*value("between_zones.last_over_ns") == Ratio(4 * kSecond, 1));
  EXPECT_NEAR(value("within_collection.time_mean")->to_double(), (3.0 + 2) / 2, 1e-9);
  RunResult result;
  world.observer.finish(result);
  std::map<std::string, SkewOverTime> leaders;
  for (const ScopedSkew& scope : result.skew) {
    leaders[scope.scope] =
        scope.over_time[static_cast<std::size_t>(SkewDimension::kLeaders)].max_over_mean;
  }
  EXPECT_EQ(leaders.at("cluster").over(), seconds(4));
  EXPECT_EQ(leaders.at("zone 0.0").over(), seconds(2));
  EXPECT_FALSE(leaders.at("zone 0.1").mean()) << "nobody there leads";
}

TEST(ScopeHistory, OfASingleZoneThereIsNoTimeBetweenZones) {
  testing::Watched world;
  world.observer.end_sample();
  EXPECT_FALSE(world.value("skew.shards.max_over_mean.between_zones.over_ns")) << "never a zero";
  EXPECT_TRUE(world.is("skew.shards.max_over_mean.within_collection.over_ns", 0));
}

TEST(ScopeSeries, KeepsARowForEachScopeOfASample) {
  testing::TwoZones world;
  RunResult result;
  world.observer.end_sample();
  world.observer.finish(result);
  const ScopeSeries& series = result.scope_series;
  // zones, two of them, racks, three of them, and a collection.
  ASSERT_EQ(series.rows().size(), 8u);
  EXPECT_EQ(series.scopes().front().name, "zones");
  EXPECT_EQ(series.scopes().back().name, "shop.orders");
  EXPECT_EQ(series.rows()[1].values[0], 1.5) << "max/mean of copies in zone 0";
  EXPECT_EQ(series.rows()[1].values[1], 0.5) << "its cv";
  EXPECT_TRUE(std::isnan(series.rows()[1].values[4])) << "nothing is held";
}

TEST(ScopeSeries, HasAboutAsManyRowsHoweverLongTheRunAndManyTheScopes) {
  ScopeSeries series;
  const ClusterTally cluster;
  const std::vector<ScopeSample> samples = {zone(0, {3, 1}), zone(1, {2, 2})};
  for (int i = 0; i < 50'000; ++i) series.add(samples, cluster, Instant(seconds(i)));
  EXPECT_LT(series.rows().size(), ScopeSeries::kRowsMax);
  EXPECT_GE(series.rows().size(), ScopeSeries::kRowsMax / 2);
  EXPECT_EQ(series.rows()[2].time - series.rows()[0].time, seconds(8)) << "spaced alike";
  EXPECT_EQ(series.rows()[2].scope, series.rows()[0].scope);
  EXPECT_GE(series.rows().back().time, Instant(seconds(49'990)));
}

}  // namespace
}  // namespace shardproof::sim
