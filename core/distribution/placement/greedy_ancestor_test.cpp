// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/greedy_ancestor.hpp"

#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::make_view;
using test::nodes;

std::vector<NewShard> new_shards(std::uint32_t count) {
  std::vector<NewShard> shards;
  for (std::uint32_t i = 0; i < count; ++i) shards.push_back({ShardId(i), CollectionId(0), {}});
  return shards;
}

TEST(AncestorPlacementTest, DealsShardsOutInOrderOfNodeId) {
  const auto lists =
      AncestorPlacement().place_all(make_view(3), new_shards(3), {.replication_factor = 2});
  ASSERT_TRUE(lists);
  EXPECT_EQ(*lists, (std::vector<CopyList>{nodes({0, 1}), nodes({2, 0}), nodes({1, 2})}));
}

TEST(AncestorPlacementTest, PutsTwoCopiesInOneZoneThoughAnotherIsFree) {
  ClusterView view;
  for (const std::uint16_t zone : {0, 0, 1}) test::add_node(view, zone);
  const auto copies = AncestorPlacement().place(view, new_shards(1)[0], {.replication_factor = 2});
  ASSERT_TRUE(copies);
  EXPECT_EQ(test::distinct_domains(view, *copies, DomainLevel::Zone), 1u);
}

TEST(AncestorPlacementTest, CountsTheShardsThatAreThereAlready) {
  ClusterView view = make_view(2);
  test::add_shard(view, nodes({0}));
  const auto copies = AncestorPlacement().place(view, {ShardId(1), CollectionId(0), {}}, {});
  ASSERT_TRUE(copies);
  EXPECT_EQ(*copies, nodes({1}));
}

TEST(AncestorPlacementTest, TooFewNodesIsAnError) {
  EXPECT_FALSE(
      AncestorPlacement().place_all(make_view(2), new_shards(1), {.replication_factor = 3}));
}

}  // namespace
}  // namespace shardproof::distribution
