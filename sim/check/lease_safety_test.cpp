// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what takeovers count on (invariant 5).
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// n0 is coordinator; n2 has taken a lease of a minute.
class Leases : public ::testing::Test {
 protected:
  Leases() {
    // Those that the story begins with are over.
    story.pass(hours(2));
    take(minutes(1));
  }
  void take(Nanoseconds duration) {
    story.tell(kN2, fact::LeaseTaken{story.now, duration, Term(1)});
  }
  const ViolationRecord* found() { return find(story.suite, 5); }

  Story story;
};

TEST_F(Leases, FindsANodeTakenForDeadThatMayAct) {
  story.pass(seconds(50));
  story.tell(kN0, fact::NodeSuspected{kN2});
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(
      found()->message,
      HasSubstr("n0, coordinator under T1, takes n2 for dead, which is up and has a lease for "
                "another 10.0 s"));
  EXPECT_THAT(found()->nodes, ElementsAre(kN0, kN2));
}

TEST_F(Leases, WhoHasNoneMayCountAsDead) {
  story.pass(minutes(1));
  story.tell(kN0, fact::NodeSuspected{kN2});
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(Leases, ACrashEndsThem) {
  story.suite.on_crash(story.at(kN2));
  story.tell(kN0, fact::NodeSuspected{kN2});
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(Leases, WhatIsBelievedOutOfOfficeHasNoEffect) {
  story.tell(kN1, fact::NodeSuspected{kN2});
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(Leases, FindsOneThatWasAskedForWhenTheOfficeHadBeenGivenAway) {
  story.tell(kN2, fact::TableAdopted{story.table.revision(), story.table.digest()});
  story.commit_records({CoordinatorRecord{kN1, Term(2)}}, kN1, Term(2));
  story.pass(seconds(10));
  take(minutes(1));
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(found()->message,
              HasSubstr("n2 has a lease under T1 for another 60.0 s for which it asked 10 s after "
                        "the office had been given away, under T2"));
}

TEST_F(Leases, FindsOneOfWhomIsKnownToHaveNoOffice) {
  const Instant asked_at = story.now;
  story.commit_records({CoordinatorRecord{kN1, Term(2)}}, kN1, Term(2));
  story.tell(kN2, fact::TableAdopted{story.table.revision(), story.table.digest()});
  story.tell(kN2, fact::LeaseTaken{asked_at, minutes(1), Term(1)});
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(found()->message, HasSubstr("by which the office has been given away, under T2"));
}

TEST_F(Leases, WhatWasAskedForBeforeTheOfficeWasGivenAwayMayCome) {
  const Instant asked_at = story.now;
  story.tell(kN2, fact::TableAdopted{story.table.revision(), story.table.digest()});
  story.commit_records({CoordinatorRecord{kN1, Term(2)}}, kN1, Term(2));
  story.tell(kN2, fact::LeaseTaken{asked_at, minutes(1), Term(1)});
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

TEST_F(Leases, FindsOneThatIsLongerThanTheNextCoordinatorWaits) {
  ClusterSettings settings = story.table.settings();
  settings.lease_bound = seconds(61);
  story.commit_records({settings});
  take(seconds(60));
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
  take(seconds(62));
  ASSERT_NE(found(), nullptr);
  EXPECT_THAT(found()->message,
              HasSubstr("n2 has a lease of 62 s under T1, and whoever takes the office "
                        "next waits for 61 s only"));
}

TEST_F(Leases, OneThatIsOverWhenItIsHeardOfIsNone) {
  ClusterSettings settings = story.table.settings();
  settings.lease_bound = seconds(61);
  story.commit_records({settings});
  story.tell(kN2, fact::LeaseTaken{story.now - minutes(5), minutes(4), Term(1)});
  EXPECT_EQ(found(), nullptr) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
