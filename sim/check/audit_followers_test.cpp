// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sim/check/audit_testing.hpp"

/// What leaders believe of other copies, and what those know at the end.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FollowersTest : public AuditTest {
 protected:
  /// n0, which leads, believes that of n1.
  void believe(Version matched) { view->sights[kN0] = LeaderSight{LogIndex(), {{kN1, matched}}}; }
  void settle() { story.suite.on_settled(*view, story.at(NodeId::none())); }
};

TEST_F(FollowersTest, WhatIsOnTheDiskMayBeBelieved) {
  believe(c->version);
  audit();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(FollowersTest, FindsALeaderThatBelievesTooMuch) {
  const EntryRef next = story.accept(kN0, "d");
  story.durable(kN0);
  believe(next->version);
  audit();
  ASSERT_THAT(numbers(story.suite), ElementsAre(26)) << texts(story.suite);
  const ViolationRecord& found = story.suite.violations()[0];
  EXPECT_THAT(found.nodes, ElementsAre(kN1));
  EXPECT_THAT(found.message, HasSubstr("takes it for durable at n1 up to e1/i6, and e1/i5"));
}

TEST_F(FollowersTest, SaysWhetherTheCopyHasSaidSo) {
  const EntryRef next = story.accept(kN0, "d");
  story.durable(kN0);
  story.suite.on_durability_told(kS0, Epoch(1), c->version, story.at(kN1));
  believe(next->version);
  audit();
  EXPECT_THAT(texts(story.suite),
              HasSubstr(fmt::format("; n1 has said it of no more than e1/i5, at {}, event {}\n",
                                    story.now, story.event - 1)));
}

TEST_F(FollowersTest, SaysWhenTheWordWasFalse) {
  const EntryRef next = story.accept(kN0, "d");
  story.durable(kN0);
  story.suite.on_durability_told(kS0, Epoch(1), next->version, story.at(kN1));
  believe(next->version);
  audit();
  ASSERT_THAT(numbers(story.suite), ElementsAre(26, 26)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[1].message,
              HasSubstr(fmt::format("e1/i5 is there; n1 said so at {}, event {}", story.now,
                                    story.event - 1)));
}

TEST_F(FollowersTest, OfADiskThatIsGoneItMayNotHaveHeardYet) {
  story.suite.on_disk_destroyed(story.at(kN1));
  view->up[kN1.value()] = false;
  believe(c->version);
  audit();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

/// n1 has d on its disk, which n0 has applied.
class TailTest : public FollowersTest {
 protected:
  TailTest() {
    d = story.accept(kN0, "d");
    for (const NodeId node : {kN0, kN1}) story.durable(node);
    story.apply(kN0, d);
    story.acknowledge(kN0, d);
    store(kN0).apply(kS0, d);
    store(kN1).held[kS0].tail.push_back(d);
  }

  EntryRef d;
};

TEST_F(TailTest, FindsAFollowerThatNobodyToldOfTheCommitment) {
  settle();
  ASSERT_THAT(numbers(story.suite), ElementsAre(29)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].message,
              HasSubstr("n1 has 1 entries of s0 behind e1/i5 that it does not know to be "
                        "committed, the last one e1/i6"));
}

TEST_F(TailTest, WhoHasFoundThemOnItsDiskIsToldWithTheNextWrite) {
  story.suite.on_crash(story.at(kN1));
  story.suite.on_boot(story.at(kN1));
  story.tell(kN1, fact::CopyRecovered{kS0, c->version, d->version, store(kN1).summary(kS0).digest});
  story.suite.on_booted(story.at(kN1));
  settle();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
