// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/random_moves.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::make_view;
using testing::Gt;
using testing::Lt;

ClusterView many_shards() {
  ClusterView view = make_view(8);
  for (std::uint32_t i = 0; i < 800; ++i) {
    test::add_shard(view, {test::n(i % 8), test::n((i + 3) % 8)});
  }
  return view;
}

TEST(RandomMoves, OneShardInFourMovesOfAnEvenState) {
  const ClusterView view = many_shards();
  const Plan plan = RandomRebalance().plan(view, {});
  // Four standard deviations of a binomial of 800 at 1/4: 49.
  EXPECT_THAT(plan.moves.size(), Gt(200u - 49));
  EXPECT_THAT(plan.moves.size(), Lt(200u + 49));
}

TEST(RandomMoves, AreTheSameForTheSameStateAndOthersForAnother) {
  ClusterView view = many_shards();
  const Plan plan = RandomRebalance().plan(view, {});
  EXPECT_EQ(RandomRebalance().plan(view, {}).moves, plan.moves);
  apply(view, plan);
  EXPECT_NE(RandomRebalance().plan(view, {}).moves, plan.moves);
}

TEST(RandomMoves, DoNotDependOnWhatNodesReport) {
  ClusterView view = many_shards();
  const Plan plan = RandomRebalance().plan(view, {});
  view.nodes[3].load.requests_per_second = 99;
  EXPECT_EQ(RandomRebalance().plan(view, {}).moves, plan.moves);
}

TEST(RandomMoves, GoToEveryNode) {
  const ClusterView view = many_shards();
  std::vector<int> arrived(8);
  for (const Move& move : RandomRebalance().plan(view, {}).moves) ++arrived[move.target.value()];
  EXPECT_THAT(arrived, testing::Each(Gt(0)));
}

}  // namespace
}  // namespace shardproof::distribution
