// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/plan_sight.hpp"
#include "sim/check/story_testing.hpp"

/// Planted violations of what concerns plans and movement: invariants 9, 13 and 36.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using fact::PlanBasis;
using fact::PlanCause;
using fact::PlanMade;

StoryOptions options() {
  StoryOptions options;
  options.num_shards = 4;
  VersionTraits& version = options.config.versions.front();
  version.balance_bound = distribution::BalanceBound{1, Ratio(5, 100)};
  version.plan_interval = seconds(1);
  version.plan_threshold = Ratio(1, 2);
  version.plan_measures = {distribution::LoadMeasure::Copies, distribution::LoadMeasure::Bytes};
  return options;
}

/// Four shards, each at n0 and n1; all five nodes in one zone; n0 is coordinator. `plan` is what it
/// would say truly.
class MovementChecks : public ::testing::Test {
 protected:
  explicit MovementChecks(const StoryOptions& chosen = options()) : story(chosen) {
    story.join_one_zone();
    story.tell(kN0, fact::OfficeTaken{Term(1)});
  }
  PlanMade make_plan(PlanCause cause, std::uint64_t moves, std::vector<std::uint64_t> copies,
                     std::vector<std::uint64_t> bytes = std::vector<std::uint64_t>(5)) const {
    auto basis = std::make_shared<PlanBasis>();
    for (std::size_t i = 0; i < 5; ++i) {
      basis->holdings.nodes.push_back({true, copies[i], bytes[i]});
      basis->weights.push_back(1);
    }
    basis->shards = basis->holdings.free_shards = 4;
    return {Term(1), story.table.revision(), cause, true, moves, 0, 0, basis};
  }
  PlanMade make_plan(PlanCause cause, std::uint64_t moves) const {
    return make_plan(cause, moves, {4, 4, 0, 0, 0});
  }
  /// Each node has two copies but for n4, which has none.
  void spread() {
    for (const std::uint32_t shard : {2u, 3u}) {
      ShardInfo after = story.info(ShardId(shard));
      after.epoch = after.epoch.next();
      after.leader = kN2;
      after.replicas = {kN2, kN3};
      story.commit_records({after});
    }
  }
  void begin(MigrationReason reason, NodeId target = kN3) {
    story.change([&](ShardInfo& shard) {
      Migration migration;
      migration.id = kM1;
      migration.source = kN0;
      migration.target = target;
      migration.reason = reason;
      shard.migration = migration;
      shard.learners.push_back(target);
      shard.status = ShardStatus::Migrating;
    });
  }
  const ViolationRecord* found(std::uint32_t number) const { return find(story.suite, number); }

  Story story;
};

// --- 9 ------------------------------------------------------------------------------------------

TEST_F(MovementChecks, APlanOfANewCoordinatorAndItsMoveHaveNoFindings) {
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  begin(MigrationReason::Balance);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(MovementChecks, FindsAPlanForMembersThatAreTheSame) {
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  ASSERT_NE(found(9), nullptr);
  EXPECT_THAT(found(9)->nodes, ElementsAre(kN0));
  EXPECT_THAT(found(9)->message, HasSubstr("without a cause: it gives membership"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans 1 moves for evenness under T1 by the table of r3 "
                        "without a cause: it gives membership, and no member has "
                        "changed or come and gone since the plan by the table of r3"));
}

TEST_F(MovementChecks, ADeathOrAReturnThatTheCoordinatorSawIsACause) {
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  story.tell(kN0, fact::NodeSuspected{kN4});
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  story.tell(kN0, fact::NodeTrusted{kN4});
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  EXPECT_EQ(found(9), nullptr) << texts(story.suite);
  story.tell(kN1, fact::NodeSuspected{kN4});
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  EXPECT_NE(found(9), nullptr) << "what another node saw is none";
}

TEST_F(MovementChecks, AMemberThatChangesIsACauseOnceTheCoordinatorKnows) {
  const Revision before = story.table.revision();
  NodeRecord node = *story.table.find_node(kN4);
  node.state = NodeState::Draining;
  story.commit_records({node});
  PlanMade early = make_plan(PlanCause::Membership, 1);
  early.revision = before;
  story.tell(kN0, early);
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  story.tell(kN0, make_plan(PlanCause::Drain, 1));
  EXPECT_EQ(found(9), nullptr) << texts(story.suite);
}

TEST_F(MovementChecks, FindsADrainWithoutANodeToEmpty) {
  story.tell(kN0, make_plan(PlanCause::Drain, 1));
  EXPECT_NE(found(9), nullptr);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans 1 moves for evenness under T1 by the table of r3 "
                        "without a cause: it gives drain, and no node is draining"));
}

TEST_F(MovementChecks, FindsAPeriodThatIsNotOver) {
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  story.pass(seconds(1));
  story.tell(kN0, make_plan(PlanCause::Period, 1));
  EXPECT_EQ(found(9), nullptr) << texts(story.suite);
  story.pass(milliseconds(900));
  story.tell(kN0, make_plan(PlanCause::Period, 1));
  EXPECT_NE(found(9), nullptr);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans 1 moves for evenness under T1 by the table of r3 "
                        "without a cause: it gives period, and its last plan is 900 ms "
                        "old by its own clock, of 1 s"));
}

TEST_F(MovementChecks, FindsAThresholdThatNobodyExceeds) {
  story.tell(kN0, make_plan(PlanCause::Threshold, 1));
  EXPECT_EQ(found(9), nullptr) << texts(story.suite);
  spread();
  story.tell(kN0, make_plan(PlanCause::Threshold, 1, {2, 2, 2, 2, 0}));
  EXPECT_NE(found(9), nullptr);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans 1 moves for evenness under T1 by the table of r5 "
                        "without a cause: it gives threshold, and no node is more than "
                        "1/2 over its share"));
}

TEST_F(MovementChecks, FindsAMoveThatWasNotPlanned) {
  story.tell(kN0, make_plan(PlanCause::Membership, 0));
  begin(MigrationReason::Balance);
  ASSERT_NE(found(9), nullptr);
  EXPECT_EQ(found(9)->shard, kS0);
  EXPECT_THAT(found(9)->nodes, ElementsAre(kN0, kN3));
}

TEST_F(MovementChecks, AnOperatorsMoveNeedsNoPlan) {
  begin(MigrationReason::Manual);
  EXPECT_EQ(found(9), nullptr) << texts(story.suite);
}

TEST_F(MovementChecks, FindsAPlanOfMoreMovesThanCopies) {
  story.tell(kN0, make_plan(PlanCause::Membership, 9));
  EXPECT_NE(found(9), nullptr);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans 9 moves for evenness under T1, and there are 8 "
                        "copies in all"));
}

TEST_F(MovementChecks, FindsAnActiveNodeThatIsEmptied) {
  begin(MigrationReason::Drain);
  ASSERT_NE(found(9), nullptr);
  EXPECT_THAT(found(9)->message, HasSubstr("which nobody asked for"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 moves s0 off n0 to n3 by s0@e1, to empty it, which nobody "
                        "asked for: it is active"));
}

// --- 13 -----------------------------------------------------------------------------------------

TEST_F(MovementChecks, FindsAPlanForWhatIsNotSo) {
  story.tell(kN0, make_plan(PlanCause::Membership, 1, {4, 4, 1, 0, 0}));
  ASSERT_NE(found(13), nullptr);
  EXPECT_THAT(found(13)->nodes, ElementsAre(kN0, kN2));
  EXPECT_THAT(found(13)->message, HasSubstr("1 copies at n2, which has 0"));
}

TEST_F(MovementChecks, AMoveInFlightCountsAsDone) {
  story.tell(kN0, make_plan(PlanCause::Membership, 1));
  begin(MigrationReason::Balance);
  story.pass(seconds(1));
  story.tell(kN0, make_plan(PlanCause::Period, 1, {3, 4, 0, 1, 0}));
  EXPECT_EQ(found(13), nullptr) << texts(story.suite);
  story.pass(seconds(1));
  story.tell(kN0, make_plan(PlanCause::Period, 1, {4, 4, 0, 1, 0}));
  EXPECT_NE(found(13), nullptr);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans (period) by the table of r4 for 4 copies at n0, "
                        "which has 3 once all that is in flight has arrived"));
}

TEST_F(MovementChecks, WhoPlansByAnOlderTableIsNotJudged) {
  PlanMade plan = make_plan(PlanCause::Membership, 1);
  begin(MigrationReason::Manual);
  story.tell(kN0, plan);
  EXPECT_EQ(found(13), nullptr) << texts(story.suite);
}

TEST_F(MovementChecks, FindsAnEmptyPlanOnAnUnevenState) {
  story.pass(minutes(1));
  story.tell(kN0, make_plan(PlanCause::Membership, 0));
  EXPECT_NE(found(13), nullptr);
}

TEST_F(MovementChecks, AFaultThatMayHaveFilledADiskExcusesAnEmptyPlan) {
  story.pass(minutes(1));
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  story.suite.on_faults_active(0, story.at(NodeId::none()));
  story.pass(seconds(1));
  story.tell(kN0, make_plan(PlanCause::Membership, 0));
  EXPECT_EQ(found(13), nullptr) << texts(story.suite);
}

TEST_F(MovementChecks, WhatStandsInTheWayExcusesAnEmptyPlan) {
  story.suite.on_disk_usage(Bytes(5'000), Bytes(100'000), story.at(kN4));
  story.pass(minutes(1));
  story.tell(kN0, make_plan(PlanCause::Membership, 0));
  EXPECT_EQ(found(13), nullptr) << texts(story.suite);
}

TEST(Balance, FindsThatNothingWasPlannedUnlessThereIsNobodyToPlan) {
  for (const bool has_cluster_manager : {true, false}) {
    StoryOptions planned = options();
    planned.config.has_cluster_manager = has_cluster_manager;
    Story story(planned);
    const FakeView view(story.table);
    story.pass(minutes(1));
    story.suite.on_settled(view, story.at(NodeId::none()));
    EXPECT_THAT(numbers(story.suite), Contains(13).Times(has_cluster_manager ? 1 : 0))
        << texts(story.suite);
    if (has_cluster_manager) {
      EXPECT_THAT(texts(story.suite),
                  HasSubstr("settled, and nothing was planned for 60.0 s although plans "
                            "are to be made every 1 s: the last one was by the table of "
                            "r0, and copies have changed in r2"));
    }
  }
}

// --- 36 -----------------------------------------------------------------------------------------

TEST_F(MovementChecks, FindsMovesBetweenNodesThatAreEvenEnough) {
  spread();
  story.tell(kN0, make_plan(PlanCause::Membership, 2, {2, 2, 2, 2, 0}, {100, 104, 96, 100, 100}));
  EXPECT_EQ(found(36), nullptr) << "n4 has two copies fewer";
  ShardInfo after = story.info(ShardId(3));
  after.epoch = after.epoch.next();
  after.replicas = {kN2, kN4};
  story.commit_records({after});
  story.pass(seconds(2));
  story.tell(kN0, make_plan(PlanCause::Period, 2, {2, 2, 2, 1, 1}, {1000, 1100, 900, 1000, 1000}));
  EXPECT_EQ(found(36), nullptr) << "a tenth is beyond the band";
  story.pass(seconds(2));
  story.tell(kN0, make_plan(PlanCause::Period, 0, {2, 2, 2, 1, 1}, {1000, 1040, 960, 1000, 1000}));
  EXPECT_EQ(found(36), nullptr) << "nothing moves";
  story.pass(seconds(2));
  story.tell(kN0, make_plan(PlanCause::Period, 2, {2, 2, 2, 1, 1}, {1000, 1040, 960, 1000, 1000}));
  ASSERT_NE(found(36), nullptr);
  EXPECT_THAT(found(36)->nodes, ElementsAre(kN0));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 plans 2 moves for evenness (period) by the table of r6, "
                        "although all nodes are within the bound that the policy "
                        "declares: n0 has 2 copies, n1 2, n2 2, n3 1, n4 1"));
}

TEST_F(MovementChecks, APlanIsJudgedByThePolicyThatIsOrderedInItsTable) {
  spread();
  ShardInfo even = story.info(ShardId(3));
  even.epoch = even.epoch.next();
  even.replicas = {kN2, kN4};
  story.commit_records({even});
  const auto moving = [&] {
    return make_plan(PlanCause::Command, 2, {2, 2, 2, 1, 1}, {1000, 1040, 960, 1000, 1000});
  };
  const PlanMade before = moving();
  ClusterSettings settings = story.table.settings();
  settings.rebalance = "random";
  story.commit_records({settings});
  story.tell(kN0, moving());
  EXPECT_EQ(found(36), nullptr) << "that one promises nothing";
  story.tell(kN0, before);
  EXPECT_NE(found(36), nullptr);
}

TEST_F(MovementChecks, FindsMovesForWhatIsOnItsWayAlready) {
  spread();
  ShardInfo last = story.info(ShardId(3));
  last.epoch = last.epoch.next();
  last.migration = Migration{};
  last.migration->id = MigrationId(7);
  last.migration->source = kN3;
  last.migration->target = kN4;
  last.migration->reason = MigrationReason::Manual;
  last.learners.push_back(kN4);
  last.status = ShardStatus::Migrating;
  story.commit_records({last});
  story.tell(kN0, make_plan(PlanCause::Membership, 1, {2, 2, 2, 1, 1}));
  EXPECT_EQ(found(13), nullptr) << texts(story.suite);
  EXPECT_NE(found(36), nullptr);
}

TEST_F(MovementChecks, ASightThatIsWrongExcusesNoMoves) {
  spread();
  ShardInfo after = story.info(ShardId(3));
  after.epoch = after.epoch.next();
  after.replicas = {kN2, kN4};
  story.commit_records({after});
  story.tell(kN0, make_plan(PlanCause::Membership, 2, {2, 2, 2, 2, 0}, {900, 900, 900, 900, 0}));
  EXPECT_NE(found(13), nullptr);
  EXPECT_NE(found(36), nullptr);
}

TEST(PlanSight, WeighsNodes) {
  PlanBasis basis;
  basis.holdings.nodes = {{true, 2, 200}, {true, 4, 400}, {false, 9, 0}};
  basis.weights = {1, 2, 1};
  EXPECT_TRUE(are_counts_within(basis, 1));
  EXPECT_TRUE(are_bytes_within(basis, Ratio(5, 100), 2));
  EXPECT_FALSE(is_any_over(basis, distribution::LoadMeasure::Copies, Ratio(1, 10)));
  basis.weights = {1, 1, 1};
  EXPECT_FALSE(are_counts_within(basis, 1));
  EXPECT_FALSE(are_bytes_within(basis, Ratio(5, 100), 2));
  EXPECT_TRUE(is_any_over(basis, distribution::LoadMeasure::Copies, Ratio(1, 10)));
  EXPECT_FALSE(is_any_over(basis, distribution::LoadMeasure::Leaders, Ratio(1, 10)));
  basis.holdings.nodes[1].leaders = 1;
  EXPECT_TRUE(is_any_over(basis, distribution::LoadMeasure::Leaders, Ratio(1, 10)));
}

// --- Versions -----------------------------------------------------------------------------------

StoryOptions with_another_version() {
  StoryOptions two = options();
  two.config.versions.emplace_back();
  return two;
}

/// The other version promises no evenness and makes no plans by itself.
class TwoVersions : public MovementChecks {
 protected:
  TwoVersions() : MovementChecks(with_another_version()) {}
  void boot(NodeId node, std::uint32_t version) {
    story.suite.on_boot(story.at(node), false, version);
    story.suite.on_booted(story.at(node));
  }
};

TEST_F(TwoVersions, APlanHasToKeepWhatTheVersionOfItsAuthorPromises) {
  spread();
  ShardInfo after = story.info(ShardId(3));
  after.epoch = after.epoch.next();
  after.replicas = {kN2, kN4};
  story.commit_records({after});
  const auto plan_on_even_nodes = [&] {
    return make_plan(PlanCause::Command, 2, {2, 2, 2, 1, 1}, {1000, 1000, 1000, 1000, 1000});
  };
  boot(kN0, 1);
  story.tell(kN0, plan_on_even_nodes());
  EXPECT_EQ(found(36), nullptr) << texts(story.suite);
  boot(kN0, 0);
  story.tell(kN0, plan_on_even_nodes());
  EXPECT_NE(found(36), nullptr);
}

TEST_F(TwoVersions, APeriodIsACauseOnlyWhereTheVersionHasOne) {
  story.tell(kN0, make_plan(PlanCause::Command, 0));
  story.pass(seconds(2));
  story.tell(kN0, make_plan(PlanCause::Period, 1));
  EXPECT_EQ(found(9), nullptr) << texts(story.suite);
  boot(kN0, 1);
  story.pass(seconds(2));
  story.tell(kN0, make_plan(PlanCause::Period, 1));
  ASSERT_NE(found(9), nullptr);
  EXPECT_THAT(found(9)->message, HasSubstr("without a cause: it gives period"));
}

/// A copy moves from n1 to n4 for evenness and back, so often; `change` happens before each return.
void move_to_and_fro(Story& story, int times, const std::function<void(Story&)>& change = {}) {
  story.pass(minutes(10));
  NodeId here = kN1;
  NodeId there = kN4;
  for (int i = 0; i < 2 * times; ++i) {
    story.pass(minutes(1));
    if (change) change(story);
    story.renew_leases();
    const MigrationId id(static_cast<std::uint64_t>(i) + 1);
    story.begin_migration(here, there, id);
    story.enter(MigrationPhase::Copy);
    story.enter(MigrationPhase::Sync);
    story.switch_over();
    story.enter(MigrationPhase::Cleanup);
    story.end_migration();
    std::swap(here, there);
  }
}

TEST(Thrash, FindsACopyThatComesBackForTheThirdTimeThoughNothingHasChanged) {
  Story twice;
  move_to_and_fro(twice, 2);
  EXPECT_THAT(numbers(twice.suite), Not(Contains(36))) << texts(twice.suite);
  Story story;
  move_to_and_fro(story, 3);
  ASSERT_THAT(numbers(story.suite), Contains(36)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 36)->nodes, ElementsAre(kN1, kN4, kN0));
}

TEST(Thrash, WhatChangesMayBringACopyBack) {
  Story returned;
  move_to_and_fro(returned, 4, [](Story& story) { story.tell(kN0, fact::NodeTrusted{kN2}); });
  EXPECT_THAT(numbers(returned.suite), Not(Contains(36))) << texts(returned.suite);
  Story changed;
  move_to_and_fro(changed, 4,
                  [](Story& story) { story.commit_records({*story.table.find_node(kN2)}); });
  EXPECT_THAT(numbers(changed.suite), Not(Contains(36))) << texts(changed.suite);
}

TEST(Thrash, FindsALeadershipThatGoesToAndFro) {
  Story story;
  story.pass(minutes(10));
  for (int i = 0; i < 6; ++i) {
    EXPECT_THAT(numbers(story.suite), Not(Contains(36))) << texts(story.suite);
    story.pass(seconds(5));
    story.renew_leases();
    story.change([&](ShardInfo& shard) { shard.leader = i % 2 == 0 ? kN1 : kN0; });
  }
  EXPECT_THAT(numbers(story.suite), Contains(36)) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
