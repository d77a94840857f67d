// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted repairs that take from the last copy what was applied.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RepairTest : public ::testing::Test {
 protected:
  RepairTest() {
    before = story.last;
    entry = story.accept(kN0, "a");
    for (const NodeId node : story.info().replicas) story.durable(node);
    story.apply(kN0, entry);
  }
  void install_older(NodeId node) {
    story.tell(node, fact::CopyInstalled{kS0, story.info().epoch, before, 0, Bytes(0)});
  }

  Story story;
  Version before;
  EntryRef entry;
};

TEST_F(RepairTest, FindsALastCopyThatIsCutBack) {
  story.suite.on_disk_destroyed(story.at(kN1));
  story.tell(kN0, fact::TailTruncated{kS0, before.index});
  // Nobody was told of the write, so that it is no lost one.
  ASSERT_THAT(numbers(story.suite), ElementsAre(30)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("cut back s0 up to e1/i1"));
}

TEST_F(RepairTest, FindsALastCopyThatAnOlderOneReplaces) {
  story.suite.on_disk_destroyed(story.at(kN1));
  install_older(kN0);
  EXPECT_THAT(numbers(story.suite), Contains(30)) << texts(story.suite);
}

TEST_F(RepairTest, FindsALastCopyThatIsDropped) {
  story.suite.on_disk_destroyed(story.at(kN1));
  story.drop(kN0);
  EXPECT_THAT(numbers(story.suite), Contains(30)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 dropped s0: it had the last copy with everything up to "
                        "e1/i2, which was applied"));
}

TEST_F(RepairTest, WhatAnotherCopyHasMayBeReplaced) {
  story.suite.on_crash(story.at(kN1));
  install_older(kN0);
  EXPECT_THAT(numbers(story.suite), Not(Contains(30))) << texts(story.suite);
}

TEST_F(RepairTest, TheCopiesOfARetiredShardMayGo) {
  story.suite.on_disk_destroyed(story.at(kN1));
  story.change([](ShardInfo& shard) {
    shard.leader = NodeId::none();
    shard.replicas.clear();
    shard.status = ShardStatus::Retired;
  });
  story.drop(kN0);
  EXPECT_THAT(numbers(story.suite), Not(Contains(30))) << texts(story.suite);
}

TEST_F(RepairTest, ACopyThatLacksItAnywayTakesNothingAway) {
  story.suite.on_disk_destroyed(story.at(kN1));
  install_older(kN2);
  EXPECT_THAT(numbers(story.suite), Not(Contains(30))) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
