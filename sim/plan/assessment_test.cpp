// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/assessment.hpp"

#include <gtest/gtest.h>

#include "core/distribution/rebalance/greedy.hpp"
#include "sim/plan/membership_change.hpp"
#include "sim/snapshot/snapshot_builder.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

/// Four nodes of 1000 bytes, two in each of two zones; 12 shards of 10 bytes with two copies each,
/// one in either zone, evenly, the first of each pair leading.
ClusterSnapshot sample() {
  SnapshotBuilder builder;
  for (int i = 0; i < 4; ++i) {
    SnapshotNode node;
    node.name = fmt::format("n{}", i);
    node.zone = i % 2 == 0 ? "a" : "b";
    node.capacity.disk = Bytes(1000);
    builder.add(node);
  }
  for (int i = 0; i < 12; ++i) {
    SnapshotShard shard;
    shard.name = fmt::format("{}", i);
    shard.collection = "shop";
    shard.replicas = {fmt::format("n{}", i % 4), fmt::format("n{}", (i + 1) % 4)};
    shard.bytes = Bytes(10);
    builder.add(shard);
  }
  auto snapshot = builder.finish();
  EXPECT_TRUE(snapshot.has_value());
  return std::move(*snapshot);
}

ClusterSnapshot with(const MembershipChange& change) {
  auto snapshot = changed(sample(), change);
  EXPECT_TRUE(snapshot.has_value());
  return std::move(*snapshot);
}

PolicyPlan plan_of(const ClusterSnapshot& snapshot, const dist::RebalancePolicy& policy,
                   const PlanOptions& options = {}) {
  return assess("p", snapshot, carry_out(snapshot, policy, options), options);
}

TEST(Assessment, AnEvenClusterIsDescribedAsEvenAndLeftAlone) {
  const PlannedCluster cluster = describe("sample", sample());
  EXPECT_EQ(cluster.nodes, 4u);
  EXPECT_EQ(cluster.copies, 24u);
  EXPECT_EQ(cluster.bytes, Bytes(240));
  EXPECT_EQ(cluster.copies_minimum, std::uint64_t{0});
  EXPECT_TRUE(cluster.before.skew(SkewDimension::kShards)->max_over_mean == Ratio(1, 1));
  EXPECT_TRUE(*cluster.before.fullest_disk == Ratio(60, 1000));
  EXPECT_FALSE(cluster.before.skew(SkewDimension::kRequests).has_value());
  const PolicyPlan plan = plan_of(sample(), dist::GreedyRebalance());
  EXPECT_TRUE(plan.is_quiet);
  EXPECT_EQ(plan.rounds, 0u);
  EXPECT_EQ(plan.cost.moves, 0u);
}

TEST(Assessment, AJoinIsPlannedAtTheLeastThatHasToMove) {
  MembershipChange change;
  change.add = {{2, "", ""}};
  const ClusterSnapshot snapshot = with(change);
  const PlannedCluster cluster = describe("join", snapshot);
  EXPECT_EQ(cluster.copies_minimum, std::uint64_t{8});
  EXPECT_EQ(cluster.bytes_minimum, Bytes(80));
  EXPECT_EQ(cluster.fewest_moves->copies, 8u);
  EXPECT_TRUE(cluster.fewest_moves->is_proven);
  EXPECT_TRUE(cluster.best_bytes->bound == Ratio(1, 1));
  EXPECT_TRUE(*cluster.best_copies->found == Ratio(1, 1));
  EXPECT_TRUE(cluster.before.skew(SkewDimension::kShards)->max_over_mean == Ratio(6, 4));
  PlanOptions options;
  options.moves_shown = 3;
  const PolicyPlan plan = plan_of(snapshot, dist::GreedyRebalance(), options);
  EXPECT_TRUE(plan.is_quiet);
  EXPECT_EQ(plan.cost.moves, 8u);
  EXPECT_EQ(plan.cost.bytes, Bytes(80));
  EXPECT_EQ(plan.cost.bounces, 0u);
  EXPECT_LE(plan.cost.moves_of_shard, 2u);  // each of its copies once
  EXPECT_TRUE(plan.after.skew(SkewDimension::kShards)->max_over_mean == Ratio(1, 1));
  ASSERT_EQ(plan.moves.size(), 3u);
  EXPECT_EQ(plan.moves[0].target.substr(0, 4), "new-");
  EXPECT_EQ(plan.moves[0].collection, "shop");
  EXPECT_EQ(plan.moves[0].reason, "balance");
}

TEST(Assessment, HowEvenProcessorsCouldBeIsSaidWhereTheyAreKnown) {
  ClusterSnapshot snapshot = sample();
  EXPECT_FALSE(describe("sample", snapshot).best_cpu.has_value());
  for (dist::ShardView& shard : snapshot.view.shards) shard.cpu = {4, 1};
  snapshot.view.nodes[0].capacity.disk = Bytes(9000);
  PlannedCluster cluster = describe("sample", snapshot);
  EXPECT_TRUE(cluster.best_cpu->bound == Ratio(1, 1)) << "whatever the disks";
  EXPECT_TRUE(*cluster.best_cpu->found == Ratio(1, 1));
  snapshot.view.shards[5].cpu = {45, 1};
  cluster = describe("sample", snapshot);
  EXPECT_TRUE(cluster.best_cpu->bound == Ratio(45 * 4, 11 * 5 + 46)) << "one shard alone";
}

TEST(Assessment, WhereEvennessMayBeOutOfReachNoLeastIsClaimed) {
  MembershipChange excluded;
  excluded.add = {{1, "", ""}};
  excluded.exclude = {"n1"};
  const PlannedCluster kept = describe("excluded", with(excluded));
  EXPECT_FALSE(kept.copies_minimum.has_value());
  EXPECT_TRUE(kept.fewest_moves->is_proven) << "which knows of what stays";
  MembershipChange pinned;
  pinned.drain = {"n3"};
  pinned.pin = {"shop"};
  const PlannedCluster stays = describe("pinned", with(pinned));
  EXPECT_FALSE(stays.copies_minimum || stays.bytes_minimum || stays.bytes_to_even);
  MembershipChange full;
  full.weigh = {{"n0", Bytes(75)}, {"n1", Bytes(75)}, {"n2", Bytes(75)}, {"n3", Bytes(75)}};
  EXPECT_FALSE(describe("hardly any room", with(full)).copies_minimum.has_value());
}

TEST(Assessment, WhatARemovedNodeHeldIsRepairedFirst) {
  MembershipChange change;
  change.remove = {"n3"};
  change.add = {{1, "b", ""}};
  const ClusterSnapshot snapshot = with(change);
  PlanOptions options;
  options.moves_shown = 100;
  const PolicyPlan plan = plan_of(snapshot, dist::GreedyRebalance(), options);
  ASSERT_GE(plan.moves.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(plan.moves[i].reason, "repair");
  EXPECT_EQ(plan.cost.unplaced, 0u);
  EXPECT_EQ(describe("lost", snapshot).nodes, 4u);
}

/// Sends the first shard's first copy to and fro for ever.
class Restless final : public dist::RebalancePolicy {
 public:
  dist::Plan plan(const dist::ClusterView& view, const dist::RebalanceOptions&) const override {
    const dist::ShardView& shard = view.shards[0];
    const bool at_home = shard.replicas.back() == NodeId(0) || shard.replicas.front() == NodeId(0);
    dist::Move move;
    move.shard = shard.id;
    move.source = at_home ? NodeId(0) : NodeId(2);
    move.target = at_home ? NodeId(2) : NodeId(0);
    move.moves_leader = shard.leader == move.source;
    move.bytes = shard.bytes;
    dist::Plan plan;
    plan.moves = {move};
    return plan;
  }
  std::vector<dist::LoadMeasure> measures() const override { return {}; }
};

TEST(Assessment, ARestlessPolicyIsStoppedAndItsBouncesAreCounted) {
  PlanOptions options;
  options.rounds_max = 5;
  const PolicyPlan plan = plan_of(sample(), Restless(), options);
  EXPECT_FALSE(plan.is_quiet);
  EXPECT_EQ(plan.rounds, 5u);
  EXPECT_EQ(plan.cost.moves, 5u);
  EXPECT_EQ(plan.cost.moves_of_shard, 5u);
  EXPECT_EQ(plan.cost.bounces, 4u);  // all but the first
  EXPECT_EQ(plan.cost.bytes_between_zones, Bytes(0));
}

}  // namespace
}  // namespace shardproof::sim
