// SPDX-License-Identifier: Apache-2.0
#include "sim/check/log_growth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::HasSubstr;

/// The disk of n0, which holds s0.
class LogGrowthTest : public ::testing::Test {
 protected:
  LogGrowthTest() {
    story.pass(hours(1));
    const EntryRef entry = story.write("a");
    for (const NodeId node : {kN0, kN1}) view.stores[node.value()].apply(kS0, entry);
    write(Bytes(1000));
  }
  void write(Bytes used) {
    view.disks[0].used = used;
    story.suite.on_disk_usage(used, view.disks[0].capacity, story.at(kN0));
  }
  void settle() { story.suite.on_settled(view, story.at(NodeId::none())); }
  void tick() { story.suite.audit_everything(view, story.at(NodeId::none())); }
  bool is_found() const { return find(story.suite, 33) != nullptr; }

  Story story;
  FakeView view{story.table};
  const Bytes most = Bounds().compaction_min + Bounds().chunk_size;
};

TEST_F(LogGrowthTest, FindsALogThatIsNotCompacted) {
  write(most * 3);
  settle();
  ASSERT_TRUE(is_found());
  EXPECT_THAT(find(story.suite, 33)->message, HasSubstr("the files of n0 have grown to 3.93 MB"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("the files of n0 have grown to 3.93 MB, where its copies come "
                        "to 16.6 kB and no more than 2.75 MB are to be there: its "
                        "store does not compact its log"));
}

TEST_F(LogGrowthTest, GarbageIsLeftUntilThereIsEnoughOfIt) {
  write(most * 2);
  settle();
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

TEST_F(LogGrowthTest, FindsAStoreThatNeverComesToIt) {
  write(most * 3);
  tick();
  EXPECT_FALSE(is_found()) << texts(story.suite);
  write(most * 5);
  tick();
  EXPECT_TRUE(is_found());
}

TEST_F(LogGrowthTest, UnderFaultsItMayNotComeToIt) {
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  write(most * 5);
  tick();
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

TEST_F(LogGrowthTest, WithoutRoomForACheckpointNothingIsAsked) {
  view.disks[0].capacity = most * 3 + Bytes(1000);
  write(most * 3);
  settle();
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

TEST_F(LogGrowthTest, FindsACompactionOfNothing) {
  write(most / 2);
  write(Bytes(1000));
  ASSERT_TRUE(is_found());
  EXPECT_THAT(find(story.suite, 33)->message, HasSubstr("n0 compacts its files at"));
}

TEST_F(LogGrowthTest, ACompactionMayRemoveSeveralFiles) {
  write(most);
  write(most / 2);
  write(Bytes(1000));
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

TEST_F(LogGrowthTest, AFullDiskIsCompactedBeforeItsTime) {
  view.disks[0].capacity = most / 2 + Bytes(100);
  write(most / 2);
  write(Bytes(1000));
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

TEST_F(LogGrowthTest, WhatABootHasFoundIsLetBe) {
  story.boot(kN0);
  write(most * 3);
  settle();
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
