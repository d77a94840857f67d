// SPDX-License-Identifier: Apache-2.0
//
// What invariant 35 asks of those that are to go on while others are broken for good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/recoverability.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// s0 on n0, which leads, and n1; long after the last fault.
class CoreProgressTest : public ::testing::Test {
 protected:
  CoreProgressTest() {
    const EntryRef entry = story.write("a");
    for (const NodeId node : {kN0, kN1}) view.stores[node.value()].apply(kS0, entry);
  }
  void break_for_good(std::vector<NodeId> nodes) {
    story.suite.on_broken_for_good(std::move(nodes));
    story.pass(minutes(10));
  }
  void tick() {
    view.truth = story.table;
    story.suite.audit_everything(view, story.at(NodeId::none()));
  }

  Story story;
  FakeView view{story.table};
};

TEST_F(CoreProgressTest, AShardThatIsLedFromOutsideMustGetALeader) {
  break_for_good({kN0});
  tick();
  ASSERT_THAT(numbers(story.suite), Contains(35)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("although n1 is up and in sync"));
}

TEST_F(CoreProgressTest, OfAShardWithoutACopyInTheCoreNothingIsAsked) {
  break_for_good({kN0, kN1});
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(CoreProgressTest, AMigrationFromOutsideMayNotStandStill) {
  story.begin_migration(kN1, kN4);
  break_for_good({kN4});
  tick();
  ASSERT_THAT(numbers(story.suite), Contains(35)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("has stood still in Prepare"));
}

TEST_F(CoreProgressTest, APieceOfACopyMayBeAsLongOnItsWayAsItsBandwidthMakesIt) {
  story.begin_migration(kN1, kN4);
  story.change([](ShardInfo& shard) { shard.migration->bandwidth = Bandwidth(1); });
  story.enter(MigrationPhase::Copy);
  break_for_good({kN3});
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
  // A chunk at a byte a second.
  story.pass(seconds(2 * 256 * 1024));
  tick();
  ASSERT_THAT(numbers(story.suite), Contains(35)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("has stood still in Copy"));
}

TEST_F(CoreProgressTest, WhileAFaultLastsNobodyNeedsToGoOn) {
  break_for_good({kN0});
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(CoreProgressTest, ALeaderThatIsUpAndDoesNotServeServesNobody) {
  view.truth = story.table;
  EXPECT_TRUE(is_served(view, story.info()));
  view.is_idle = true;
  EXPECT_FALSE(is_served(view, story.info()));
  view.tables.assign(5, story.table);
  story.suite.on_settled(view, story.at(NodeId::none()));
  ASSERT_THAT(numbers(story.suite), Contains(35)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("settled, and nobody serves s0"));
}

}  // namespace
}  // namespace shardproof::sim::check
