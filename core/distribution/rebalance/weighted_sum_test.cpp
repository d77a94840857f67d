// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/weighted_sum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::copy_counts;
using test::make_view;
using test::nodes;
using test::routes;
using test::view_of_counts;
using testing::ElementsAre;

/// As they are published, but for some.
RebalanceOptions set(OptionValues values) { return with_values({}, values); }

TEST(WeightedSum, ThresholdIsOfTheSumOfTheFourFactors) {
  // With the factor of write load off, the sum is 1.00000000002: two copies of difference are more.
  const RebalanceOptions counts = set({{"write_load", Ratio(0, 1)}});
  EXPECT_THAT(routes(WeightedSumRebalance().plan(view_of_counts({2, 0}, 0), counts)),
              ElementsAre("n0->n1"));
  const RebalanceOptions patient =
      set({{"write_load", Ratio(0, 1)}, {"threshold", Ratio(2, 1)}, {"bytes", Ratio(0, 1)}});
  EXPECT_TRUE(WeightedSumRebalance().plan(view_of_counts({2, 0}, 0), patient).empty());
}

TEST(WeightedSum, ElevenCopiesOfACollectionAreNotMoreThanTheThreshold) {
  // A copy weighs .45 + .55 = 1.0 of 11.00000000002 that make a difference of 1.0.
  EXPECT_TRUE(WeightedSumRebalance().plan(view_of_counts({11, 0}, 0), {}).empty());
  EXPECT_THAT(routes(WeightedSumRebalance().plan(view_of_counts({12, 0}, 0), {})),
              ElementsAre("n0->n1"));
}

TEST(WeightedSum, BytesCountATinyBit) {
  // 11 copies and two bytes, at 2e-11 each, are more than 11.00000000002.
  EXPECT_THAT(routes(WeightedSumRebalance().plan(view_of_counts({11, 0}, 1), {})),
              ElementsAre("n0->n1"));
}

TEST(WeightedSum, AThousandRequestsWeighTen) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 2; ++i) {
    ShardView& shard = add_shard(view, nodes({0}));
    shard.requests_per_second = 600;
    shard.bytes = Bytes(0);
  }
  // The nodes differ by 2 * (6 + 1) = 14, and a shard of 7 makes them equal.
  EXPECT_THAT(routes(WeightedSumRebalance().plan(view, {})), ElementsAre("n0->n1"));
}

TEST(WeightedSum, NothingMovesThatWouldMakeTheTargetTheHeavierOne) {
  ClusterView view = make_view(2);
  ShardView& hot = add_shard(view, nodes({0}));
  hot.requests_per_second = 1200;
  EXPECT_TRUE(WeightedSumRebalance().plan(view, {}).empty());
}

TEST(WeightedSum, CollectionsAreTakenOneByOne) {
  // As many copies on both nodes, but no node has any of the other's collection: .55 for each of 24
  // is more than 11, and two moves of 1.0 are needed each way to come below.
  ClusterView view = view_of_counts({24, 24}, 0);
  for (std::size_t i = 24; i < 48; ++i) view.shards[i].collection = CollectionId(1);
  const Plan plan = WeightedSumRebalance().plan(view, {});
  std::vector<int> of_first(2, 0);
  apply(view, plan);
  for (std::size_t i = 0; i < 24; ++i) ++of_first[view.shards[i].leader.value()];
  EXPECT_GE(of_first[1], 1);
  const auto counts = copy_counts(view);
  EXPECT_LE(counts[0] > counts[1] ? counts[0] - counts[1] : counts[1] - counts[0], 2u);
  EXPECT_TRUE(WeightedSumRebalance().plan(view, {}).empty());
}

}  // namespace
}  // namespace shardproof::distribution
