// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/mean_band.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::copy_counts;
using test::leader_counts;
using test::make_view;
using test::nodes;
using test::routes;
using test::view_of_counts;
using testing::ElementsAre;

TEST(MeanBand, TwoMoreThanTheMeanAreLeftAlone) {
  // The mean is 11: 13 is not overfull, 9 not underfull.
  EXPECT_TRUE(MeanBandRebalance().plan(view_of_counts({13, 11, 11, 9}), {}).empty());
}

TEST(MeanBand, AnOverfullNodeGivesUntilItIsWithinTheBand) {
  ClusterView view = view_of_counts({14, 10, 10, 10});
  const Plan plan = MeanBandRebalance().plan(view, {});
  EXPECT_THAT(routes(plan), ElementsAre("n0->n1"));
  apply(view, plan);
  EXPECT_TRUE(MeanBandRebalance().plan(view, {}).empty());
}

TEST(MeanBand, AnUnderfullNodeTakesFromTheOneMostAbove) {
  // The mean is 3: none is more than one below 2, and 5 is not more than 3 + 2.
  EXPECT_THAT(routes(MeanBandRebalance().plan(view_of_counts({4, 0, 5, 3}), {})),
              ElementsAre("n2->n1"));
}

TEST(MeanBand, OfManyCopiesFivePerCentAreTheBand) {
  ClusterView view = view_of_counts({106, 100, 97, 97});
  EXPECT_THAT(routes(MeanBandRebalance().plan(view, {})), ElementsAre("n0->n2"));
  EXPECT_TRUE(MeanBandRebalance().plan(view_of_counts({105, 100, 98, 97}), {}).empty());
}

TEST(MeanBand, NobodyTakesWhoWouldEndFurtherFromTheMean) {
  // The mean is 10.4: nodes with 10 are less than half a copy below it.
  EXPECT_TRUE(MeanBandRebalance().plan(view_of_counts({12, 10, 10, 10, 10}), {}).empty());
  // 13 is beyond 10.6 + 2, and no one is half a copy below the mean.
  EXPECT_THAT(routes(MeanBandRebalance().plan(view_of_counts({13, 10, 10, 10, 10}), {})),
              ElementsAre("n0->n1"));
}

TEST(MeanBand, LeadersAreWithinTheSameBand) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 8; ++i) add_shard(view, nodes({0, 1}));
  const Plan plan = MeanBandRebalance().plan(view, {});
  EXPECT_THAT(routes(plan), ElementsAre("n0->n1", "n0->n1"));
  EXPECT_EQ(plan.bytes(), Bytes(0));
  apply(view, plan);
  EXPECT_THAT(leader_counts(view), ElementsAre(6, 2)) << "the mean is 4";
  EXPECT_TRUE(MeanBandRebalance().plan(view, {.balance_leaders = false}).empty());
}

TEST(MeanBand, ASmallZoneIsNotOverfullForWhatItHasToHold) {
  ClusterView view = make_view(4);
  for (std::uint32_t i = 1; i < 4; ++i) view.nodes[i].domain.zone = 1;
  for (std::uint32_t i = 0; i < 18; ++i) add_shard(view, nodes({0, i < 12 ? 1u : 2u}));
  apply(view, MeanBandRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), ElementsAre(18, 8, 6, 4)) << "shares of 18, 6, 6, 6, band 2";
}

}  // namespace
}  // namespace shardproof::distribution
