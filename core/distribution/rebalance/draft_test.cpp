// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/draft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::n;
using test::nodes;
using testing::IsEmpty;
using testing::SizeIs;

const RebalanceOptions kOptions;

/// Five nodes, one shard with copies 0 and 1 on nodes 0 and 1, led from node 0.
ClusterView one_shard() {
  ClusterView view = test::make_view(5);
  test::add_shard(view, nodes({0, 1}));
  return view;
}

TEST(DraftTest, CopyThatMovesTwiceGoesStraight) {
  const ClusterView view = one_shard();
  Draft draft(view, kOptions);
  draft.move(0, n(2), MoveReason::Drain);
  draft.move(0, n(3), MoveReason::Balance);
  const Plan plan = draft.finish();
  ASSERT_THAT(plan.moves, SizeIs(1));
  EXPECT_EQ(fmt::format("{}", plan.moves[0]), "move s0 n0->n3 (leader, drain)");
}

TEST(DraftTest, CopyThatComesBackDoesNotMove) {
  const ClusterView view = one_shard();
  Draft draft(view, kOptions);
  draft.move(1, n(2), MoveReason::Balance);
  draft.move(1, n(1), MoveReason::Balance);
  EXPECT_THAT(draft.finish().moves, IsEmpty());
}

TEST(DraftTest, CopiesThatChangePlacesDoNotMove) {
  const ClusterView view = one_shard();
  Draft draft(view, kOptions);
  draft.move(0, n(2), MoveReason::Balance);
  draft.move(1, n(0), MoveReason::Balance);
  draft.move(0, n(1), MoveReason::Balance);
  EXPECT_EQ(draft.leader_of(0), n(1));
  const Plan plan = draft.finish();
  ASSERT_THAT(plan.moves, SizeIs(1)) << "the copies are where they were, but another one leads";
  EXPECT_EQ(fmt::format("{}", plan.moves[0]), "leader transfer s0 n0->n1 (leader, balance)");
}

TEST(DraftTest, MoveIsNotExtendedOverALeaderTransferToItsTarget) {
  const ClusterView view = one_shard();
  Draft draft(view, kOptions);
  draft.move(1, n(2), MoveReason::Balance);
  draft.transfer_leader(0, n(2), MoveReason::Balance);
  draft.move(1, n(3), MoveReason::Balance);
  ClusterView after = view;
  const Plan plan = draft.finish();
  test::apply(after, plan);
  ASSERT_THAT(plan.moves, SizeIs(2));
  EXPECT_EQ(fmt::format("{}", plan.moves[0]), "move s0 n1->n3 (balance)");
  EXPECT_EQ(after.shards[0].leader, n(3));
  EXPECT_EQ(planned_copies(after.shards[0]), nodes({0, 3}));
}

TEST(DraftTest, LoadsFollowTheMoves) {
  const ClusterView view = one_shard();
  Draft draft(view, kOptions);
  draft.move(0, n(2), MoveReason::Balance);
  EXPECT_EQ(draft.copy_count(n(0)), 0u);
  EXPECT_EQ(draft.copy_count(n(2)), 1u);
  EXPECT_EQ(draft.bytes(n(2)), Bytes(100));
  EXPECT_EQ(draft.leader_count(n(0)), 0u);
  EXPECT_EQ(draft.leader_count(n(2)), 1u);
}

TEST(DraftTest, CollisionIsTheNumberOfLevelsShared) {
  ClusterView view = one_shard();
  view.nodes[2].domain = {1, 0, 0};
  view.nodes[3].domain = {0, 1, 0};
  view.nodes[4].domain = view.nodes[1].domain;
  const Draft draft(view, kOptions);
  for (const std::uint32_t node : {2, 3, 4}) {
    EXPECT_EQ(draft.collision(0, n(node), n(0)), draft.crowding(0, n(node), n(0)).collision());
  }
  EXPECT_EQ(draft.collision(0, n(2), n(0)), 0u);
  EXPECT_EQ(draft.collision(0, n(3), n(0)), 1u);
  EXPECT_EQ(draft.collision(0, n(4), n(0)), 3u);
  EXPECT_EQ(draft.collision(CopyIndex{0}), 2u);
}

TEST(DraftTest, BusyShardsAreNeitherFreeNorWhole) {
  ClusterView view = one_shard();
  view.shards[0].learners = nodes({3});
  EXPECT_FALSE(Draft(view, kOptions).is_free(0));
  view = one_shard();
  view.nodes[1].alive = false;
  EXPECT_TRUE(Draft(view, kOptions).is_free(0));
  EXPECT_FALSE(Draft(view, kOptions).is_whole(0));
}

}  // namespace
}  // namespace shardproof::distribution
