// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/random_moves.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::apply;
using test::make_view;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::Not;

ClusterView many_shards() {
  ClusterView view = make_view(8);
  for (std::uint32_t i = 0; i < 800; ++i) {
    test::add_shard(view, {test::n(i % 8), test::n((i + 3) % 8)});
  }
  return view;
}

TEST(RandomMoves, OneShardInFourIsDrawnAndMovesIfItsNodeHoldsNone) {
  const Plan plan = RandomRebalance().plan(many_shards(), {});
  // Two of eight nodes hold a copy already: 3/16 of 800, four standard deviations are 44.
  EXPECT_THAT(plan.moves.size(), Gt(150u - 44));
  EXPECT_THAT(plan.moves.size(), Lt(150u + 44));
}

TEST(RandomMoves, ComeToRestUntilTheNodesChange) {
  ClusterView view = many_shards();
  const Plan plan = RandomRebalance().plan(view, {});
  EXPECT_EQ(RandomRebalance().plan(view, {}).moves, plan.moves);
  apply(view, plan);
  EXPECT_THAT(RandomRebalance().plan(view, {}).moves, IsEmpty());
  test::add_node(view);
  EXPECT_THAT(RandomRebalance().plan(view, {}).moves, Not(IsEmpty()));
}

TEST(RandomMoves, DoNotDependOnWhatNodesReport) {
  ClusterView view = many_shards();
  const Plan plan = RandomRebalance().plan(view, {});
  view.nodes[3].load.requests_per_second = 99;
  EXPECT_EQ(RandomRebalance().plan(view, {}).moves, plan.moves);
}

TEST(RandomMoves, EmptyDrainingNodesAllTheSame) {
  ClusterView view = many_shards();
  view.nodes[2].state = NodeState::Draining;
  apply(view, RandomRebalance().plan(view, {}));
  EXPECT_EQ(test::copy_counts(view)[2], 0u);
}

}  // namespace
}  // namespace shardproof::distribution
