// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sim/check/audit_testing.hpp"

/// What stands still, spins, or is left when it should be over.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ProgressTest : public AuditTest {
 protected:
  void tick() { audit(); }
};

TEST_F(ProgressTest, FindsAMigrationThatStandsStill) {
  story.begin_migration(kN1, kN4);
  story.pass(seconds(30));
  tick();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.pass(minutes(5));
  tick();
  EXPECT_THAT(numbers(story.suite), ElementsAre(35)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN1, kN4));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("migration s0@e1 of s0 from n1 to n4 has stood still in "
                        "Prepare for 5 min 30 s (the bound is 84 s); its last change "
                        "is of r3, of which not everybody knows: n0 (r0), n1 (r0), n4 "
                        "(r0); nobody says that it waits for it"));
}

TEST_F(ProgressTest, FaultsStopTheClock) {
  story.begin_migration(kN1, kN4);
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  story.pass(minutes(5));
  tick();
  story.suite.on_faults_active(0, story.at(NodeId::none()));
  story.pass(seconds(30));
  tick();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.pass(minutes(5));
  tick();
  EXPECT_THAT(numbers(story.suite), ElementsAre(35));
}

TEST_F(ProgressTest, FindsAShardThatNobodyServes) {
  story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
  story.pass(minutes(5));
  tick();
  EXPECT_THAT(numbers(story.suite), ElementsAre(35)) << texts(story.suite);
  EXPECT_EQ(story.suite.violations()[0].shard, kS0);
}

TEST_F(ProgressTest, AFormerLeaderThatServesForAMomentTakesTheShardFromNobody) {
  story.change([](ShardInfo& shard) { shard.leader = kN1; });
  story.lead(kN1);
  story.tell(kN0, fact::LeadershipTaken{kS0, Epoch(1), story.last});
  story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
  story.pass(minutes(5));
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(ProgressTest, GivesANewShardItsTimeToBeServed) {
  // The view has no copy of it, which is another finding.
  story.pass(minutes(5));
  CollectionConfig later = story.collection;
  later.id = CollectionId(1);
  later.name = "carts";
  later.first_shard = ShardId(1);
  ShardInfo shard = story.info();
  shard.id = ShardId(1);
  shard.collection = later.id;
  shard.epoch = Epoch(1);
  story.commit_records({later, shard});
  story.tell(kN0, fact::CopyCreated{shard.id, shard.epoch});
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
  story.pass(minutes(5));
  tick();
  EXPECT_THAT(numbers(story.suite), Contains(35)) << texts(story.suite);
}

TEST_F(ProgressTest, FindsAMigrationThatIsTriedForEver) {
  story.pass(minutes(10));
  for (std::uint32_t i = 0; i < 32; ++i) {
    EXPECT_THAT(numbers(story.suite), IsEmpty());
    story.begin_migration(kN1, kN4, MigrationId(100 + i));
    story.change([](ShardInfo& shard) {
      shard.migration.reset();
      shard.learners.clear();
      shard.status = ShardStatus::Active;
    });
  }
  EXPECT_THAT(numbers(story.suite), ElementsAre(35));
}

TEST_F(ProgressTest, NamesWhatKeepsTheWorldFromRest) {
  story.begin_migration(kN1, kN4);
  view->tables.assign(5, story.table);
  view->truth = story.table;
  view->awaited[2] = {{kS0, kN2, true, "ShardReport Prepared", "n4", Instant(seconds(3))}};
  std::vector<PendingItem> unfinished = unfinished_changes(*view);
  add_waits(*view, unfinished);
  story.suite.on_unsettled(*view, unfinished, minutes(1), story.at(NodeId::none()));
  ASSERT_THAT(numbers(story.suite), ElementsAre(35)) << texts(story.suite);
  const ViolationRecord& violation = story.suite.violations()[0];
  EXPECT_EQ(violation.shard, kS0);
  EXPECT_THAT(violation.nodes, ElementsAre(kN4));
  EXPECT_THAT(violation.message, HasSubstr("within 60 s after"));
  EXPECT_THAT(violation.message,
              HasSubstr("the migration of s0 from n1 to n4 is in Prepare; coordinator n2 awaits "
                        "ShardReport Prepared of n4 since 3.000000000s"));
}

TEST_F(ProgressTest, FindsSomebodyWhoSpinsWhileNothingIsLeftToDo) {
  story.suite.on_rested(seconds(2), 900, 900, "Heartbeat (40 times)", story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.suite.on_rested(seconds(2), 5000, 900, "FenceRequest (2,100 times)",
                        story.at(NodeId::none()));
  ASSERT_THAT(numbers(story.suite), ElementsAre(35)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].message,
              HasSubstr("5,000 events were delivered, where a world at rest has at most 900: "
                        "somebody spins; sent most often: FenceRequest (2,100 times)"));
}

TEST_F(ProgressTest, NamesNoMoreThanSomebodyWillRead) {
  const std::vector<PendingItem> unfinished(20, {kS0, NodeId::none(), "", "something", {}});
  story.suite.on_unsettled(*view, unfinished, minutes(1), story.at(NodeId::none()));
  ASSERT_THAT(numbers(story.suite), ElementsAre(35)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("something | and 12 more"));
}

}  // namespace
}  // namespace shardproof::sim::check
