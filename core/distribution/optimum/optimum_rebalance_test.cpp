// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/optimum_rebalance.hpp"

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
using testing::ElementsAre;

Plan plan(const ClusterView& view, const RebalanceOptions& options = {}) {
  return OptimumRebalance().plan(view, options);
}

TEST(OptimumRebalanceTest, DrainAndJoinInOneMoveTheMinimum) {
  ClusterView view = make_view(5);
  for (std::uint32_t i = 0; i < 120; ++i) add_shard(view, {n(i % 4)});
  view.nodes[1].state = NodeState::Draining;
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  const Plan result = plan(view);
  EXPECT_EQ(result.moves.size(), minimum.copies);
  apply(view, result);
  EXPECT_THAT(test::copy_counts(view), ElementsAre(30u, 0u, 30u, 30u, 30u));
}

TEST(OptimumRebalanceTest, CopiesInOneZoneAreSpread) {
  ClusterView view;
  for (const std::uint16_t zone : {0, 0, 1}) add_node(view, zone);
  add_shard(view, nodes({0, 1}));
  const Plan result = plan(view);
  ASSERT_EQ(result.moves.size(), 1u);
  EXPECT_EQ(result.moves[0].reason, MoveReason::Domain);
}

/// Two nodes of 8 copies, one with all the bytes, and two new ones: the copies that leave the first
/// one take their half of the bytes with them.
TEST(OptimumRebalanceTest, CopiesThatLeaveTakeTheExcessOfBytesWithThem) {
  ClusterView view = make_view(4);
  for (int i = 0; i < 8; ++i) add_shard(view, {n(0)}).bytes = Bytes(1000);
  for (int i = 0; i < 8; ++i) add_shard(view, {n(1)}).bytes = Bytes(1000);
  view.shards[0].bytes = view.shards[1].bytes = Bytes(900);
  view.shards[2].bytes = view.shards[3].bytes = Bytes(1100);
  const Plan result = plan(view);
  EXPECT_EQ(result.moves.size(), 8u);
  EXPECT_EQ(result.bytes(), migration_minimum(view, members_after_changes(view)).bytes_to_even);
  apply(view, result);
  EXPECT_THAT(test::byte_counts(view), testing::Each(4000u));
  EXPECT_TRUE(plan(view).empty());
}

TEST(OptimumRebalanceTest, UnequalBytesAreExchangedAndCountsStay) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 8; ++i) add_shard(view, {n(0)}).bytes = Bytes(1000);
  for (int i = 0; i < 8; ++i) add_shard(view, {n(1)}).bytes = Bytes(100);
  apply(view, plan(view));
  EXPECT_THAT(test::copy_counts(view), ElementsAre(8u, 8u));
  EXPECT_THAT(test::byte_counts(view), ElementsAre(4400u, 4400u));
  EXPECT_TRUE(plan(view).empty());
}

TEST(OptimumRebalanceTest, WiderGapLeavesCountsAloneButDrains) {
  ClusterView view = make_view(3);
  for (std::uint32_t i = 0; i < 6; ++i) add_shard(view, {n(0)});
  for (std::uint32_t i = 0; i < 4; ++i) add_shard(view, {n(1)});
  for (std::uint32_t i = 0; i < 4; ++i) add_shard(view, {n(2)});
  const RebalanceOptions wide{.count_gap = 2, .balance_bytes = false, .balance_leaders = false};
  EXPECT_TRUE(plan(view, wide).empty());
  EXPECT_FALSE(plan(view).empty());
  view.nodes[2].state = NodeState::Draining;
  apply(view, plan(view, wide));
  EXPECT_THAT(test::copy_counts(view), ElementsAre(7u, 7u, 0u));
}

TEST(OptimumRebalanceTest, CopyThatCannotLeaveADrainingNodeIsNamedOnce) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({0, 1}));
  view.nodes[1].state = NodeState::Draining;
  EXPECT_THAT(plan(view).unplaceable, ElementsAre(Unplaceable{test::s(0), n(1)}));
}

TEST(OptimumRebalanceTest, DrainOfTheLastNodeOfAZoneStillGoesSomewhere) {
  ClusterView view;
  for (const std::uint16_t zone : {0, 0, 1}) add_node(view, zone);
  add_shard(view, nodes({0, 2}));
  view.nodes[2].state = NodeState::Draining;
  const Plan result = plan(view);
  ASSERT_EQ(result.moves.size(), 1u);
  EXPECT_EQ(result.moves[0].target, n(1));
}

TEST(OptimumRebalanceTest, NodeInMaintenanceHandsOverLeadershipWithoutData) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 4; ++i) add_shard(view, nodes({0, 1, 2}));
  view.nodes[0].state = NodeState::Maintenance;
  const Plan result = plan(view);
  EXPECT_EQ(result.bytes(), Bytes(0));
  apply(view, result);
  EXPECT_THAT(test::leader_counts(view), ElementsAre(0u, 2u, 2u));
}

}  // namespace
}  // namespace shardproof::distribution
