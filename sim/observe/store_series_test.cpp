// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/store_series.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::kSecond;
using testing::Watched;

std::vector<StoreFigures> stores(std::size_t count, std::uint64_t leases) {
  std::vector<StoreFigures> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    all[i].node = NodeId(static_cast<NodeId::Rep>(i));
    all[i].leases = leases;
  }
  return all;
}

std::size_t column(std::string_view name) {
  const NamedStoreFigures figures = named_figures({});
  std::size_t place = 0;
  while (figures[place].first != name) ++place;
  return place;
}

TEST(StoreSeries, HasARowForEachMemberOfASampleAsTheResultHasIt) {
  Watched world;
  world.at(2);
  world.fact(1, fact::ReadServed{ShardId(1), {}, {}, {}});
  world.hold({});
  world.observer.end_sample();
  RunResult result;
  world.observer.finish(result);
  const auto& rows = result.store_series.rows();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].node, NodeId(1));
  EXPECT_EQ(rows[1].time.count(), static_cast<std::int64_t>(2 * kSecond));
  EXPECT_EQ(rows[1].values[column("qps")], 0.5);
  EXPECT_EQ(rows[1].values[column("replicas")], 2.0);
  EXPECT_TRUE(std::isnan(rows[1].values[column("disk_fraction_used")])) << "no disk is limited";
}

TEST(StoreSeries, WhenItIsFullEverySecondSampleGoesAndTheIntervalDoubles) {
  constexpr std::size_t kStores = 100;
  StoreSeries series;
  const auto seconds_of = [](std::size_t n) {
    return Instant(Nanoseconds(static_cast<std::int64_t>(n * kSecond)));
  };
  std::size_t wanted = 0;
  for (std::size_t sample = 0; sample < 400; ++sample) {
    wanted += series.wants_next();
    series.add(series.wants_next() ? stores(kStores, sample) : std::vector<StoreFigures>(),
               seconds_of(sample));
    ASSERT_LT(series.rows().size(), StoreSeries::kRowsMax);
  }
  EXPECT_LT(wanted, 400u);
  const auto& rows = series.rows();
  ASSERT_EQ(rows.size() % kStores, 0u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t sample = 4 * (i / kStores);
    EXPECT_EQ(rows[i].sample, sample);
    EXPECT_EQ(rows[i].time, seconds_of(sample));
    EXPECT_EQ(rows[i].values[column("leases")], static_cast<double>(sample));
  }
}

}  // namespace
}  // namespace shardproof::sim
