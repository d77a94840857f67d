// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/counting_noise.hpp"

#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;

/// Two nodes with a shard of one copy each: 100 requests and 500 inputs a second, 60 and 300.
ClusterView counted(Nanoseconds over) {
  ClusterView view = make_view(2);
  for (const std::uint32_t node : {0, 1}) {
    ShardView& shard = add_shard(view, nodes({node}));
    shard.requests_per_second = node == 0 ? 100 : 60;
    shard.cpu = {shard.requests_per_second * 5, 0};
  }
  view.counted_over = over;
  return view;
}

TEST(CountingNoise, IsSomeSquareRootsOfWhatWasCounted) {
  const ClusterView view = counted(seconds(1));
  const Draft draft(view, {});
  EXPECT_EQ(CountingNoise(draft, LoadMeasure::Requests).of(100), 40u) << "four of ten each";
}

TEST(CountingNoise, IsLessForWhatWasCountedForLonger) {
  const ClusterView view = counted(seconds(4));
  const Draft draft(view, {});
  EXPECT_EQ(CountingNoise(draft, LoadMeasure::Requests).of(100), 20u);
}

TEST(CountingNoise, IsMoreForInputsOfWhichARequestBringsSeveral) {
  const ClusterView view = counted(seconds(1));
  const Draft draft(view, {});
  EXPECT_EQ(CountingNoise(draft, LoadMeasure::Cpu).of(500), 200u) << "the same 100 requests";
}

TEST(CountingNoise, IsNoneOfWhatIsNoCount) {
  const ClusterView view = counted(seconds(1));
  const Draft draft(view, {});
  for (const LoadMeasure measure : {LoadMeasure::Copies, LoadMeasure::Leaders, LoadMeasure::Bytes})
    EXPECT_EQ(CountingNoise(draft, measure).of(100), 0u) << to_string(measure);
  const ClusterView known = counted(Nanoseconds(0));
  const Draft exact(known, {});
  EXPECT_EQ(CountingNoise(exact, LoadMeasure::Requests).of(100), 0u);
}

TEST(CountingNoise, WithoutDeviationsReportsAreTakenAtTheirWord) {
  const ClusterView view = counted(seconds(1));
  const RebalanceOptions options{.values = {{"deviations", Ratio(0, 1)}}};
  const Draft draft(view, options);
  EXPECT_EQ(CountingNoise(draft, LoadMeasure::Requests).of(100), 0u);
}

bool is_certain(const ClusterView& view, const Shift& shift) {
  const RebalanceOptions options;
  const Draft draft(view, options);
  return CountingNoise(draft, LoadMeasure::Requests).is_certain(draft, shift);
}

TEST(CountingNoise, AnExchangeOfLikeLoadsIsChance) {
  const Shift exchange{n(0), n(1), 0, 1, false};
  ClusterView view = counted(seconds(1));
  EXPECT_FALSE(is_certain(view, exchange)) << "40 are not more than 4 sqrt(161)";
  view.shards[0].requests_per_second = 130;
  EXPECT_TRUE(is_certain(view, exchange)) << "70 are more than 4 sqrt(191)";
}

TEST(CountingNoise, AFewEventsMayBeAsManyMore) {
  const Shift move{n(0), n(1), 0, std::nullopt, false};
  ClusterView view = counted(seconds(1));
  EXPECT_TRUE(is_certain(view, move));
  view.shards[0].requests_per_second = 3;
  EXPECT_FALSE(is_certain(view, move)) << "3 are not more than 2 sqrt(4)";
}

TEST(CountingNoise, NothingIsUncertainOfWhatIsKnown) {
  const Shift exchange{n(0), n(1), 0, 1, false};
  ClusterView view = counted(Nanoseconds(0));
  view.shards[0].requests_per_second = 61;
  EXPECT_TRUE(is_certain(view, exchange));
}

}  // namespace
}  // namespace shardproof::distribution
