// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/replanning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/rebalance/greedy.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;
using testing::ElementsAre;
using testing::IsEmpty;

Move move_of(std::uint32_t shard, std::uint32_t source, std::uint32_t target, bool leads) {
  Move move;
  move.shard = ShardId(shard);
  move.source = n(source);
  move.target = n(target);
  move.moves_leader = leads;
  move.bytes = Bytes(100);
  return move;
}

TEST(Apply, AMovedLeaderTakesItsBytesAndRequestsAlong) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1})).requests_per_second = 30;
  view.nodes[0].load.requests_per_second = 40;
  apply(view, move_of(0, 0, 2, true));
  EXPECT_THAT(view.shards[0].replicas, ElementsAre(n(1), n(2)));
  EXPECT_EQ(view.shards[0].leader, n(2));
  EXPECT_EQ(view.nodes[0].load.disk_used, Bytes(0));
  EXPECT_EQ(view.nodes[2].load.disk_used, Bytes(100));
  EXPECT_EQ(view.nodes[0].load.requests_per_second, 10u);
  EXPECT_EQ(view.nodes[2].load.requests_per_second, 30u);
}

TEST(Apply, AHandOverMovesNoData) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({0, 1}));
  Move move = move_of(0, 0, 1, true);
  move.kind = MoveKind::LeaderTransfer;
  apply(view, move);
  EXPECT_EQ(view.shards[0].leader, n(1));
  EXPECT_THAT(view.shards[0].replicas, ElementsAre(n(0), n(1)));
  EXPECT_EQ(view.nodes[0].load.disk_used, view.nodes[1].load.disk_used);
}

TEST(Apply, AnAddedCopyIsInSyncAndNoLongerStale) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1})).stale_holders = nodes({2});
  Move move = move_of(0, 0, 2, false);
  move.kind = MoveKind::Add;
  apply(view, move);
  EXPECT_THAT(view.shards[0].replicas, ElementsAre(n(0), n(1), n(2)));
  EXPECT_THAT(view.shards[0].stale_holders, IsEmpty());
  EXPECT_EQ(view.shards[0].leader, n(0));
}

TEST(Apply, ShardsAreFoundByIdWithGaps) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 3; ++i) add_shard(view, nodes({0}));
  view.shards.erase(view.shards.begin() + 1);
  apply(view, move_of(2, 0, 1, true));
  EXPECT_THAT(view.shards[1].replicas, ElementsAre(n(1)));
  EXPECT_THAT(view.shards[0].replicas, ElementsAre(n(0)));
}

TEST(Replan, GreedyNeedsOnePlanAndCopiesTheLeastThatHelps) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 6; ++i) add_shard(view, nodes({0}));
  const Replanning result = replan(GreedyRebalance(), {}, view, 5);
  const Replanning expected{
      .rounds = 1, .moves = 4, .leader_transfers = 0, .bytes = Bytes(400), .is_quiet = true};
  EXPECT_EQ(result, expected);
  EXPECT_THAT(test::copy_counts(view), ElementsAre(2, 2, 2));
}

TEST(Replan, WhatIsAtRestNeedsNoRound) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({0}));
  EXPECT_EQ(replan(GreedyRebalance(), {}, view, 0), (Replanning{.is_quiet = true}));
}

/// Known bad: moves its only shard to the other node, whatever that is for.
class ToAndFro final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions&) const override {
    const std::uint32_t at = view.shards[0].leader.value();
    return {{move_of(0, at, 1 - at, true)}, {}};
  }
  std::vector<LoadMeasure> measures() const override { return {}; }
};

TEST(Replan, WhoGoesToAndFroNeverRestsAndItsReturnsAreCounted) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({0}));
  const Replanning result = replan(ToAndFro(), {}, view, 5);
  EXPECT_FALSE(result.is_quiet);
  EXPECT_EQ(result.rounds, 5u);
  EXPECT_EQ(result.moves, 5u);
  EXPECT_EQ(result.bounces, 4u) << "all but the first";
  EXPECT_EQ(view.shards[0].leader, n(1));
}

}  // namespace
}  // namespace shardproof::distribution
