// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/prioritised_goals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::byte_counts;
using test::copy_counts;
using test::leader_counts;
using test::make_view;
using test::nodes;
using test::routes;
using test::view_of_counts;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;

TEST(PrioritisedGoals, CopiesAreWithinTenPerCentWholeNumbersAround) {
  // The share is 4: 3 to 5 are in range.
  ClusterView view = view_of_counts({6, 3, 3}, 0);
  EXPECT_THAT(routes(PrioritisedGoalsRebalance().plan(view, {})), ElementsAre("n0->n1"));
  EXPECT_TRUE(PrioritisedGoalsRebalance().plan(view_of_counts({5, 4, 3}, 0), {}).empty());
  // The share is 40: 36 to 44.
  EXPECT_TRUE(PrioritisedGoalsRebalance().plan(view_of_counts({44, 40, 36}), {}).empty());
  EXPECT_EQ(PrioritisedGoalsRebalance().plan(view_of_counts({46, 40, 34}), {}).moves.size(), 2u);
}

TEST(PrioritisedGoals, BytesAreExchangedWhereCountsWouldBreak) {
  // Twenty copies on each node; node 0 has the large ones.
  ClusterView view = view_of_counts({20, 20});
  for (std::size_t i = 0; i < 20; ++i) view.shards[i].bytes = Bytes(300);
  // Shares of 4000 bytes, 3600 to 4400, and of 20 copies, 18 to 22.
  apply(view, PrioritisedGoalsRebalance().plan(view, {}));
  EXPECT_THAT(byte_counts(view), Each(Le(4400u)));
  EXPECT_THAT(copy_counts(view), Each(Ge(18u)));
}

TEST(PrioritisedGoals, TheDiskIsAHardGoal) {
  // 90 % full, with as many copies and bytes as the others.
  ClusterView view = view_of_counts({9, 9, 9});
  test::give_disks(view, 10'000);
  view.nodes[0].capacity.disk = Bytes(1000);
  apply(view, PrioritisedGoalsRebalance().plan(view, {}));
  EXPECT_LE(byte_counts(view)[0], 800u);
}

TEST(PrioritisedGoals, LeadersGoByHandingOver) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 20; ++i) add_shard(view, nodes({0, 1}));
  const Plan plan = PrioritisedGoalsRebalance().plan(view, {});
  EXPECT_EQ(plan.bytes(), Bytes(0));
  apply(view, plan);
  EXPECT_THAT(leader_counts(view), ElementsAre(11, 9)) << "10 %";
}

TEST(PrioritisedGoals, RequestsDoNotBreakWhatCameBefore) {
  // One shard has nearly all requests: nothing can even them out but breaking counts.
  ClusterView view = view_of_counts({10, 10});
  view.shards[0].requests_per_second = 1000;
  view.shards[10].requests_per_second = 10;
  apply(view, PrioritisedGoalsRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), Each(Ge(9u)));
  EXPECT_THAT(leader_counts(view), Each(Ge(9u)));
  EXPECT_TRUE(PrioritisedGoalsRebalance().plan(view, {}).empty());
}

TEST(PrioritisedGoals, RequestsAreEvenedOutByLeadersOfLikeNumber) {
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 20; ++i) {
    add_shard(view, i < 10 ? nodes({0, 1}) : nodes({1, 0})).requests_per_second = i < 10 ? 30 : 10;
  }
  apply(view, PrioritisedGoalsRebalance().plan(view, {}));
  std::vector<std::uint64_t> requests(2);
  for (const ShardView& shard : view.shards) {
    requests[shard.leader.value()] += shard.requests_per_second;
  }
  EXPECT_THAT(leader_counts(view), Each(Ge(9u)));
  EXPECT_LT(requests[0], 300u) << "closer to 200 than it was";
}

TEST(PrioritisedGoals, CpuIsEvenedOutBeforeLeadersAre) {
  // n0 leads half of the shards, as many as n1, and those that give their leaders much to do.
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 20; ++i) {
    ShardView& shard = add_shard(view, i < 10 ? nodes({0, 1}) : nodes({1, 0}));
    shard.cpu = {i < 10 ? 90u : 30u, 10};
  }
  ASSERT_EQ(holdings_of(view).nodes[0].inputs, 1000u);
  ASSERT_EQ(holdings_of(view).nodes[1].inputs, 400u);
  apply(view, PrioritisedGoalsRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), Each(20u));
  EXPECT_LE(holdings_of(view).nodes[0].inputs, 770u) << "10 % above 700";
}

}  // namespace
}  // namespace shardproof::distribution
