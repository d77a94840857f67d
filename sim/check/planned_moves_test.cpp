// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/open_windows.hpp"
#include "sim/check/story_testing.hpp"

/// Planted violations of what becomes of plans: that what is planned begins, in its windows, for
/// what there is, and that leaders are even in the end (invariants 13 and 25).
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

distribution::MoveWindow across_midnight() { return {true, hours(23), hours(1)}; }

TEST(OpenWindows, AreWorkedOutDayByDay) {
  distribution::MoveLimits limits;
  limits.time_of_day_at_start = hours(22);
  const auto open_at = [&](Nanoseconds since_start) {
    return open_since(limits, Instant() + since_start);
  };
  EXPECT_TRUE(open_at(Nanoseconds(0)).has_value()) << "without windows always";
  limits.windows = {across_midnight()};
  EXPECT_FALSE(open_at(hours(1) - Nanoseconds(1)));
  EXPECT_EQ(open_at(hours(1)), Instant() + hours(1));
  EXPECT_EQ(open_at(hours(3) - Nanoseconds(1)), Instant() + hours(1));
  EXPECT_FALSE(open_at(hours(3)));
  EXPECT_EQ(open_at(hours(26)), Instant() + hours(25)) << "the next day";
  EXPECT_EQ(open_at(Nanoseconds(0) - hours(22)), Instant() - hours(23)) << "the day before";
  limits.windows = {{false, hours(1), hours(2)}, {false, minutes(90), hours(3)}};
  EXPECT_EQ(open_at(minutes(100)), Instant() + hours(1));
  EXPECT_EQ(open_at(minutes(130)), Instant() + minutes(90));
  EXPECT_FALSE(open_at(hours(25))) << "it comes once";
}

/// Four shards, each led by n0 and at n1 too; five nodes in one zone; n0 is coordinator.
class PlannedMoves : public ::testing::Test {
 protected:
  explicit PlannedMoves(std::vector<distribution::MoveWindow> windows = {},
                        std::uint32_t count_gap = 4)
      : story(options(std::move(windows), count_gap)) {
    story.join_one_zone();
    story.tell(kN0, fact::OfficeTaken{Term(1)});
    for (std::uint32_t i = 0; i < 4; ++i) {
      const ShardInfo& shard = story.info(ShardId(i));
      story.tell(kN0, fact::LeadershipTaken{shard.id, shard.epoch, Version()});
    }
    story.pass(minutes(10));
    story.renew_leases();
  }
  static StoryOptions options(std::vector<distribution::MoveWindow> windows,
                              std::uint32_t count_gap) {
    StoryOptions chosen;
    chosen.num_shards = 4;
    VersionTraits& version = chosen.config.versions.front();
    version.balance_bound = distribution::BalanceBound{count_gap, Ratio(5, 100), 1};
    version.limits.windows = std::move(windows);
    return chosen;
  }
  /// A plan by what the table says, for nodes with so many bytes.
  fact::PlanMade plan(std::uint64_t moves, std::uint64_t transfers,
                      std::vector<std::uint64_t> bytes = {0, 0, 0, 0, 0}) const {
    auto basis = std::make_shared<fact::PlanBasis>();
    for (std::size_t i = 0; i < 5; ++i) {
      basis->holdings.nodes.push_back({true, copies[i], bytes[i]});
      basis->weights.push_back(1);
    }
    basis->shards = basis->holdings.free_shards = 4;
    const auto cause = fact::PlanCause::Command;
    return {Term(1), story.table.revision(), cause, true, moves, 0, transfers, basis};
  }
  void take(const std::string& obstacle = {}, Term term = Term(1)) {
    story.tell(kN0, fact::PlannedMoveTaken{term, kS0, true, true, obstacle});
  }
  const ViolationRecord* settle() {
    story.pass(minutes(1));
    const FakeView view(story.table);
    story.suite.on_settled(view, story.at(NodeId::none()));
    return find(story.suite, 13);
  }
  void begin_migration() {
    story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch, Term(1), "Prepare"});
    story.begin_migration(kN1, kN3);
  }

  Story story;
  /// By node, as the table has them.
  std::vector<std::uint64_t> copies{4, 4, 0, 0, 0};
};

TEST_F(PlannedMoves, FindsWhatIsPlannedAndNeverBegins) {
  story.tell(kN0, plan(2, 0));
  take();
  const ViolationRecord* found = settle();
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, HasSubstr("of what n0 has planned for evenness under T1, 60.0 s ago, "
                                        "1 moves or hand-overs have not begun"));
  EXPECT_THAT(found->message, HasSubstr("although they may at any time"));
}

TEST_F(PlannedMoves, WhatHasBegunOrWasGivenUpWaitsForNothing) {
  story.tell(kN0, plan(2, 0));
  take();
  take("target n3 is not alive");
  EXPECT_EQ(settle(), nullptr) << texts(story.suite);
}

TEST_F(PlannedMoves, ADrainThatIsTriedAgainLeavesWhatWaits) {
  story.tell(kN0, plan(2, 0));
  fact::PlanMade again = plan(0, 0);
  again.cause = fact::PlanCause::Drain;
  again.for_evenness = false;
  story.tell(kN0, std::move(again));
  EXPECT_NE(settle(), nullptr);
}

TEST_F(PlannedMoves, FindsAHandOverThatNeverBegins) {
  story.tell(kN0, plan(0, 1));
  EXPECT_NE(settle(), nullptr);
}

TEST_F(PlannedMoves, WhoDidNotKnowThatBalancingIsOffDropsThePlan) {
  fact::PlanMade early = plan(2, 0);
  ClusterSettings settings;
  settings.balancing_enabled = false;
  story.commit_records({settings});
  story.tell(kN0, std::move(early));
  settings.balancing_enabled = true;
  story.commit_records({settings});
  EXPECT_EQ(settle(), nullptr) << texts(story.suite);
}

TEST_F(PlannedMoves, WhatWasPlannedInAnotherOfficeWaitsForNothing) {
  story.tell(kN0, plan(2, 0));
  story.tell(kN0, fact::OfficeTaken{Term(2)});
  EXPECT_EQ(settle(), nullptr) << texts(story.suite);
}

TEST_F(PlannedMoves, NothingBeginsWhileBalancingIsOff) {
  story.tell(kN0, plan(2, 0));
  ClusterSettings settings;
  settings.balancing_enabled = false;
  story.commit_records({settings});
  EXPECT_EQ(settle(), nullptr) << texts(story.suite);
}

TEST_F(PlannedMoves, FindsLeadersThatStayUneven) {
  story.tell(kN0, plan(0, 2));
  EXPECT_EQ(find(story.suite, 13), nullptr) << "they are to become even";
  story.tell(kN0, plan(0, 0));
  const ViolationRecord* found = find(story.suite, 13);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, HasSubstr("although n0 leads 4 shards and n1, which could lead s0, "
                                        "only 0"));
  EXPECT_THAT(found->nodes, ElementsAre(kN0, kN0, kN1));
}

/// The same with a gap of 2 between n0 and n1, which have four copies each, and the others.
class UnevenCopies : public PlannedMoves {
 protected:
  UnevenCopies() : PlannedMoves({}, 2) {}
  void assign_zones(std::vector<std::uint16_t> zones) {
    std::vector<Record> records;
    for (std::uint32_t i = 0; i < 5; ++i) {
      NodeRecord node;
      node.id = NodeId(i);
      node.domain.zone = zones[i];
      records.emplace_back(node);
    }
    story.commit_records(std::move(records));
  }
  const ViolationRecord* rest() {
    story.tell(kN0, plan(0, 1));
    return find(story.suite, 13);
  }
};

TEST_F(UnevenCopies, AreFoundInOneZone) {
  const ViolationRecord* found = rest();
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, HasSubstr("although n0 has 4 copies, n2 only 0, and nothing stands "
                                        "in the way of that of s0"));
  EXPECT_THAT(found->nodes, ElementsAre(kN0, kN0, kN2));
}

TEST_F(UnevenCopies, AreFoundWhereTheOtherCopiesZoneIsFreeOfThem) {
  assign_zones({0, 1, 1, 1, 0});
  const ViolationRecord* found = rest();
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->nodes, ElementsAre(kN0, kN0, kN4)) << "n2 and n3 are in n1's zone";
}

TEST_F(UnevenCopies, StayWhereEveryMoveWouldBringTwoIntoOneZone) {
  assign_zones({0, 1, 1, 1, 1});
  std::vector<Record> records;
  for (std::uint32_t i = 0; i < 4; ++i) {
    ShardInfo shard = story.info(ShardId(i));
    shard.epoch = shard.epoch.next();
    shard.replicas = {kN0, NodeId(i + 1)};
    records.emplace_back(shard);
  }
  story.commit_records(std::move(records));
  copies = {4, 1, 1, 1, 1};
  EXPECT_EQ(rest(), nullptr) << texts(story.suite);
}

TEST_F(PlannedMoves, FindsAPlanForBytesThatAreNotThere) {
  story.tell(kN0, plan(1, 2, {0, 0, 0, 0, 0}));
  EXPECT_EQ(find(story.suite, 13), nullptr) << texts(story.suite);
  story.tell(kN0, plan(1, 2, {0, 70, 0, 0, 0}));
  const ViolationRecord* found = find(story.suite, 13);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message,
              HasSubstr("n0 plans (command) for 70 B at n1, whose copies have 0 B"));
}

TEST_F(PlannedMoves, WhatWasWrittenLatelyNeedNotBeKnown) {
  story.apply(kN0, story.accept(kN0, "a"));
  story.tell(kN0, plan(1, 2, {0, 70, 0, 0, 0}));
  EXPECT_EQ(find(story.suite, 13), nullptr) << texts(story.suite);
}

class PlannedInWindows : public PlannedMoves {
 protected:
  PlannedInWindows() : PlannedMoves({{false, minutes(5), minutes(20)}}) {}
};

TEST_F(PlannedInWindows, FindsAWindowInWhichNothingBegins) {
  story.tell(kN0, plan(2, 0));
  const ViolationRecord* found = settle();
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, HasSubstr("a window for them has been open for 6"));
}

TEST_F(PlannedInWindows, NothingBeginsBehindTheWindow) {
  story.tell(kN0, plan(2, 0));
  story.pass(minutes(15));
  EXPECT_EQ(settle(), nullptr) << texts(story.suite);
}

TEST_F(PlannedInWindows, WhatBeginsInsideIsNoFinding) {
  begin_migration();
  EXPECT_EQ(find(story.suite, 25), nullptr) << texts(story.suite);
}

TEST_F(PlannedInWindows, FindsWhatBeginsBehindThem) {
  story.pass(minutes(15));
  begin_migration();
  const ViolationRecord* found = find(story.suite, 25);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, HasSubstr("outside the windows in which such may begin"));
}

TEST_F(PlannedInWindows, FindsAHandOverBehindThem) {
  const fact::PlannedMoveTaken hand_over{Term(1), kS0, false, true, {}};
  story.tell(kN0, hand_over);
  EXPECT_EQ(find(story.suite, 25), nullptr) << texts(story.suite);
  story.pass(minutes(15));
  story.tell(kN0, hand_over);
  EXPECT_NE(find(story.suite, 25), nullptr);
}

/// n0 leads s0, and n1 and n3, which is in n0's zone, have copies: one more than is wanted.
class Surplus : public ::testing::Test {
 protected:
  Surplus() {
    story.change([&](ShardInfo& shard) { shard.replicas = {kN0, kN1, kN3}; });
    propose();
  }
  void propose() {
    story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
    story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch, Term(1), "demote"});
  }
  const ViolationRecord* give_up(NodeId leaving) {
    story.change([&](ShardInfo& shard) {
      erase_node(shard.replicas, leaving);
      shard.learners = {leaving};
    });
    return find(story.suite, 14);
  }

  Story story;
};

TEST_F(Surplus, FindsThatTheCopyWasGivenUpThatSharesItsZoneWithNobody) {
  const ViolationRecord* found = give_up(kN1);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(
      found->message,
      HasSubstr("n0 gives up the copy of s0 on n1 at e3 (of n0, n1, n3), in the same region as "
                "n0, although that on n3 is in the same rack as n0"));
}

TEST_F(Surplus, TheCopyThatIsNearestGoes) {
  EXPECT_EQ(give_up(kN3), nullptr) << texts(story.suite);
}

TEST_F(Surplus, WhoIsToStayAwayMayGoFirst) {
  story.tell(kN0, fact::NodeSuspected{kN1});
  propose();
  EXPECT_EQ(give_up(kN1), nullptr) << texts(story.suite);
}

TEST_F(Surplus, OfWhomANewCoordinatorHasNotHeardNothingIsKnown) {
  story.tell(kN0, fact::OfficeTaken{Term(2)});
  story.tell(kN0, fact::NodeTrusted{kN0});
  story.tell(kN0, fact::NodeTrusted{kN3});
  propose();
  EXPECT_EQ(give_up(kN1), nullptr) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
