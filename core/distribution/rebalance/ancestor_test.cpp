// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/ancestor.hpp"

#include <gtest/gtest.h>

#include "core/distribution/bounds.hpp"
#include "core/distribution/placement/greedy_ancestor.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::apply;
using test::make_view;
using test::nodes;

ClusterView placed_by_ancestor(std::uint32_t node_count, std::uint32_t shards,
                               std::uint32_t copies) {
  ClusterView view = make_view(node_count);
  for (std::uint32_t i = 0; i < shards; ++i) {
    const auto list = AncestorPlacement().place(view, {ShardId(i), CollectionId(0), {}},
                                                {.replication_factor = copies});
    add_shard(view, *list);
  }
  return view;
}

TEST(AncestorRebalanceTest, ItsOwnPlacementStays) {
  EXPECT_TRUE(AncestorRebalance().plan(placed_by_ancestor(5, 16, 2), {}).empty());
}

TEST(AncestorRebalanceTest, JoinMovesFarMoreThanTheMinimum) {
  ClusterView view = placed_by_ancestor(10, 1000, 1);
  test::add_node(view);
  const Plan plan = AncestorRebalance().plan(view, {});
  const auto minimum = migration_minimum(view, members_after_changes(view));
  EXPECT_EQ(minimum.copies, 90u);
  EXPECT_GT(plan.moves.size(), 9 * minimum.copies);
}

TEST(AncestorRebalanceTest, ReplacesEveryHolderOfAShardAtOnce) {
  ClusterView view = make_view(4);
  add_shard(view, nodes({2, 3}));
  const Plan plan = AncestorRebalance().plan(view, {});
  apply(view, plan);
  EXPECT_EQ(plan.moves.size(), 2u);
  EXPECT_EQ(view.shards[0].replicas, nodes({0, 1}));
  EXPECT_EQ(view.shards[0].leader, NodeId(0));
}

TEST(AncestorRebalanceTest, ACopyThatWasMissingIsARepairAndComesFirst) {
  ClusterView view = make_view(5);
  add_shard(view, nodes({4})).replication_factor = 3;
  const Plan plan = AncestorRebalance().plan(view, {});
  ASSERT_EQ(plan.moves.size(), 3u);
  for (std::uint32_t i = 0; i < 2; ++i) {
    EXPECT_EQ(fmt::to_string(plan.moves[i]), fmt::format("add s0 n4->n{} (repair)", i + 1));
  }
  EXPECT_EQ(fmt::to_string(plan.moves[2]), "move s0 n4->n0 (leader, balance)");
}

TEST(AncestorRebalanceTest, ShardsInFlightStayButAreCounted) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({1})).frozen = true;
  add_shard(view, nodes({1}));
  const Plan plan = AncestorRebalance().plan(view, {});
  ASSERT_EQ(plan.moves.size(), 1u);
  EXPECT_EQ(plan.moves[0].shard, ShardId(1));
  EXPECT_EQ(plan.moves[0].target, NodeId(0));
}

}  // namespace
}  // namespace shardproof::distribution
