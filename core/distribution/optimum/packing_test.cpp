// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/packing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/bounds.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_node;
using test::add_shard;
using test::make_view;
using test::n;
using test::nodes;
using testing::ElementsAre;

ClusterView with_sizes(std::uint32_t count, std::initializer_list<std::uint64_t> sizes) {
  ClusterView view = make_view(count);
  for (const std::uint64_t bytes : sizes) add_shard(view, {n(0)}).bytes = Bytes(bytes);
  return view;
}

Packing packed(const ClusterView& view, PackedLoad load = PackedLoad::Bytes) {
  return pack(view, members_after_changes(view), load);
}

/// Graham's worst case for two nodes: 3 3 2 2 2 makes 7 and 5, the optimum is 6.
TEST(PackingTest, LargestGoFirstToTheEmptiest) {
  const Packing packing = packed(with_sizes(2, {2, 3, 2, 3, 2}));
  EXPECT_THAT(packing.loads, ElementsAre(7u, 5u));
  EXPECT_EQ(packing.fullest, (WeightedLoad{7, 1}));
  EXPECT_EQ(packing.bound, (WeightedLoad{6, 1}));
}

TEST(PackingTest, OneLargeShardIsTheBound) {
  const Packing packing = packed(with_sizes(3, {10, 1, 1}));
  EXPECT_EQ(packing.bound, (WeightedLoad{10, 1}));
  EXPECT_EQ(packing.fullest, packing.bound);
}

TEST(PackingTest, EqualShardsAreSharedOutWholeWhateverWeighsNothing) {
  const WeightedLoad two{10, 1};
  EXPECT_EQ(packed(with_sizes(2, {5, 5, 5})).bound, two);
  EXPECT_EQ(packed(with_sizes(2, {0, 5, 5, 5, 0})).bound, two);
  EXPECT_EQ(packed(with_sizes(2, {0, 0, 5, 5})).bound, (WeightedLoad{5, 1}));
  EXPECT_EQ(packed(with_sizes(2, {0, 0, 0})).bound, (WeightedLoad{0, 1}));
}

TEST(PackingTest, WeightsAreObeyed) {
  ClusterView view = with_sizes(2, {10, 10, 10});
  view.nodes[0].capacity.disk = Bytes(2000);
  view.nodes[1].capacity.disk = Bytes(1000);
  const Packing packing = packed(view);
  EXPECT_THAT(packing.loads, ElementsAre(20u, 10u));
  EXPECT_EQ(packing.fullest, packing.bound);
}

TEST(PackingTest, CopiesOfAShardAreOnDifferentNodes) {
  ClusterView view = make_view(3);
  add_shard(view, nodes({0, 1})).bytes = Bytes(10);
  add_shard(view, nodes({0, 1})).bytes = Bytes(1);
  const Packing packing = packed(view);
  EXPECT_THAT(packing.loads, ElementsAre(11u, 10u, 1u));
  EXPECT_THAT(packing.places[0], ElementsAre(n(0), n(1)));
  EXPECT_THAT(packing.places[1], ElementsAre(n(0), n(2)));
}

/// Two copies, one zone of one node: it holds a copy of everything, the others share the rest.
TEST(PackingTest, ZoneThatHoldsACopyOfEverythingRaisesTheBoundOfTheRest) {
  ClusterView view;
  for (const std::uint16_t zone : {0, 0, 1}) add_node(view, zone);
  view.nodes[2].capacity.disk = Bytes(8);
  for (const std::uint32_t node : {0u, 1u}) view.nodes[node].capacity.disk = Bytes(1);
  for (int i = 0; i < 4; ++i) add_shard(view, nodes({0, 2})).bytes = Bytes(10);
  const Packing packing = packed(view);
  EXPECT_EQ(packing.bound, (WeightedLoad{40, 2})) << "zone 0 has to hold 40 on a weight of 2";
  EXPECT_THAT(packing.loads, ElementsAre(20u, 20u, 40u));
}

TEST(PackingTest, CountsAndRequestsArePackedTheSameWay) {
  ClusterView view = with_sizes(2, {100, 1, 1, 1});
  view.shards[0].requests_per_second = 7;
  EXPECT_THAT(packed(view, PackedLoad::Copies).loads, ElementsAre(2u, 2u));
  EXPECT_THAT(packed(view, PackedLoad::Requests).loads, ElementsAre(7u, 0u));
}

/// What the leader takes goes to one node, what each other copy takes to others.
TEST(PackingTest, LeadersAndFollowersArePackedByWhatEachTakesOfTheProcessor) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 3; ++i) add_shard(view, nodes({0, 1, 2})).cpu = {9, 3};
  Packing packing = packed(view, PackedLoad::Cpu);
  EXPECT_THAT(packing.loads, ElementsAre(15u, 15u, 15u));
  EXPECT_EQ(packing.bound, packing.fullest);
  view.shards[2].leader = NodeId::none();
  packing = packed(view, PackedLoad::Cpu);
  EXPECT_THAT(packing.loads, ElementsAre(15u, 15u, 9u)) << "of one without leader all are others";
  EXPECT_EQ(packing.bound, (WeightedLoad{39, 3}));
}

TEST(PackingTest, FollowersThatTakeNothingLeaveLeadersToBeSharedOutWhole) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 3; ++i) add_shard(view, nodes({0, 1})).cpu = {5, 0};
  EXPECT_EQ(packed(view, PackedLoad::Cpu).bound, (WeightedLoad{10, 1}));
}

TEST(PackingTest, DrainingNodesHoldNothing) {
  ClusterView view = with_sizes(3, {5, 5});
  view.nodes[0].state = NodeState::Draining;
  EXPECT_THAT(packed(view).loads, ElementsAre(0u, 5u, 5u));
}

}  // namespace
}  // namespace shardproof::distribution
