// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/scheduling.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

namespace dist = distribution;

/// `count` nodes without a shard, which is enough to be scheduled for.
ClusterSnapshot nodes(std::uint32_t count) {
  dist::ClusterView view;
  for (std::uint32_t i = 0; i < count; ++i) {
    dist::NodeView node;
    node.id = NodeId(i);
    view.nodes.push_back(node);
  }
  return snapshot_of(std::move(view));
}

dist::Move move(std::uint32_t shard, std::uint32_t source, std::uint32_t target, Bytes bytes) {
  dist::Move move;
  move.shard = ShardId(shard);
  move.source = NodeId(source);
  move.target = NodeId(target);
  move.bytes = bytes;
  return move;
}

TEST(Scheduling, RoundsHaveTheirBoundsBesideThem) {
  // A triangle with four parallel moves on each side: no two at once, so twelve rounds.
  std::vector<dist::Move> moves;
  for (std::uint32_t i = 0; i < 12; ++i) moves.push_back(move(i, i % 3, (i + 1) % 3, Bytes(1)));
  PlanOptions options;
  options.moves_per_node = 1;
  PolicyPlan plan;
  schedule(nodes(3), moves, options, plan);
  EXPECT_EQ(plan.rounds_bound_degree, 8u);
  EXPECT_EQ(plan.rounds_bound_density, 12u);
  EXPECT_EQ(plan.rounds_bound(), 12u);
  ASSERT_FALSE(plan.schedules.empty());
  for (const PlanSchedule& one : plan.schedules) {
    EXPECT_EQ(one.rounds, 12u) << one.scheduler;
    EXPECT_FALSE(one.time.has_value());
  }
  EXPECT_FALSE(plan.time_bound.has_value());
}

TEST(Scheduling, TheSlowerOfTheBandwidthAndANodesOwnHolds) {
  ClusterSnapshot snapshot = nodes(3);
  snapshot.view.nodes[2].capacity.network = Bandwidth(50);
  const std::vector<dist::Move> moves{move(0, 0, 1, Bytes(1000)), move(1, 0, 2, Bytes(1000))};
  PlanOptions options;
  options.bandwidth = Bandwidth(100);
  PolicyPlan plan;
  schedule(snapshot, moves, options, plan);
  EXPECT_EQ(plan.time_bound, seconds(20));
  PlanOptions unlimited;
  PolicyPlan by_network;
  schedule(snapshot, moves, unlimited, by_network);
  EXPECT_EQ(by_network.time_bound, seconds(20));
  snapshot.knows_bytes = false;
  PolicyPlan without_sizes;
  schedule(snapshot, moves, options, without_sizes);
  EXPECT_FALSE(without_sizes.time_bound.has_value());
}

}  // namespace
}  // namespace shardproof::sim
