// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/fault_budget.hpp"

#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/cluster/lost_copies.hpp"

namespace shardproof::sim {
namespace {

/// A table in which s0 has copies on n0, n1, n2 and s1 one on n3.
ShardTable table_with(std::uint32_t write_concern) {
  CollectionConfig orders;
  orders.id = CollectionId(0);
  orders.num_shards = 2;
  orders.replication_factor = 3;
  orders.write_concern = write_concern;
  ShardInfo three;
  three.id = ShardId(0);
  three.collection = orders.id;
  three.epoch = Epoch(1);
  three.replicas = {NodeId(0), NodeId(1), NodeId(2)};
  ShardInfo one = three;
  one.id = ShardId(1);
  one.replicas = {NodeId(3)};
  ShardTable table;
  table.apply({Revision(1), {orders, three, one}});
  return table;
}

struct Budget : testing::Test {
  explicit Budget(std::uint32_t write_concern = 0) : view(table_with(write_concern)) {}

  FaultBudget make(ChaosBudget kind = ChaosBudget::kRedundancy) {
    ScenarioSpec spec;
    spec.chaos.budget = kind;
    return {spec, view, [this](NodeId node) { return view.up[node.value()]; },
            [this](NodeId node, ShardId shard) { return !lost.contains(node, shard); }};
  }

  check::FakeView view;
  LostCopies lost;
  Instant now{seconds(10)};
};
struct BudgetOfWriteConcernTwo : Budget {
  BudgetOfWriteConcernTwo() : Budget(2) {}
};

TEST_F(Budget, KeepsOneCopyOfEachShardInService) {
  FaultBudget budget = make();
  EXPECT_TRUE(budget.may_stop({NodeId(0)}, now));
  EXPECT_TRUE(budget.may_stop({NodeId(0), NodeId(1)}, now));
  EXPECT_FALSE(budget.may_stop({NodeId(0), NodeId(1), NodeId(2)}, now));
  EXPECT_FALSE(budget.may_stop({NodeId(3)}, now));
  EXPECT_EQ(budget.may_stop({NodeId(3)}, now).why_not,
            "s1 would have 0 of the 1 good copies in service that it needs");
}

TEST_F(Budget, GrantsEverythingToWhatHoldsNothing) {
  EXPECT_TRUE(make().may_stop({NodeId(4)}, now));
}

TEST_F(Budget, CountsNoNodeThatIsOutOfServiceForWhateverReason) {
  FaultBudget budget = make();
  view.up[0] = false;
  view.up[1] = false;
  EXPECT_FALSE(budget.may_stop({NodeId(2)}, now));
  view.up[1] = true;
  EXPECT_TRUE(budget.may_stop({NodeId(2)}, now));
}

TEST_F(Budget, HoldsWhatItHasStoppedUntilItsTimeIsOver) {
  FaultBudget budget = make();
  budget.on_stopped({NodeId(0), NodeId(1)}, now + seconds(2));
  budget.on_stopped({NodeId(1)}, now + seconds(1));
  EXPECT_FALSE(budget.may_stop({NodeId(2)}, now + seconds(1)));
  EXPECT_TRUE(budget.may_stop({NodeId(2)}, now + seconds(2)));
}

TEST_F(Budget, NeverLetsTheLastGoodCopyBeDestroyed) {
  FaultBudget budget = make();
  EXPECT_TRUE(budget.may_destroy_disks({NodeId(0)}, now));
  lost.on_disk_lost(NodeId(0), view.truth);
  EXPECT_TRUE(budget.may_destroy_disks({NodeId(1)}, now));
  lost.on_disk_lost(NodeId(1), view.truth);
  EXPECT_FALSE(budget.may_destroy_disks({NodeId(2)}, now));
  EXPECT_FALSE(budget.may_stop({NodeId(2)}, now));
  EXPECT_FALSE(budget.may_destroy_disks({NodeId(3)}, now));
}

TEST_F(Budget, CountsNoCopyThatAnOperatorDoesNotWantAnyMore) {
  CollectionConfig fewer = *view.truth.find_collection(CollectionId(0));
  fewer.replication_factor = 2;
  view.truth.apply({Revision(2), {fewer}});
  FaultBudget budget = make();
  EXPECT_TRUE(budget.may_stop({NodeId(0)}, now));
  EXPECT_FALSE(budget.may_stop({NodeId(0), NodeId(1)}, now));
}

TEST_F(Budget, JudgesDisksThatGoTogetherAsOneLoss) {
  FaultBudget budget = make();
  EXPECT_TRUE(budget.may_destroy_disks({NodeId(0), NodeId(1)}, now));
  EXPECT_FALSE(budget.may_destroy_disks({NodeId(0), NodeId(1), NodeId(2)}, now));
}

TEST_F(Budget, ACopyIsGoodAgainOnceItIsInstalledAnewAndNoSooner) {
  FaultBudget budget = make();
  lost.on_disk_lost(NodeId(0), view.truth);
  fact::CopyInstalled installed;
  installed.shard = ShardId(1);
  lost.on_fact(NodeId(0), installed);
  installed.shard = ShardId(0);
  lost.on_fact(NodeId(1), installed);
  EXPECT_FALSE(budget.may_stop({NodeId(1), NodeId(2)}, now));
  lost.on_fact(NodeId(0), installed);
  EXPECT_TRUE(budget.may_stop({NodeId(1), NodeId(2)}, now));
}

/// A commit that names it in sync may have been under way when the disk went.
TEST_F(Budget, ALearnerWhoseDiskIsLostIsNoGoodCopyWhenItIsNamedInSync) {
  FaultBudget budget = make();
  lost.on_disk_lost(NodeId(4), view.truth);
  ShardInfo shard = *view.truth.find_shard(ShardId(1));
  shard.replicas = {NodeId(3), NodeId(4)};
  view.truth.apply({Revision(2), {shard}});
  EXPECT_FALSE(budget.may_destroy_disks({NodeId(3)}, now));
  lost.on_fact(NodeId(4), fact::CopyRecovered{ShardId(1), {}, {}, 0});
  EXPECT_TRUE(budget.may_destroy_disks({NodeId(3)}, now));
}

TEST_F(BudgetOfWriteConcernTwo, LeavesSoManyCopiesThatOneOfThemHasEachWrite) {
  FaultBudget budget = make();
  EXPECT_TRUE(budget.may_stop({NodeId(0)}, now));
  EXPECT_FALSE(budget.may_stop({NodeId(0), NodeId(1)}, now));
}

TEST_F(BudgetOfWriteConcernTwo, KeepsBothCopiesThatAreLeftOfThree) {
  FaultBudget budget = make();
  ShardInfo shard = *view.truth.find_shard(ShardId(0));
  shard.replicas = {NodeId(0), NodeId(1)};
  view.truth.apply({Revision(2), {shard}});
  EXPECT_FALSE(budget.may_stop({NodeId(0)}, now)) << "a write may be on the other two of three";
}

TEST_F(Budget, UnlimitedGrantsEverything) {
  FaultBudget budget = make(ChaosBudget::kUnlimited);
  EXPECT_TRUE(budget.may_stop({NodeId(0), NodeId(1), NodeId(2), NodeId(3)}, now));
  EXPECT_TRUE(budget.may_destroy_disks({NodeId(3)}, now));
  EXPECT_TRUE(budget.may_shift_clock(hours(1), now));
}

/// `clock_error` is 50 ms and nothing drifts: 25 ms may be used within two leases of 1 s.
TEST_F(Budget, AddsUpTheStepsOfClocksWithinTwoLeases) {
  FaultBudget budget = make();
  EXPECT_TRUE(budget.may_shift_clock(milliseconds(-25), now));
  EXPECT_FALSE(budget.may_shift_clock(milliseconds(26), now));
  budget.on_clock_shifted(milliseconds(-15), now, now);
  EXPECT_TRUE(budget.may_shift_clock(milliseconds(10), now + seconds(2)));
  EXPECT_FALSE(budget.may_shift_clock(milliseconds(11), now + seconds(2)));
  EXPECT_TRUE(budget.may_shift_clock(milliseconds(25), now + seconds(2) + Nanoseconds(1)));
}

TEST_F(Budget, AWobbleCountsAsLongAsItLasts) {
  FaultBudget budget = make();
  budget.on_clock_shifted(milliseconds(15), now, now + seconds(5));
  EXPECT_FALSE(budget.may_shift_clock(milliseconds(11), now + seconds(7)));
  EXPECT_TRUE(budget.may_shift_clock(milliseconds(11), now + seconds(7) + Nanoseconds(1)));
}

}  // namespace
}  // namespace shardproof::sim
