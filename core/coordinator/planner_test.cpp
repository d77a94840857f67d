// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/planner.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

using message::AdminKind;
using message::AdminOutcome;

const NodeId n0(0), n1(1), n2(2);

/// Greedy, but for evenness only when told to.
NodeConfig on_demand_config() {
  NodeConfig config;
  config.distribution.rebalance_interval = Nanoseconds(0);
  config.distribution.rebalance_on_membership = false;
  return config;
}

NodeConfig threshold_config(Ratio threshold) {
  NodeConfig config = on_demand_config();
  config.distribution.rebalance_threshold = threshold;
  return config;
}

TEST(PlannerTest, NewcomerGetsItsShareOfTheCopies) {
  Harness cluster(3, 1, NodeConfig{});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(about(AdminKind::Remove, n2));
  cluster.run(milliseconds(100));
  cluster.command(enable(8, 1));
  cluster.run(seconds(1));
  ASSERT_EQ(cluster.copies_on(n2), 0u);
  message::AdminRequest join = about(AdminKind::Join, n2);
  join.record.id = n2;
  cluster.command(join);
  cluster.run(seconds(30));
  const std::size_t held = cluster.copies_on(n2);
  EXPECT_GE(held, 2u);
  EXPECT_LE(held, 3u);
}

TEST(PlannerTest, BalancingThatIsOffMovesNothingAndDrainsStill) {
  Harness cluster(3, 1, NodeConfig{});
  for (int i = 0; i < 6; ++i) cluster.add_shard({n0});
  message::AdminRequest off = about(AdminKind::SetBalancing, n0);
  off.flag = false;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  cluster.command(off);
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n1), 0u);
  EXPECT_EQ(cluster.answer(cluster.command(about(AdminKind::Rebalance, n0))).outcome,
            AdminOutcome::Refused);
  cluster.command(about(AdminKind::Drain, n0));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.node_state(n0) == NodeState::Removed; }));
}

TEST(PlannerTest, WhatWaitsForItsTurnIsNotBegunAfterBalancingIsSwitchedOff) {
  NodeConfig config;
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(2, 1, config);
  for (int i = 0; i < 8; ++i) cluster.add_shard({n0});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.copies_on(n1) > 0; }));
  message::AdminRequest off = about(AdminKind::SetBalancing, n0);
  off.flag = false;
  cluster.command(off);
  cluster.run(seconds(20));
  EXPECT_LE(cluster.copies_on(n1), 2u) << "what was under way comes to its end";
}

TEST(PlannerTest, ARepairThatCannotStartTakesNobodysPlace) {
  NodeConfig config = on_demand_config();
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(4, 1, config);
  // Its leader dies before it has heard of the shard, and n2 alone may lack what that one wrote.
  const ShardId stuck = cluster.add_shard({n1, n2}, 1);
  const ShardId repaired = cluster.add_shard({n2, n1});
  cluster.revisions[n1] = Revision();
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  EXPECT_TRUE(cluster.run_until([&] {
    const NodeList& copies = cluster.shard(repaired).replicas;
    return copies.size() == 2 && !contains(copies, n1);
  }));
  EXPECT_EQ(cluster.shard(stuck).leader, n1) << "else the other could have gone first";
}

TEST(PlannerTest, LimitsCountUnreachableTargets) {
  NodeConfig config;
  config.distribution.limits.moves_per_node = 0;
  config.distribution.limits.moves_cluster_wide = 2;
  Harness cluster(3, 1, config);
  for (int i = 0; i < 12; ++i) cluster.add_shard({n0});
  // Targets that never answer keep their moves in flight.
  cluster.idle = {n1, n2};
  ASSERT_TRUE(cluster.run_into_office());
  std::size_t most = 0;
  for (int i = 0; i < 200; ++i) {
    cluster.run(milliseconds(100));
    if (i == 50) cluster.down = {n1};
    const auto& shards = cluster.store.table().shards();
    const auto moving = static_cast<std::size_t>(std::count_if(
        shards.begin(), shards.end(), [](const ShardInfo& shard) { return shard.migration; }));
    ASSERT_LE(moving, 2u);
    most = std::max(most, moving);
  }
  EXPECT_EQ(most, 2u);
}

TEST(PlannerTest, BalancedClusterIsLeftAlone) {
  Harness cluster(4, 1, NodeConfig{});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(16, 2));
  cluster.run(seconds(60));
  const std::size_t commits = cluster.store.commits().size();
  cluster.run(seconds(60));
  EXPECT_EQ(cluster.store.commits().size(), commits);
}

TEST(PlannerTest, NewcomerGetsNothingWhereMembershipIsNoReason) {
  Harness cluster(3, 1, on_demand_config());
  for (int i = 0; i < 6; ++i) cluster.add_shard({n0});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n2};
  cluster.run(seconds(20));
  cluster.down = {};
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n0), 6u);
  cluster.command(about(AdminKind::Rebalance, n0));
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n0), 2u);
}

TEST(PlannerTest, DrainsWhereMembershipIsNoReasonToBalance) {
  Harness cluster(3, 1, on_demand_config());
  for (int i = 0; i < 6; ++i) cluster.add_shard({i < 4 ? n0 : n1});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(about(AdminKind::Drain, n1));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.node_state(n1) == NodeState::Removed; }));
  EXPECT_EQ(cluster.copies_on(n0), 4u);
}

TEST(PlannerTest, ADrainThatIsTriedAgainLeavesWhatWaitsForEvennessAsItIs) {
  NodeConfig config;
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(3, 1, config);
  // Nobody can take n2's copy: the others have one.
  cluster.add_shard({n0, n1, n2}, 3);
  for (int i = 0; i < 8; ++i) cluster.add_shard({n0});
  cluster.set_node(n2, NodeState::Draining);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.idle = {n1};
  cluster.run(seconds(20));
  const auto plans = cluster.facts_of<fact::PlanMade>();
  std::size_t tries = 0;
  for (const fact::PlanMade& plan : plans) {
    if (plan.cause != fact::PlanCause::Drain) continue;
    EXPECT_EQ(plan.balance_moves + plan.other_moves, 0u);
    ++tries;
  }
  EXPECT_GE(tries, 3u);
  cluster.idle = {};
  EXPECT_TRUE(cluster.run_until([&] { return cluster.copies_on(n1) == 5; }));
}

TEST(PlannerTest, APeriodicPlanWaitsUntilNothingMovesForEvenness) {
  NodeConfig config = on_demand_config();
  config.distribution.rebalance_interval = milliseconds(500);
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(2, 1, config);
  for (int i = 0; i < 8; ++i) cluster.add_shard({n0});
  const auto plans = [&] {
    std::size_t count = 0;
    for (const fact::PlanMade& plan : cluster.facts_of<fact::PlanMade>()) {
      count += plan.cause == fact::PlanCause::Period;
    }
    return count;
  };
  ASSERT_TRUE(cluster.run_into_office());
  cluster.idle = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return plans() == 1; }));
  cluster.run(seconds(10));
  EXPECT_EQ(plans(), 1u);
  cluster.idle = {};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.copies_on(n1) == 4; }));
  cluster.run(seconds(2));
  EXPECT_GE(plans(), 3u);
}

TEST(PlannerTest, RebalanceOutlivesAChangeOfMembership) {
  NodeConfig config = on_demand_config();
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(3, 1, config);
  for (int i = 0; i < 9; ++i) cluster.add_shard({n0});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.idle = {n1, n2};
  cluster.command(about(AdminKind::Rebalance, n0));
  cluster.run(seconds(1));
  // Two changes while most moves wait.
  cluster.set_node(n2, NodeState::Maintenance);
  cluster.run(seconds(1));
  cluster.set_node(n2, NodeState::Active);
  cluster.run(seconds(1));
  cluster.idle = {};
  cluster.run(seconds(60));
  EXPECT_EQ(cluster.copies_on(n0), 3u);
}

TEST(PlannerTest, APlanCountsMovesWhoseBeginIsNotKnownYet) {
  NodeConfig config = on_demand_config();
  config.distribution.limits.moves_per_node = 0;
  Harness cluster(3, 1, config);
  for (int i = 0; i < 9; ++i) cluster.add_shard({n0});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.is_deaf = true;
  const std::uint32_t before = cluster.store.commits_received;
  cluster.command(about(AdminKind::Rebalance, n0));
  ASSERT_TRUE(cluster.run_until([&] { return cluster.store.commits_received == before + 6; }));
  const std::uint64_t again = cluster.command(about(AdminKind::Rebalance, n0));
  EXPECT_EQ(cluster.answer(again).outcome, AdminOutcome::Unknown);
  cluster.store.is_deaf = false;
  cluster.run(seconds(60));
  EXPECT_EQ(cluster.answer(again).outcome, AdminOutcome::Done);
  EXPECT_EQ(cluster.copies_on(n0), 3u);
}

TEST(PlannerTest, NodeOverTheThresholdIsRelieved) {
  Harness cluster(3, 1, threshold_config(Ratio(1, 2)));
  for (int i = 0; i < 6; ++i) cluster.add_shard({i < 4 ? n0 : n1});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n0), 2u);
  EXPECT_EQ(cluster.copies_on(n2), 2u);
}

TEST(PlannerTest, StatesWhyAndForWhatItPlans) {
  Harness cluster(3, 1, threshold_config(Ratio(1, 2)));
  for (int i = 0; i < 6; ++i) cluster.add_shard({i < 4 ? n0 : n1});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(20));
  const auto plans = cluster.facts_of<fact::PlanMade>();
  const auto plan = std::find_if(plans.begin(), plans.end(), [](const fact::PlanMade& made) {
    return made.cause == fact::PlanCause::Threshold;
  });
  ASSERT_NE(plan, plans.end());
  EXPECT_TRUE(plan->for_evenness);
  EXPECT_EQ(plan->balance_moves, 2u);
  EXPECT_EQ(plan->other_moves, 0u);
  EXPECT_EQ(plan->transfers, 0u);
  const auto taken = cluster.facts_of<fact::PlannedMoveTaken>();
  EXPECT_EQ(taken.size(), 2u);
  for (const fact::PlannedMoveTaken& move : taken) {
    EXPECT_TRUE(move.moves_data && move.for_evenness);
    EXPECT_EQ(move.obstacle, "");
  }
  const auto& holdings = plan->basis->holdings;
  EXPECT_EQ(holdings.nodes[0].copies, 4u);
  EXPECT_EQ(holdings.nodes[1].copies, 2u);
  EXPECT_EQ(holdings.nodes[2].copies, 0u);
  EXPECT_EQ(holdings.free_shards, 6u);
  EXPECT_EQ(plan->basis->shards, 6u);
}

TEST(PlannerTest, NodeUnderTheThresholdIsLeftAlone) {
  Harness cluster(3, 1, threshold_config(Ratio(1, 1)));
  for (int i = 0; i < 6; ++i) cluster.add_shard({i < 4 ? n0 : n1});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n0), 4u);
}

TEST(PlannerTest, WhatNoPlanCanMendIsPlannedOnce) {
  // Two copies on three nodes: one is over any threshold below a half.
  Harness cluster(3, 1, threshold_config(Ratio(1, 10)));
  for (int i = 0; i < 2; ++i) cluster.add_shard({i < 1 ? n0 : n1});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(20));
  const auto status = cluster.answer(cluster.command(about(AdminKind::ClusterStatus, n0))).text;
  EXPECT_NE(status.find("1 plans made"), std::string::npos) << status;
}

TEST(PlannerTest, ThresholdWaitsWhileBalancingIsOff) {
  Harness cluster(3, 1, threshold_config(Ratio(1, 2)));
  message::AdminRequest balancing = about(AdminKind::SetBalancing, n0);
  balancing.flag = false;
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(balancing);
  cluster.run(seconds(1));
  for (int i = 0; i < 6; ++i) cluster.add_shard({n0});
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n0), 6u);
  balancing.flag = true;
  cluster.command(balancing);
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n0), 2u);
}

TEST(PlannerTest, AMoveIsNotStartedWhenItsTargetsDiskHasFilledSinceThePlan) {
  NodeConfig config;
  config.distribution.limits.moves_cluster_wide = 1;
  Harness cluster(2, 1, config);
  for (int i = 0; i < 8; ++i) cluster.add_shard({n0});
  ASSERT_TRUE(cluster.run_until(
      [&] { return cluster.shard().migration.has_value() || cluster.copies_on(n1) > 0; }));
  cluster.loads[n1].disk_used = Bytes(1000);
  cluster.loads[n1].disk_capacity = Bytes(1000);
  cluster.run(seconds(2));
  const std::size_t before = cluster.copies_on(n1);
  ASSERT_LT(before, 4u);
  cluster.run(seconds(20));
  EXPECT_EQ(cluster.copies_on(n1), before);
}

}  // namespace
}  // namespace shardproof::test
