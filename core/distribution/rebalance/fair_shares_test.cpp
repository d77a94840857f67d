// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/fair_shares.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;
using testing::ElementsAre;

const RebalanceOptions kDefaults;

TEST(FairShares, GoByWeightAmongTheNodesThatTakeCopies) {
  ClusterView view = make_view(4);
  for (std::uint32_t i = 0; i < 4; ++i) view.nodes[i].capacity.disk = Bytes(3'000 * (i + 1));
  view.nodes[3].state = NodeState::Draining;
  for (int i = 0; i < 15; ++i) add_shard(view, nodes({0}));
  add_shard(view, nodes({3}));
  const Draft draft(view, kDefaults);
  const FairShares shares(draft, LoadMeasure::Copies);
  EXPECT_THAT(shares.nodes(), ElementsAre(n(0), n(1), n(2)));
  EXPECT_EQ(shares.weight(n(2)), 3u);
  EXPECT_EQ(shares.share(n(0)), 2u) << "a sixth of 15; what is on the draining node is not theirs";
  EXPECT_EQ(shares.exact_share(n(0)), FairShares::kOne * 5 / 2);
  EXPECT_EQ(shares.share(n(2)), 7u);
  EXPECT_EQ(shares.excess(n(0)), FairShares::kOne * 25 / 2);
  EXPECT_EQ(shares.excess(n(1)), -FairShares::kOne * 5);
  EXPECT_EQ(shares.relative(n(1), 10), FairShares::kOne * 2);
}

TEST(FairShares, ASmallZoneThatHasACopyOfEverythingSharesThat) {
  // Zones of one node and of three, and a copy in each: node 0 has to have every shard.
  ClusterView view = make_view(4);
  for (std::uint32_t i = 1; i < 4; ++i) view.nodes[i].domain.zone = 1;
  for (int i = 0; i < 6; ++i) add_shard(view, nodes({0, 1}));
  const Draft draft(view, kDefaults);
  const FairShares shares(draft, LoadMeasure::Copies);
  EXPECT_EQ(shares.share(n(0)), 6u);
  for (std::uint32_t i = 1; i < 4; ++i) EXPECT_EQ(shares.share(n(i)), 2u);
  EXPECT_NE(shares.pool(n(0)), shares.pool(n(1)));
  EXPECT_EQ(shares.pool_total(shares.pool(n(1))), 6u);
  EXPECT_EQ(FairShares(draft, LoadMeasure::Bytes).share(n(3)), 200u);
  EXPECT_EQ(FairShares(draft, LoadMeasure::Leaders).exact_share(n(3)), FairShares::kOne * 3 / 2)
      << "any copy may lead";
}

TEST(FairShares, OfOneCollectionCountItsCopiesOnly) {
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 10; ++i) {
    add_shard(view, nodes({0})).collection = CollectionId(i < 4 ? 0 : 1);
  }
  const Draft draft(view, kDefaults);
  EXPECT_EQ(FairShares(draft, LoadMeasure::Copies, CollectionId(0)).share(n(1)), 2u);
  EXPECT_EQ(FairShares(draft, LoadMeasure::Copies, CollectionId(1)).share(n(1)), 3u);
}

TEST(FairShares, HugeWeightsAreHalvedAndNoneIsZero) {
  ClusterView view = make_view(3);
  view.nodes[0].capacity.disk = Bytes((std::uint64_t{1} << 61) + 1);
  view.nodes[1].capacity.disk = Bytes(std::uint64_t{1} << 62);
  view.nodes[2].capacity.disk = Bytes(1);
  add_shard(view, nodes({0})).requests_per_second = std::uint64_t{1} << 60;
  const Draft draft(view, kDefaults);
  const FairShares shares(draft, LoadMeasure::Requests);
  EXPECT_LT(shares.weight(n(0)) + shares.weight(n(1)), std::uint64_t{1} << 40);
  EXPECT_EQ(shares.weight(n(1)), 2 * shares.weight(n(0)));
  EXPECT_EQ(shares.weight(n(2)), 1u);
  EXPECT_NEAR(static_cast<double>(shares.share(n(1))), 0x1p60 * 2 / 3, 0x1p24);
}

TEST(FairShares, RequestsAndLeadersAreOfTheNodeThatLeads) {
  ClusterView view = make_view(2);
  add_shard(view, nodes({0, 1})).requests_per_second = 30;
  add_shard(view, nodes({1, 0})).requests_per_second = 50;
  Draft draft(view, kDefaults);
  EXPECT_EQ(draft.amount(n(0), LoadMeasure::Requests), 30u);
  EXPECT_EQ(draft.amount(n(1), LoadMeasure::Requests), 50u);
  draft.transfer_leader(0, n(1), MoveReason::Balance);
  EXPECT_EQ(draft.amount(n(1), LoadMeasure::Requests), 80u);
  EXPECT_EQ(draft.amount(n(0), LoadMeasure::Leaders), 0u);
  EXPECT_EQ(draft.amount(n(0), LoadMeasure::Copies), 2u);
  EXPECT_EQ(draft.amount(n(0), LoadMeasure::Bytes), 200u);
}

TEST(FairShares, CpuFollowsCopiesAndWhoLeadsThem) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1})).cpu = {50, 20};
  add_shard(view, nodes({1, 0})).cpu = {10, 40};
  Draft draft(view, kDefaults);
  const auto inputs = [&] {
    std::vector<std::uint64_t> all;
    for (std::uint32_t i = 0; i < 3; ++i) all.push_back(draft.amount(n(i), LoadMeasure::Cpu));
    return all;
  };
  EXPECT_THAT(inputs(), ElementsAre(90, 30, 0));
  EXPECT_EQ(draft.amount_of_leadership(0, LoadMeasure::Cpu), 30);
  EXPECT_EQ(draft.amount_of_leadership(1, LoadMeasure::Cpu), -30) << "following is more work";
  draft.transfer_leader(0, n(1), MoveReason::Balance);
  EXPECT_THAT(inputs(), ElementsAre(60, 60, 0));
  draft.move(draft.first_copy(1) + 1, n(2), MoveReason::Balance);
  EXPECT_THAT(inputs(), ElementsAre(60, 50, 10)) << "the leader of the second shard";
}

TEST(FairShares, OrdersEndInIds) {
  ClusterView view = make_view(4);
  add_shard(view, nodes({2}));
  const Draft draft(view, kDefaults);
  const FairShares shares(draft, LoadMeasure::Copies);
  EXPECT_THAT(shares.least_loaded_first(), ElementsAre(n(0), n(1), n(3), n(2)));
  EXPECT_THAT(shares.most_loaded_first(), ElementsAre(n(2), n(0), n(1), n(3)));
}

}  // namespace
}  // namespace shardproof::distribution
