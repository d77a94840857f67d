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

std::string reason_of(const PolicyPlan& plan, std::string_view scheduler) {
  for (const ScheduleLeftOut& one : plan.schedules_left_out) {
    if (one.scheduler == scheduler) return one.reason;
  }
  return "";
}

TEST(Scheduling, WhatIsLeftOutSaysWhatItNeeds) {
  std::vector<dist::Move> moves;
  for (std::uint32_t i = 0; i < 3; ++i) moves.push_back(move(i, i % 3, (i + 1) % 3, Bytes(1)));
  PlanOptions options;
  options.moves_per_node = 1;
  PolicyPlan plan;
  schedule(nodes(3), moves, options, plan);
  EXPECT_EQ(reason_of(plan, "bipartite"), "needs moves without an odd cycle of nodes");
  EXPECT_EQ(reason_of(plan, "even"), "needs an even number of moves at once on each node");
  EXPECT_EQ(reason_of(plan, "rounded"), "needs two moves at once or more on each node");
  EXPECT_EQ(reason_of(plan, "largest first"), "needs a bandwidth");
  EXPECT_EQ(reason_of(plan, "list"), "");
  options.moves_per_node = 2;
  PolicyPlan even;
  schedule(nodes(3), moves, options, even);
  EXPECT_EQ(reason_of(even, "even"), "");
}

TEST(Scheduling, TensOfThousandsOfMovesOffOneNodeAreScheduledByAllAndBounded) {
  constexpr std::uint32_t kMoves = 150'000;
  std::vector<dist::Move> moves;
  for (std::uint32_t i = 0; i < kMoves; ++i) moves.push_back(move(i, 0, 1 + i % 99, Bytes(1000)));
  PlanOptions options;
  options.moves_per_node = 2;
  options.bandwidth = Bandwidth(2000);
  PolicyPlan plan;
  schedule(nodes(100), moves, options, plan);
  EXPECT_EQ(plan.rounds_bound(), kMoves / 2);
  EXPECT_EQ(plan.time_bound, seconds(kMoves / 2));
  ASSERT_EQ(plan.schedules.size(), 8u);
  EXPECT_TRUE(plan.schedules_left_out.empty());
  for (const PlanSchedule& one : plan.schedules) {
    EXPECT_EQ(one.rounds.value_or(kMoves / 2), kMoves / 2) << one.scheduler;
    EXPECT_EQ(one.time.value_or(seconds(kMoves / 2)), seconds(kMoves / 2)) << one.scheduler;
  }
}

TEST(Scheduling, OfVeryManyMovesOnlyTheirOrderIsScheduledAndTheBoundsAreThere) {
  std::vector<dist::Move> moves(kManyTransfers + 1, move(0, 0, 1, Bytes(1)));
  PolicyPlan plan;
  schedule(nodes(2), moves, {}, plan);
  ASSERT_EQ(plan.schedules.size(), 1u);
  EXPECT_EQ(plan.schedules[0].scheduler, "fifo");
  EXPECT_EQ(plan.schedules[0].rounds, plan.rounds_bound());
  EXPECT_EQ(reason_of(plan, "kempe"), "more than 2000000 moves");
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
