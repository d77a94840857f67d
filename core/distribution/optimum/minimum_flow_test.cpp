// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/minimum_flow.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/bounds.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_node;
using test::add_shard;
using test::apply;
using test::make_view;
using test::n;
using test::nodes;
using test::s;
using testing::Each;
using testing::ElementsAre;

using Counts = std::vector<std::uint64_t>;

/// `shards` shards of one copy, dealt out over the first `over` of `count` nodes.
ClusterView dealt(std::uint32_t shards, std::uint32_t over, std::uint32_t count) {
  ClusterView view = make_view(count);
  for (std::uint32_t i = 0; i < shards; ++i) add_shard(view, {n(i % over)});
  return view;
}

struct Growth {
  std::uint32_t shards;
  std::uint32_t before;
  std::uint32_t after;
  std::uint64_t moves;
};

class KnownGrowth : public testing::TestWithParam<Growth> {};

TEST_P(KnownGrowth, MovesWhatTheCatalogueSays) {
  const Growth& growth = GetParam();
  ClusterView view = dealt(growth.shards, growth.before, growth.after);
  const MinimumFlow flow = minimum_flow(view);
  EXPECT_TRUE(flow.is_proven);
  EXPECT_EQ(flow.copies, growth.moves);
  EXPECT_EQ(flow.copies, migration_minimum(view, members_after_changes(view)).copies);
  apply(view, flow.plan);
  const std::uint64_t share = growth.shards / growth.after;
  EXPECT_THAT(test::copy_counts(view), Each(testing::AnyOf(share, share + 1)));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, KnownGrowth,
                         testing::Values(Growth{16384, 3, 4, 4096}, Growth{16384, 5, 6, 2730},
                                         Growth{1024, 10, 11, 93}, Growth{1024, 10, 12, 170},
                                         Growth{120, 10, 12, 20}, Growth{1000, 7, 8, 125},
                                         Growth{4096, 16, 20, 816}));

TEST(MinimumFlowTest, BalancedStateMovesNothing) {
  const MinimumFlow flow = minimum_flow(dealt(10, 4, 4));
  EXPECT_TRUE(flow.plan.empty());
  EXPECT_TRUE(flow.is_proven);
}

TEST(MinimumFlowTest, CheapestCopiesGoAndTheRoundedUpNodeKeepsTheDearest) {
  ClusterView view = make_view(3);
  for (const std::uint64_t bytes : {50, 10, 40}) add_shard(view, {n(0)}).bytes = Bytes(bytes);
  for (const std::uint64_t bytes : {60, 20, 90}) add_shard(view, {n(1)}).bytes = Bytes(bytes);
  const MinimumFlow flow = minimum_flow(view, {.cost = MoveCost::Bytes});
  EXPECT_EQ(flow.copies, 2u);
  EXPECT_EQ(flow.bytes, Bytes(30));
  view = make_view(3);
  for (const std::uint64_t bytes : {50, 10}) add_shard(view, {n(0)}).bytes = Bytes(bytes);
  for (const std::uint64_t bytes : {60, 20}) add_shard(view, {n(1)}).bytes = Bytes(bytes);
  const MinimumFlow rounded = minimum_flow(view, {.cost = MoveCost::Bytes});
  ASSERT_EQ(rounded.copies, 1u);
  EXPECT_EQ(rounded.plan.moves[0].shard, s(1));
}

/// n0 has two copies too many and n2 two too few, but n2 holds all that n0 has. So n0 gives to n1,
/// and n1 to n2.
TEST(MinimumFlowTest, CopiesGoRoundByAThirdNodeWhereTheWayIsBarred) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 2; ++i) add_shard(view, nodes({0, 2}));
  for (int i = 0; i < 2; ++i) add_shard(view, nodes({0, 1}));
  for (int i = 0; i < 4; ++i) add_shard(view, {n(1)}).bytes = Bytes(500);
  for (const std::uint32_t i : {2u, 3u}) view.shards[i].frozen = true;
  view.shards[0].bytes = view.shards[1].bytes = Bytes(100);
  const Counts before = test::copy_counts(view);
  EXPECT_THAT(before, ElementsAre(4u, 6u, 2u));
  const MinimumFlow flow = minimum_flow(view);
  EXPECT_TRUE(flow.is_proven);
  EXPECT_EQ(flow.copies, 2u);
  apply(view, flow.plan);
  EXPECT_THAT(test::copy_counts(view), ElementsAre(4u, 4u, 4u));
}

TEST(MinimumFlowTest, DrainedNodeIsEmptiedFirstAndTheRestIsEven) {
  ClusterView view = dealt(12, 3, 4);
  view.nodes[1].state = NodeState::Draining;
  const MinimumFlow flow = minimum_flow(view);
  EXPECT_TRUE(flow.is_proven);
  EXPECT_EQ(flow.copies, 4u);
  EXPECT_THAT(flow.plan.moves, Each(testing::Field(&Move::reason, MoveReason::Drain)));
  apply(view, flow.plan);
  EXPECT_THAT(test::copy_counts(view), ElementsAre(4u, 0u, 4u, 4u));
}

TEST(MinimumFlowTest, CopyThatCannotLeaveADrainingNodeIsNamed) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({0, 1}));
  view.nodes[1].state = NodeState::Draining;
  const MinimumFlow flow = minimum_flow(view);
  EXPECT_TRUE(flow.is_proven);
  EXPECT_THAT(flow.plan.unplaceable, ElementsAre(Unplaceable{s(0), n(1)}));
}

TEST(MinimumFlowTest, FrozenPinnedAndHalfMadeShardsStay) {
  ClusterView view = dealt(4, 1, 2);
  view.shards[0].frozen = true;
  view.shards[1].pinned = true;
  view.shards[2].learners = {n(0)};
  const MinimumFlow flow = minimum_flow(view);
  ASSERT_EQ(flow.copies, 1u);
  EXPECT_EQ(flow.plan.moves[0].shard, s(3));
}

TEST(MinimumFlowTest, CopiesStayApart) {
  ClusterView view = make_view(6, 3);
  for (int i = 0; i < 8; ++i) add_shard(view, nodes({0, 1, 2}));
  const MinimumFlow flow = minimum_flow(view);
  EXPECT_TRUE(flow.is_proven);
  EXPECT_EQ(flow.copies, 12u);
  for (const Move& move : flow.plan.moves) {
    EXPECT_EQ(view.node(move.source).domain.zone, view.node(move.target).domain.zone);
  }
}

TEST(MinimumFlowTest, LeadershipGoesAlong) {
  const MinimumFlow flow = minimum_flow(dealt(2, 1, 2));
  ASSERT_EQ(flow.copies, 1u);
  EXPECT_TRUE(flow.plan.moves[0].moves_leader);
}

TEST(MinimumFlowTest, DiskThatWouldBecomeTooFullLeavesThePlanIncomplete) {
  ClusterView view = dealt(20, 1, 2);
  for (NodeView& node : view.nodes) node.capacity.disk = Bytes(10'000);
  view.nodes[1].load.disk_used = Bytes(8'250);
  const MinimumFlow flow = minimum_flow(view);
  EXPECT_EQ(flow.copies, 2u) << "8250 + 2 * 100 is the last below 8500";
  EXPECT_FALSE(flow.is_complete);
}

TEST(MinimumFlowTest, CutShortItSaysSo) {
  ClusterView view = dealt(3, 1, 2);
  for (ShardView& shard : view.shards) shard.frozen = true;
  EXPECT_FALSE(minimum_flow(view, {.searches_max = 0}).is_proven);
  EXPECT_TRUE(minimum_flow(view, {.searches_max = 1}).is_proven);
}

TEST(MinimumFlowTest, NoNodeThatTakesCopiesMovesNothing) {
  ClusterView view = dealt(4, 2, 2);
  for (NodeView& node : view.nodes) node.alive = false;
  EXPECT_TRUE(minimum_flow(view).plan.empty());
}

}  // namespace
}  // namespace shardproof::distribution
