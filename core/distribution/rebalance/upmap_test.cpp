// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/upmap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/replanning.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::copy_counts;
using test::routes;
using test::view_of_counts;
using testing::ElementsAre;
using testing::SizeIs;

TEST(Upmap, StopsWhenEveryoneIsWithinOneOfTheShare) {
  ClusterView view = view_of_counts({13, 10, 7});
  apply(view, UpmapRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), ElementsAre(11, 10, 9));
  EXPECT_TRUE(UpmapRebalance().plan(view, {}).empty()) << "one off is perfect";
}

TEST(Upmap, MakesTenMovesAPlanAndGoesOn) {
  ClusterView view = view_of_counts({30, 0});
  EXPECT_THAT(UpmapRebalance().plan(view, {}).moves, SizeIs(10));
  const Replanning result = replan(UpmapRebalance(), {}, view, 10);
  EXPECT_EQ(result.rounds, 2u);
  EXPECT_EQ(result.moves, 14u) << "16 and 14 are each one off 15";
  EXPECT_EQ(result.bounces, 0u);
}

TEST(Upmap, DrainsAreNotLimited) {
  ClusterView view = view_of_counts({30, 15, 15});
  view.nodes[0].state = NodeState::Draining;
  apply(view, UpmapRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), ElementsAre(0, 30, 30));
}

TEST(Upmap, EveryCollectionIsEvenByItself) {
  // Six copies on each node, but each has one collection's only.
  ClusterView view = view_of_counts({6, 6});
  for (std::size_t i = 6; i < 12; ++i) view.shards[i].collection = CollectionId(1);
  apply(view, UpmapRebalance().plan(view, {}));
  std::vector<int> of_first(2);
  for (std::size_t i = 0; i < 6; ++i) ++of_first[view.shards[i].leader.value()];
  EXPECT_THAT(of_first, ElementsAre(4, 2)) << "one off 3";
  EXPECT_THAT(copy_counts(view), ElementsAre(6, 6));
}

TEST(Upmap, SharesThatAreNotWholeAreRoundedUpForThoseWhoHaveMost) {
  // 12 on 5 nodes: shares of 2.4, so two nodes keep 3.
  ClusterView view = view_of_counts({3, 4, 2, 2, 1});
  EXPECT_THAT(routes(UpmapRebalance().plan(view, {})), ElementsAre("n1->n4"));
}

TEST(Upmap, WeighsByCapacity) {
  ClusterView view = view_of_counts({8, 8});
  view.nodes[0].capacity.disk = Bytes(30'000);
  view.nodes[1].capacity.disk = Bytes(10'000);
  apply(view, UpmapRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), ElementsAre(11, 5)) << "shares of 12 and 4";
}

}  // namespace
}  // namespace shardproof::distribution
