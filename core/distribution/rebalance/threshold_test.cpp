// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/threshold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::copy_counts;
using test::n;
using test::nodes;
using test::routes;
using test::view_of_counts;
using testing::ElementsAre;
using testing::IsEmpty;

/// Full by 90, 50, 50 and 10 %: the mean is 50 %.
ClusterView nine_five_five_one() {
  ClusterView view = view_of_counts({9, 5, 5, 1});
  test::give_disks(view, 1000);
  return view;
}

TEST(Threshold, OverGivesToUnderUntilBothAreWithinTenPoints) {
  ClusterView view = nine_five_five_one();
  const Plan plan = ThresholdRebalance().plan(view, {});
  EXPECT_THAT(routes(plan), ElementsAre("n0->n3", "n0->n3", "n0->n3"));
  apply(view, plan);
  EXPECT_THAT(copy_counts(view), ElementsAre(6, 5, 5, 4)) << "60 % is not more than 50 + 10";
  EXPECT_TRUE(ThresholdRebalance().plan(view, {}).empty());
}

TEST(Threshold, OverGivesToBelowIfNobodyIsUnder) {
  // 80, 45, 45, 50 % in pieces of 5 %, the mean is 55 %.
  ClusterView view = view_of_counts({16, 9, 9, 10}, 50);
  test::give_disks(view, 1000);
  EXPECT_THAT(routes(ThresholdRebalance().plan(view, {})),
              ElementsAre("n0->n1", "n0->n2", "n0->n1"));
}

TEST(Threshold, AboveGivesToUnderIfNobodyIsOver) {
  // 60, 60, 60, 20 %: the mean is 50 %, and nobody is over 60 %.
  ClusterView view = view_of_counts({6, 6, 6, 2});
  test::give_disks(view, 1000);
  EXPECT_THAT(routes(ThresholdRebalance().plan(view, {})), ElementsAre("n0->n3", "n1->n3"));
}

TEST(Threshold, TheLargestCopyThatCrossesNoMeanGoes) {
  // Node 0 is full by 90 %, of which 500 bytes in one piece; the mean is 50 %.
  ClusterView view = view_of_counts({4, 5, 5, 2});
  add_shard(view, nodes({0})).bytes = Bytes(500);
  test::give_disks(view, 1000);
  // With shares of 525 the surplus is 375, so the large piece has to stay.
  const Plan plan = ThresholdRebalance().plan(view, {});
  for (const Move& move : plan.moves) EXPECT_EQ(move.bytes, Bytes(100));
  EXPECT_THAT(routes(plan), ElementsAre("n0->n3", "n0->n3", "n0->n3"));
}

TEST(Threshold, WithoutDisksItIsAPartOfTheShare) {
  // Shares of 500 and ten per cent of it: 600 is over, 550 would not be.
  ClusterView view = view_of_counts({6, 5, 5, 4});
  EXPECT_THAT(routes(ThresholdRebalance().plan(view, {})), ElementsAre("n0->n3"));
}

TEST(Threshold, CapacitiesMakeShares) {
  ClusterView view = view_of_counts({6, 6});
  view.nodes[0].capacity.disk = Bytes(3000);
  view.nodes[1].capacity.disk = Bytes(1000);
  ClusterView after = view;
  apply(after, ThresholdRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(after), ElementsAre(8, 4))
      << "30 % each is fair, 40 % is within 10 points";
}

TEST(Threshold, OfCopiesTwoPerCentOfTheShareAreLeftAlone) {
  const ThresholdRebalance redis(kShareOfCopies);
  EXPECT_THAT(redis.plan(view_of_counts({51, 49}), {}).moves, IsEmpty());
  EXPECT_THAT(routes(redis.plan(view_of_counts({52, 48}), {})), ElementsAre("n0->n1"));
}

TEST(Threshold, EmptyShardsMoveForNothing) {
  ClusterView view = view_of_counts({5, 1}, 0);
  EXPECT_TRUE(ThresholdRebalance().plan(view, {}).empty());
}

}  // namespace
}  // namespace shardproof::distribution
