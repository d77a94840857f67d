// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// n0 is coordinator and takes all for alive, for long.
class DetectorTest : public ::testing::Test {
 protected:
  DetectorTest() {
    story.tell(kN0, fact::OfficeTaken{Term(1)});
    for (std::uint32_t i = 0; i < 5; ++i) story.tell(kN0, fact::NodeTrusted{NodeId(i)});
    wait();
  }

  void wait() { story.pass(minutes(10)); }
  void tick() {
    const FakeView view(story.table);
    story.suite.audit_everything(view, story.at(NodeId::none()));
  }

  Story story;
};

TEST_F(DetectorTest, FindsANodeTakenForDeadThatIsUp) {
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  story.tell(kN0, fact::NodeSuspected{kN3});
  ASSERT_THAT(numbers(story.suite), Contains(34)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 34)->nodes, ElementsAre(kN0, kN3));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0, coordinator under T1 (in the table: n0 under T1), takes "
                        "n3 for dead, which has been up for 10 min without a fault "
                        "(the bound is 24 s); its last heartbeat that was answered is "
                        "10 min old"));
}

TEST_F(DetectorTest, WhoIsExpelledByForceIsDeadUntilItIsHeardAgain) {
  story.tell(kN0, fact::NodeExpelled{kN3});
  story.tell(kN0, fact::NodeSuspected{kN3});
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  story.tell(kN0, fact::NodeTrusted{kN3});
  story.tell(kN0, fact::NodeSuspected{kN3});
  EXPECT_THAT(numbers(story.suite), Contains(34)) << texts(story.suite);
}

TEST_F(DetectorTest, FindsANodeThatIsBackAndStaysDead) {
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  story.suite.on_crash(story.at(kN3));
  story.tell(kN0, fact::NodeSuspected{kN3});
  story.boot(kN3);
  story.suite.on_faults_active(0, story.at(NodeId::none()));
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  wait();
  tick();
  ASSERT_THAT(numbers(story.suite), Contains(34)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 34)->message, HasSubstr("does not take n3 for alive"));
}

TEST_F(DetectorTest, UnderFaultsNobodyCanKnow) {
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  story.tell(kN0, fact::NodeSuspected{kN3});
  wait();
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
}

TEST_F(DetectorTest, WhatHoldsSomethingUpExcusesForAWhileOnly) {
  story.suite.on_held_up(story.now);
  story.tell(kN0, fact::NodeSuspected{kN3});
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  wait();
  tick();
  EXPECT_THAT(numbers(story.suite), Contains(34)) << texts(story.suite);
}

TEST_F(DetectorTest, WhatIsHeldUpUntilLaterIsExcusedUntilThen) {
  story.suite.on_held_up(story.now + hours(1));
  story.tell(kN0, fact::NodeSuspected{kN3});
  wait();
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  story.pass(hours(1));
  tick();
  EXPECT_THAT(numbers(story.suite), Contains(34)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0, coordinator under T1 (in the table: n0 under T1), does "
                        "not take n3 for alive, which has been up for 10 min without a "
                        "fault (the bound is 24 s); its last heartbeat that was "
                        "answered is 1 h 20 min old"));
}

/// n3 was heard `silence` ago by n0, which takes it for dead now. What is found then, and after a
/// while.
std::pair<bool, bool> suspect_after(Nanoseconds silence, bool network_loses) {
  StoryOptions options;
  options.config.network_loses = network_loses;
  Story story(options);
  story.tell(kN0, fact::OfficeTaken{Term(1)});
  for (std::uint32_t i = 0; i < 5; ++i) story.tell(kN0, fact::NodeTrusted{NodeId(i)});
  story.pass(minutes(10));
  story.tell(kN3, fact::LeaseTaken{story.now, seconds(1), Term(1)});
  story.pass(silence);
  story.tell(kN0, fact::NodeSuspected{kN3});
  const bool at_once = find(story.suite, 34) != nullptr;
  story.pass(minutes(10));
  const FakeView view(story.table);
  story.suite.audit_everything(view, story.at(NodeId::none()));
  return {at_once, find(story.suite, 34) != nullptr};
}

TEST(DetectorSanity, HeartbeatsThatGetLostOneAfterTheOtherExcuseForAWhileOnly) {
  const Nanoseconds lease = Timing{}.node_lease;
  EXPECT_EQ(suspect_after(lease * 2, true), std::pair(false, true));
  EXPECT_EQ(suspect_after(lease * 2, false), std::pair(true, true));
  EXPECT_EQ(suspect_after(lease / 2, true), std::pair(true, true)) << "it had been heard";
  EXPECT_EQ(suspect_after(minutes(5), true), std::pair(true, true)) << "so many never get lost";
}

TEST_F(DetectorTest, NobodyIsToKnowThoseThatAreBrokenForGood) {
  story.suite.on_broken_for_good({kN3});
  story.tell(kN0, fact::NodeSuspected{kN3});
  wait();
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  story.tell(kN0, fact::NodeSuspected{kN2});
  EXPECT_THAT(numbers(story.suite), Contains(34)) << "n2 is of the core";
}

TEST_F(DetectorTest, ACoordinatorThatIsBrokenForGoodIsNotAsked) {
  story.suite.on_broken_for_good({kN0});
  story.tell(kN0, fact::NodeSuspected{kN2});
  wait();
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
}

TEST_F(DetectorTest, ASuccessorHasABoundToHearEverybody) {
  story.tell(kN1, fact::OfficeTaken{Term(2)});
  tick();
  EXPECT_THAT(numbers(story.suite), Not(Contains(34))) << texts(story.suite);
  wait();
  tick();
  EXPECT_THAT(numbers(story.suite), Contains(34)) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
