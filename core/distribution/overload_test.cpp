// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/overload.hpp"

#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution::test {
namespace {

bool is_over(const ClusterView& view, LoadMeasure measure, Ratio fraction) {
  return any_over_mean(view, holdings_of(view), measure, fraction);
}

/// 6, 5 and 5 copies: the first is an eighth over the mean.
ClusterView sixteen_on_three() {
  ClusterView view = make_view(3);
  for (std::uint32_t i = 0; i < 16; ++i) add_shard(view, {n(i % 3)});
  return view;
}

TEST(OverloadTest, TheThresholdItselfIsNotOver) {
  const ClusterView view = sixteen_on_three();
  EXPECT_FALSE(is_over(view, LoadMeasure::Copies, Ratio(125, 1000)));
  EXPECT_TRUE(is_over(view, LoadMeasure::Copies, Ratio(124'999'999, 1'000'000'000)));
}

TEST(OverloadTest, CopiesAndBytesAreMeasuredApart) {
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 8; ++i) add_shard(view, {n(i % 2)});
  view.shards[0].bytes = Bytes(1000);
  EXPECT_FALSE(is_over(view, LoadMeasure::Copies, Ratio(1, 100)));
  EXPECT_TRUE(is_over(view, LoadMeasure::Bytes, Ratio(1, 100)));
}

TEST(OverloadTest, ShareIsByWeight) {
  ClusterView view = make_view(2);
  view.nodes[0].capacity.disk = Bytes(3'000'000'000'000);
  view.nodes[1].capacity.disk = Bytes(1'000'000'000'000);
  for (std::uint32_t i = 0; i < 8; ++i) add_shard(view, {n(i < 6 ? 0 : 1)});
  EXPECT_FALSE(is_over(view, LoadMeasure::Copies, Ratio(1, 1'000'000)));
  add_shard(view, {n(1)});
  EXPECT_TRUE(is_over(view, LoadMeasure::Copies, Ratio(1, 10)));
}

TEST(OverloadTest, WhoTakesNoCopiesHasNoShare) {
  ClusterView view = sixteen_on_three();
  view.nodes[0].state = NodeState::Draining;
  EXPECT_FALSE(is_over(view, LoadMeasure::Copies, Ratio(1, 1'000'000)));
}

TEST(OverloadTest, MovesInFlightCountAsDone) {
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 4; ++i) add_shard(view, {n(i < 3 ? 0 : 1)});
  EXPECT_TRUE(is_over(view, LoadMeasure::Copies, Ratio(1, 10)));
  view.shards[0].move = InFlightMove{n(0), n(1)};
  EXPECT_FALSE(is_over(view, LoadMeasure::Copies, Ratio(1, 10)));
  view.shards[1].pinned = true;
  view.shards[2].frozen = true;
  EXPECT_EQ(holdings_of(view).free_shards, 1u);
}

TEST(OverloadTest, FractionsBeyondAllMeansAreNeverOver) {
  ClusterView view = make_view(2);
  add_shard(view, {n(0)}).bytes = Bytes(1ull << 60);
  view.nodes[0].capacity.disk = view.nodes[1].capacity.disk = Bytes(1ull << 60);
  EXPECT_FALSE(is_over(view, LoadMeasure::Bytes, Ratio(~0ull, 1)));
  EXPECT_TRUE(is_over(view, LoadMeasure::Bytes, Ratio(999, 1000)));
}

TEST(OverloadTest, LeadersAndRequestsAreOfTheNodeThatIsGoingToLead) {
  ClusterView view = make_view(2);
  ShardView& shard = add_shard(view, {n(0), n(1)});
  shard.requests_per_second = 40;
  EXPECT_EQ(holdings_of(view).nodes[0].leaders, 1u);
  EXPECT_EQ(holdings_of(view).nodes[0].requests, 40u);
  EXPECT_TRUE(is_over(view, LoadMeasure::Requests, Ratio(99, 100)));
  test::add_node(view);
  shard.move = InFlightMove{n(0), n(2)};
  EXPECT_EQ(holdings_of(view).nodes[2].requests, 40u);
  EXPECT_EQ(holdings_of(view).nodes[0].amount(LoadMeasure::Leaders), 0u);
}

TEST(OverloadTest, EveryCopyTakesOfTheProcessorAndTheLeadersTakesItsOwnPart) {
  ClusterView view = make_view(3);
  ShardView& shard = add_shard(view, {n(0), n(1)});
  shard.cpu = {50, 20};
  EXPECT_EQ(holdings_of(view).nodes[0].amount(LoadMeasure::Cpu), 50u);
  EXPECT_EQ(holdings_of(view).nodes[1].amount(LoadMeasure::Cpu), 20u);
  shard.move = InFlightMove{n(0), n(2)};
  EXPECT_EQ(holdings_of(view).nodes[0].amount(LoadMeasure::Cpu), 0u);
  EXPECT_EQ(holdings_of(view).nodes[2].amount(LoadMeasure::Cpu), 50u);
}

TEST(OverloadTest, OnlyWhatIsMeasuredCallsForAnotherPlan) {
  ClusterView view = sixteen_on_three();
  const Holdings before = holdings_of(view);
  view.shards[0].requests_per_second = 7;
  const Holdings busier = holdings_of(view);
  EXPECT_TRUE(call_for_the_same(before, busier, {LoadMeasure::Copies, LoadMeasure::Bytes}));
  EXPECT_FALSE(call_for_the_same(before, busier, {LoadMeasure::Requests}));
  view.nodes[2].alive = false;
  EXPECT_FALSE(call_for_the_same(before, holdings_of(view), {}));
  view.nodes[2].alive = true;
  view.shards[0].pinned = true;
  EXPECT_FALSE(call_for_the_same(before, holdings_of(view), {}));
}

TEST(OverloadTest, EmptyClusterIsNotOver) {
  EXPECT_FALSE(is_over(make_view(3), LoadMeasure::Bytes, Ratio(1, 10)));
}

}  // namespace
}  // namespace shardproof::distribution::test
