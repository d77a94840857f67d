// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/rendezvous.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::make_view;
using test::nodes;

std::vector<RendezvousNode> candidates(const std::vector<std::uint64_t>& weights) {
  std::vector<RendezvousNode> result;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    result.push_back(rendezvous_node(NodeId(i), weights[i]));
  }
  return result;
}

// The expected orders were computed by an independent implementation of XXH64, checked against the
// catalogue's hash vectors, and with logarithms in floating point for the weighted ones.
TEST(RendezvousTest, OrdersEqualNodesByTheirHashOfTheKey) {
  const auto equal = candidates({1, 1, 1, 1, 1});
  EXPECT_EQ(rendezvous_order("key-0", equal), nodes({1, 4, 3, 0, 2}));
  EXPECT_EQ(rendezvous_order("key-1", equal), nodes({3, 2, 4, 1, 0}));
  EXPECT_EQ(rendezvous_order("key-5", equal), nodes({0, 2, 3, 4, 1}));
  EXPECT_EQ(rendezvous_order("shard-3", equal), nodes({1, 4, 3, 2, 0}));
}

TEST(RendezvousTest, OrdersWeightedNodesByLogarithmOverWeight) {
  const auto weighted = candidates({1, 2, 3, 4, 10});
  EXPECT_EQ(rendezvous_order("key-0", weighted), nodes({4, 3, 1, 2, 0}));
  EXPECT_EQ(rendezvous_order("key-1", weighted), nodes({3, 4, 2, 1, 0}));
  EXPECT_EQ(rendezvous_order("key-3", weighted), nodes({4, 2, 1, 0, 3}));
  EXPECT_EQ(rendezvous_order("key-6", weighted), nodes({3, 1, 2, 4, 0}));
}

TEST(RendezvousTest, ScalingAllWeightsChangesNothing) {
  const auto small = candidates({1, 2, 3, 4, 10});
  auto large = small;
  for (auto& node : large) node.weight *= 1'000'000'000'000;
  for (int key = 0; key < 200; ++key) {
    const std::string name = fmt::format("key-{}", key);
    EXPECT_EQ(rendezvous_order(name, small), rendezvous_order(name, large)) << name;
  }
}

TEST(RendezvousTest, NodesWinTheirExactShareOfTenThousandKeys) {
  const std::vector<std::uint64_t> weights{1, 2, 3, 4, 10};
  const auto weighted = candidates(weights);
  std::vector<std::int64_t> wins(weights.size());
  constexpr std::int64_t kKeys = 10'000;
  for (std::int64_t key = 0; key < kKeys; ++key) {
    ++wins[rendezvous_order(fmt::format("key-{}", key), weighted).front().value()];
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto weight = static_cast<std::int64_t>(weights[i]);
    const std::int64_t expected = kKeys * weight / 20;
    // Four standard deviations of the binomial distribution, squared.
    const std::int64_t bound_squared = 16 * kKeys * weight * (20 - weight) / 400;
    EXPECT_LE((wins[i] - expected) * (wins[i] - expected), bound_squared) << "node " << i;
  }
}

TEST(RendezvousTest, CopiesStandInDistinctZonesWhileThereAreEnough) {
  const ClusterView view = make_view(9, 3);
  for (std::uint32_t shard = 0; shard < 100; ++shard) {
    const auto copies = RendezvousPlacement().place(view, {ShardId(shard), CollectionId(0), {}},
                                                    {.replication_factor = 3});
    ASSERT_TRUE(copies);
    EXPECT_EQ(test::distinct_domains(view, *copies, DomainLevel::Zone), 3u);
  }
}

TEST(RendezvousTest, FourCopiesOnTwoZonesAreTwoAndTwo) {
  const ClusterView view = make_view(8, 2);
  for (std::uint32_t shard = 0; shard < 50; ++shard) {
    const auto copies = RendezvousPlacement().place(view, {ShardId(shard), CollectionId(0), {}},
                                                    {.replication_factor = 4});
    ASSERT_TRUE(copies);
    std::uint32_t in_first = 0;
    for (const NodeId node : *copies) in_first += view.node(node).domain.zone == 0;
    EXPECT_EQ(in_first, 2u);
  }
}

TEST(RendezvousTest, SkipsNodesThatAreDeadDrainingInMaintenanceRemovedOrFull) {
  ClusterView view = make_view(6);
  view.nodes[0].alive = false;
  view.nodes[1].state = NodeState::Draining;
  view.nodes[2].state = NodeState::Maintenance;
  view.nodes[3].state = NodeState::Removed;
  view.nodes[4].capacity.disk = Bytes(1000);
  view.nodes[4].load.disk_used = Bytes(851);
  const auto copies = RendezvousPlacement().place(view, {ShardId(0), CollectionId(0), {}}, {});
  ASSERT_TRUE(copies);
  EXPECT_EQ(*copies, nodes({5}));
}

TEST(RendezvousTest, TooFewNodesIsAnErrorThatNamesTheShardAndTheNumbers) {
  ClusterView view = make_view(3);
  view.nodes[1].alive = false;
  view.nodes[2].capacity.disk = Bytes(1000);
  view.nodes[2].load.disk_used = Bytes(900);
  const auto copies = RendezvousPlacement().place(view, {ShardId(7), CollectionId(0), {}},
                                                  {.replication_factor = 3});
  ASSERT_FALSE(copies);
  EXPECT_EQ(copies.error().message,
            "shard s7 needs 3 nodes that are active, alive and below the disk watermark of 85/100, "
            "but there are 1 (1 more are too full)");
}

TEST(RendezvousTest, ShardsPlacedTogetherFillDisksOnlyToTheWatermark) {
  ClusterView view = make_view(2);
  for (NodeView& node : view.nodes) node.capacity.disk = Bytes(1000);
  std::vector<NewShard> shards;
  for (std::uint32_t i = 0; i < 16; ++i)
    shards.push_back({ShardId(i), CollectionId(0), Bytes(100)});
  const auto lists = RendezvousPlacement().place_all(view, shards, {});
  ASSERT_TRUE(lists);
  std::vector<std::uint32_t> counts(2);
  for (const CopyList& copies : *lists) ++counts[copies.front().value()];
  EXPECT_EQ(counts, (std::vector<std::uint32_t>{8, 8}));
  shards.push_back({ShardId(16), CollectionId(0), Bytes(100)});
  EXPECT_FALSE(RendezvousPlacement().place_all(view, shards, {}));
}

}  // namespace
}  // namespace shardproof::distribution
