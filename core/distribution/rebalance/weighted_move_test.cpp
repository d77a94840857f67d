// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/weighted_move.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/replanning.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;
using test::routes;
using test::view_of_counts;
using testing::ElementsAre;

void add_hot(ClusterView& view, std::uint32_t node, std::uint64_t requests, std::uint64_t bytes) {
  ShardView& shard = add_shard(view, nodes({node}));
  shard.requests_per_second = requests;
  shard.bytes = Bytes(bytes);
}

/// 100, 20 and 0 requests per second: shares of 40.
ClusterView hot_node() {
  ClusterView view = make_view(3);
  add_hot(view, 0, 60, 100);
  add_hot(view, 0, 30, 100);
  add_hot(view, 0, 10, 10);
  add_hot(view, 1, 20, 100);
  return view;
}

TEST(WeightedMove, WhatRelievesMostForEachByteGoesFirst) {
  ClusterView view = hot_node();
  const Plan first = WeightedMoveRebalance().plan(view, {});
  ASSERT_THAT(routes(first), ElementsAre("n0->n2")) << "310 bytes: 9 % are 27, and 100 are more";
  EXPECT_EQ(first.moves[0].shard, ShardId(2)) << "10 requests for 10 bytes beat 30 for 100";
  apply(view, first);
  const Plan second = WeightedMoveRebalance().plan(view, {});
  ASSERT_THAT(routes(second), ElementsAre("n0->n2")) << "one move is always within the budget";
  EXPECT_EQ(second.moves[0].shard, ShardId(1));
  apply(view, second);
  EXPECT_TRUE(WeightedMoveRebalance().plan(view, {}).empty())
      << "60, 20, 40: without its last shard node 0 would be below its share";
}

TEST(WeightedMove, LeadershipCopiesNothingSoItGoesBeforeData) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 3; ++i) add_shard(view, nodes({0, 1})).requests_per_second = 30;
  const Plan plan = WeightedMoveRebalance().plan(view, {});
  ASSERT_FALSE(plan.empty());
  EXPECT_EQ(plan.moves[0].kind, MoveKind::LeaderTransfer);
  EXPECT_EQ(plan.moves[0].target, n(1));
  EXPECT_EQ(plan.moves[1].kind, MoveKind::Move);
  EXPECT_EQ(plan.moves[1].target, n(2));
  EXPECT_EQ(plan.moves.size(), 2u) << "30 each";
}

TEST(WeightedMove, AHotLumpGoesToAnEmptyNodeAlthoughItIsMoreThanTheShare) {
  ClusterView view = make_view(4);
  add_hot(view, 0, 100, 10);
  add_hot(view, 0, 100, 10);
  apply(view, WeightedMoveRebalance().plan(view, {}));
  EXPECT_EQ(test::leader_counts(view)[0], 1u);
  EXPECT_TRUE(WeightedMoveRebalance().plan(view, {}).empty());
}

TEST(WeightedMove, WithoutRequestsBytesAreTheLoad) {
  ClusterView view = view_of_counts({6, 0, 0});
  const Replanning result = replan(WeightedMoveRebalance(), {}, view, 10);
  EXPECT_THAT(test::copy_counts(view), ElementsAre(2, 2, 2));
  EXPECT_EQ(result.rounds, 4u) << "9 % of six shards is less than one: one a plan";
  EXPECT_TRUE(result.is_quiet);
}

TEST(WeightedMove, WithinTheBandNothingMoves) {
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 41; ++i) add_hot(view, i < 21 ? 0 : 1, 10, 10);
  EXPECT_TRUE(WeightedMoveRebalance().plan(view, {}).empty()) << "210 of 205 is less than 5 % more";
}

}  // namespace
}  // namespace shardproof::distribution
