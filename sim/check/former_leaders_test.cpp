// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what successors count on (invariant 5).
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// n0 is coordinator. n1 leads s0 since all have heard of the table; all have leases for a minute.
class FormerLeaders : public ::testing::Test {
 protected:
  FormerLeaders() {
    story.pass(hours(2));
    adopt();
    lead(kN1, kN0);
    adopt();
    lead(kN1, NodeId::none());
    story.renew_leases(minutes(1));
  }
  void adopt(NodeId node) {
    story.tell(node, fact::TableAdopted{story.table.revision(), story.table.digest()});
  }
  void adopt() {
    for (std::uint32_t i = 0; i < 5; ++i) adopt(NodeId(i));
  }
  void lead(NodeId leader, NodeId fencing) {
    story.change([&](ShardInfo& info) {
      info.replicas = NodeList{kN0, kN1, kN2, kN3};
      info.leader = leader;
      info.fencing = fencing;
    });
  }
  void crash(NodeId node) { story.suite.on_crash(story.at(node)); }
  void take_lease(NodeId node) {
    story.tell(node, fact::LeaseTaken{story.now, minutes(1), Term(1)});
  }
  const ViolationRecord* found() { return find(story.suite, 5); }

  Story story;
};

TEST_F(FormerLeaders, FindsOneThatNobodyFences) {
  lead(kN2, NodeId::none());
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(found()->nodes, ElementsAre(kN1, kN0));
  EXPECT_THAT(found()->message,
              HasSubstr("n0 commits s0 at e4 led by n2, and nobody is to fence n1, which is up and "
                        "has a lease for another 60.0 s: it led the shard from r3 to r5 and has "
                        "the table of r3"));
}

TEST_F(FormerLeaders, FindsThatASuccessorsSuccessorForgetsWhoIsToBeFenced) {
  lead(kN2, kN1);
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
  crash(kN2);
  lead(kN3, NodeId::none());
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(found()->message, HasSubstr("led by n3, and nobody is to fence n1"));
}

TEST_F(FormerLeaders, WhoKnowsOrIsGoneOrHasNoLeaseNeedsNoFence) {
  lead(kN2, kN1);
  adopt(kN1);
  lead(kN2, NodeId::none());
  crash(kN2);
  lead(kN1, NodeId::none());
  story.pass(minutes(2));
  lead(kN3, NodeId::none());
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(FormerLeaders, WhoFindsOnlyWhenItBootsThatItLeadsNeedsNoFence) {
  story.boot(kN1);
  adopt(kN1);
  take_lease(kN1);
  lead(kN2, NodeId::none());
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(FormerLeaders, FindsASuccessorThatDoesNotWait) {
  story.tell(kN1, fact::LeadershipTaken{kS0, story.info().epoch, story.last});
  lead(kN2, kN1);
  story.tell(kN2, fact::LeadershipTaken{kS0, story.info().epoch, story.last});
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(found()->message,
              HasSubstr("n2 serves s0 from now on at e4, and n1, which it has to fence, has not "
                        "stopped at e3 and has a lease for another "));
}

TEST_F(FormerLeaders, ASuccessorMayServeWhenItHasStopped) {
  story.tell(kN1, fact::LeadershipTaken{kS0, story.info().epoch, story.last});
  lead(kN2, kN1);
  story.tell(kN1, fact::LeadershipLeft{kS0, Epoch(3)});
  story.tell(kN2, fact::LeadershipTaken{kS0, story.info().epoch, story.last});
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(FormerLeaders, FindsALeaseForOneThatDoesNotKnow) {
  story.pass(minutes(2));
  lead(kN2, NodeId::none());
  ASSERT_EQ(found(), nullptr) << texts(story.suite);
  story.pass(seconds(1));
  take_lease(kN1);
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(
      found()->message,
      HasSubstr("n1 takes a lease for another 60.0 s under T1 before it knows that n2 leads "
                "s0 now, and nobody is to fence it: it led the shard from r3 to r5 and has "
                "the table of r3"));
}

TEST_F(FormerLeaders, WhoKnowsOrHasBootedMayHaveALease) {
  story.pass(minutes(2));
  lead(kN2, NodeId::none());
  story.pass(seconds(1));
  adopt(kN1);
  take_lease(kN1);
  lead(kN3, NodeId::none());
  crash(kN2);
  story.boot(kN2);
  take_lease(kN2);
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
