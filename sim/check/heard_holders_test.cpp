// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted decisions without those who know (invariant 7).
namespace shardproof::sim::check {
namespace {

/// n0 leads s0, n1 follows, n2 is the coordinator.
class HeardHolders : public ::testing::Test {
 protected:
  HeardHolders() {
    story.commit_records({CoordinatorRecord{kN2, Term(2)}}, kN2, Term(2));
    story.tell(kN2, fact::OfficeTaken{Term(2)});
  }
  void decide(const char* intent, NodeList replicas, NodeId leader) {
    story.tell(kN2, fact::ChangeProposed{kS0, story.info().epoch.next(), Term(2), intent});
    story.change(
        [&](ShardInfo& info) {
          info.fencing = info.leader == leader ? NodeId::none() : info.leader;
          info.leader = leader;
          info.replicas = replicas;
        },
        kN2, Term(2));
  }
  bool is_found(const std::string& text) {
    const ViolationRecord* found = find(story.suite, 7);
    return found != nullptr && found->message.find(text) != std::string::npos;
  }

  Story story;
};

TEST_F(HeardHolders, FindsAFailoverThatDoesNotWaitForACopy) {
  story.tell(kN2, fact::NodeSuspected{kN0});
  decide("failover", NodeList{kN0, kN1}, kN1);
  EXPECT_TRUE(
      is_found("n2 commits s0 at e2 (\"failover\", led by n1), and under T2 it has neither "
               "heard n1, which has a copy in sync, nor taken it for dead"))
      << texts(story.suite);
}

TEST_F(HeardHolders, WhoHasHeardOrGivenUpAllMayDecide) {
  story.tell(kN2, fact::NodeSuspected{kN0});
  story.tell(kN2, fact::NodeTrusted{kN1});
  decide("failover", NodeList{kN0, kN1}, kN1);
  EXPECT_EQ(find(story.suite, 7), nullptr) << texts(story.suite);
}

TEST_F(HeardHolders, FindsAChangeOfTheSetWithoutTheLeader) {
  story.tell(kN2, fact::NodeTrusted{kN1});
  decide("shrink", NodeList{kN0}, kN0);
  EXPECT_TRUE(is_found("heard n0, which led it, nor taken it for dead")) << texts(story.suite);
}

TEST_F(HeardHolders, WhatAnEarlierTermHasHeardCountsNoMore) {
  story.tell(kN2, fact::NodeTrusted{kN0});
  story.tell(kN2, fact::OfficeTaken{Term(3)});
  decide("shrink", NodeList{kN0}, kN0);
  EXPECT_NE(find(story.suite, 7), nullptr);
}

}  // namespace
}  // namespace shardproof::sim::check
