// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/local_search.hpp"

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
using testing::ElementsAre;
using testing::SizeIs;

ClusterView sized(const std::vector<std::vector<std::uint64_t>>& sizes) {
  ClusterView view = make_view(static_cast<std::uint32_t>(sizes.size()));
  for (std::uint32_t node = 0; node < sizes.size(); ++node) {
    for (const std::uint64_t bytes : sizes[node])
      add_shard(view, nodes({node})).bytes = Bytes(bytes);
  }
  return view;
}

TEST(LocalSearch, CopiesAndBytesBecomeEvenTogether) {
  ClusterView view = sized({{10, 10}, {1, 1}});
  apply(view, LocalSearchRebalance().plan(view, {}));
  EXPECT_THAT(byte_counts(view), ElementsAre(11, 11));
  EXPECT_THAT(copy_counts(view), ElementsAre(2, 2));
}

TEST(LocalSearch, ExchangesWhatNoSingleMoveCanMend) {
  // 80 and 50 on shares of 65, five copies each: a copy less on one side and one more on the other
  // is worse than what its bytes mend.
  ClusterView view = sized({{10, 10, 10, 25, 25}, {10, 10, 10, 10, 10}});
  const Plan plan = LocalSearchRebalance().plan(view, {});
  EXPECT_THAT(plan.moves, SizeIs(2));
  apply(view, plan);
  EXPECT_THAT(byte_counts(view), ElementsAre(65, 65));
  EXPECT_THAT(copy_counts(view), ElementsAre(5, 5));
}

TEST(LocalSearch, ANewcomerIsFilled) {
  ClusterView view = view_of_counts({6, 6, 0});
  apply(view, LocalSearchRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), ElementsAre(4, 4, 4));
}

TEST(LocalSearch, RequestsAreRelievedByLeadershipWhichCostsNothing) {
  ClusterView view = make_view(2);
  for (std::uint32_t i = 0; i < 4; ++i) {
    add_shard(view, nodes({0, 1})).requests_per_second = 10;
  }
  const Plan plan = LocalSearchRebalance().plan(view, {});
  EXPECT_EQ(plan.bytes(), Bytes(0));
  apply(view, plan);
  EXPECT_THAT(leader_counts(view), ElementsAre(2, 2));
}

TEST(LocalSearch, SmallDifferencesAreLeftAlone) {
  // Bytes within 5 % of the share, counts within one.
  EXPECT_TRUE(LocalSearchRebalance().plan(sized({{105, 100}, {100, 95}}), {}).empty());
  EXPECT_TRUE(LocalSearchRebalance().plan(view_of_counts({3, 4, 4}, 0), {}).empty());
}

TEST(LocalSearch, ANodesShareIsByWeight) {
  ClusterView view = view_of_counts({8, 8});
  view.nodes[0].capacity.disk = Bytes(30'000);
  view.nodes[1].capacity.disk = Bytes(10'000);
  apply(view, LocalSearchRebalance().plan(view, {}));
  EXPECT_THAT(copy_counts(view), ElementsAre(12, 4));
}

TEST(LocalSearch, WhatIsNotWorthItsPriceStays) {
  // One of a hundred copies more is a hundredth of the share: moving it gains less than it costs.
  ClusterView view = view_of_counts({102, 98});
  EXPECT_TRUE(LocalSearchRebalance().plan(view, {}).empty());
}

}  // namespace
}  // namespace shardproof::distribution
