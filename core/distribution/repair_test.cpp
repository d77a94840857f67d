// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/repair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_node;
using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;
using test::s;
using testing::ElementsAre;
using testing::IsEmpty;

Plan repairs(const ClusterView& view) { return plan_repairs(view, Ratio(85, 100)); }

TEST(RepairTest, WholeShardsNeedNothing) {
  ClusterView view = make_view(4);
  add_shard(view, nodes({0, 1, 2}));
  EXPECT_TRUE(repairs(view).empty());
}

TEST(RepairTest, LostCopyIsMadeAgainFromTheLeader) {
  ClusterView view = make_view(4);
  add_shard(view, nodes({1, 0, 2}));
  view.nodes[2].alive = false;
  const Plan plan = repairs(view);
  ASSERT_EQ(plan.moves.size(), 1u);
  EXPECT_EQ(plan.moves[0],
            (Move{s(0), n(1), n(3), MoveKind::Add, MoveReason::Repair, false, 2, Bytes(100)}));
}

TEST(RepairTest, PinnedShardIsRepairedAndFrozenIsNot) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1})).pinned = true;
  add_shard(view, nodes({0, 1})).frozen = true;
  view.nodes[1].alive = false;
  const std::vector<Move> moves = plan_repairs(view, Ratio(9, 10)).moves;
  ASSERT_EQ(moves.size(), 1u);
  EXPECT_EQ(moves[0].shard, ShardId(0));
}

TEST(RepairTest, FewestLivingReplicasComeFirst) {
  ClusterView view = make_view(6);
  add_shard(view, nodes({0, 1, 4}));
  add_shard(view, nodes({0, 4, 5}));
  add_shard(view, nodes({1, 2, 5}));
  view.nodes[4].alive = false;
  view.nodes[5].alive = false;
  std::vector<ShardId> order;
  for (const Move& move : repairs(view).moves) order.push_back(move.shard);
  EXPECT_THAT(order, ElementsAre(s(1), s(1), s(0), s(2)));
}

TEST(RepairTest, NodeDownForMaintenanceKeepsItsCopies) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1}));
  view.nodes[1].alive = false;
  view.nodes[1].state = NodeState::Maintenance;
  EXPECT_TRUE(repairs(view).empty());
}

TEST(RepairTest, StaleHolderIsPreferredButNotOverAnotherZone) {
  ClusterView view = make_view(4);
  add_shard(view, nodes({0, 1})).stale_holders = nodes({3});
  view.nodes[1].alive = false;
  EXPECT_EQ(repairs(view).moves.at(0).target, n(3));
  view.nodes[2].domain.zone = 1;
  EXPECT_EQ(repairs(view).moves.at(0).target, n(2));
}

TEST(RepairTest, CopiesOnTheWayAreCounted) {
  ClusterView view = make_view(4);
  ShardView& shard = add_shard(view, nodes({0, 1}));
  shard.learners = nodes({2});
  view.nodes[1].alive = false;
  EXPECT_TRUE(repairs(view).empty());
}

TEST(RepairTest, RepairsSpreadOverTheEmptiestNodes) {
  ClusterView view = make_view(5);
  for (int i = 0; i < 6; ++i) add_shard(view, nodes({0, 1}));
  view.nodes[1].alive = false;
  std::vector<std::uint32_t> arrivals(5);
  for (const Move& move : repairs(view).moves) ++arrivals[move.target.value()];
  EXPECT_THAT(arrivals, ElementsAre(0, 0, 2, 2, 2));
}

TEST(RepairTest, NothingIsCopiedFromNowhere) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1}));
  view.nodes[0].alive = false;
  view.nodes[1].alive = false;
  EXPECT_TRUE(repairs(view).empty());
  EXPECT_THAT(repairs(view).unplaceable, IsEmpty());
}

TEST(RepairTest, RepairWithoutATargetIsNamed) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1}));
  view.nodes[1].alive = false;
  view.nodes[2].capacity.disk = Bytes(100);
  EXPECT_TRUE(repairs(view).empty());
  EXPECT_THAT(repairs(view).unplaceable, ElementsAre(Unplaceable{s(0), NodeId::none()}));
}

}  // namespace
}  // namespace shardproof::distribution
