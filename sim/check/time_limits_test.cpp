// SPDX-License-Identifier: Apache-2.0
//
// What is given up when its time is over, and what is not to be tried or to grow for ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/progress.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// s0 moves from n1 to n4; n0 leads it and is coordinator, and something is broken all the time.
class PhaseLimitsTest : public ::testing::Test {
 protected:
  PhaseLimitsTest() {
    story.tell(kN0, fact::OfficeTaken{Term(1)});
    story.suite.on_faults_active(1, story.at(NodeId::none()));
    story.begin_migration(kN1, kN4);
    adopt();
  }
  void adopt() {
    story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  }
  /// The coordinator is awake, and so are the others.
  void wait(Nanoseconds span) {
    const Instant end = story.now + span;
    while (story.now < end) {
      story.pass(seconds(1));
      story.renew_leases(seconds(5));
    }
  }
  std::vector<std::uint32_t> found() const { return numbers(story.suite); }

  Story story;
  const Nanoseconds limit = Timing().migration_timeout;
};

TEST_F(PhaseLimitsTest, FindsACoordinatorThatGivesNothingUp) {
  story.enter(MigrationPhase::Copy);
  story.enter(MigrationPhase::Sync);
  adopt();
  wait(limit);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
  wait(limit);
  ASSERT_THAT(found(), Contains(35));
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("has been in Sync for"));
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("coordinator n0"));
}

TEST_F(PhaseLimitsTest, EachPhaseHasItsOwnTime) {
  for (const auto phase : {MigrationPhase::Copy, MigrationPhase::Sync}) {
    wait(limit);
    story.enter(phase);
    adopt();
  }
  wait(limit);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, BehindTheSwitchThereIsNoLimit) {
  story.enter(MigrationPhase::Copy);
  story.enter(MigrationPhase::Sync);
  story.switch_over();
  adopt();
  wait(limit * 4);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, WhoDoesNotKnowOfThePhaseCannotGiveItUp) {
  story.enter(MigrationPhase::Copy);
  wait(limit * 4);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, WhoSleepsCannotGiveItUp) {
  wait(limit / 2);
  story.pass(limit * 4);
  story.renew_leases(seconds(5));
  story.pass(milliseconds(10));
  story.renew_leases(seconds(5));
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, WhoHasProposedSomethingWaitsForItsCommit) {
  wait(limit / 2);
  for (int i = 0; i < 8; ++i) {
    story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch.next(), Term(1), "timed out"});
    wait(limit / 2);
  }
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, AMigrationWaitsForItsShardsLeader) {
  wait(limit / 2);
  story.tell(kN0, fact::NodeSuspected{story.info().leader});
  wait(limit);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

class RequestLimitsTest : public ::testing::Test {
 protected:
  void route(Instant asked_at) {
    story.tell(kN2, fact::RequestRouted{request, kS0, kN0, story.table.revision(), read, asked_at});
  }

  Story story;
  const RequestId request{ClientId(1), 7};
  const OperationRef read = make_operation(OperationKind::Read, make_document("a"));
  const Nanoseconds limit = Timing().request_timeout;
};

TEST_F(RequestLimitsTest, FindsARouterThatNeverGivesUp) {
  const Instant asked_at = story.now;
  for (int i = 0; i < 6; ++i) {
    route(asked_at);
    story.pass(limit / 2);
  }
  ASSERT_THAT(numbers(story.suite), Contains(35));
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("n2 sends k1#7 to n0"));
}

TEST_F(RequestLimitsTest, TheSameRequestMayBeAskedAgain) {
  for (int i = 0; i < 8; ++i) {
    route(story.now);
    story.pass(limit / 2);
  }
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(RequestLimitsTest, OnceItMayBeLate) {
  const Instant asked_at = story.now;
  story.pass(limit * 2);
  route(asked_at);
  route(asked_at);
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(RequestLimitsTest, UnderFaultsItMayBeLate) {
  story.suite.on_faults_active(1, story.at(NodeId::none()));
  const Instant asked_at = story.now;
  for (int i = 0; i < 4; ++i) {
    route(asked_at);
    story.pass(limit / 2);
  }
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

/// s0 is copied from n1 to n4, long after the last fault.
class StreamTest : public ::testing::Test {
 protected:
  StreamTest() {
    story.pass(hours(1));
    story.begin_migration(kN1, kN4);
    story.enter(MigrationPhase::Copy);
    view.truth = story.table;
  }
  bool is_found_after(Nanoseconds span) {
    story.pass(span);
    story.suite.audit_everything(view, story.at(NodeId::none()));
    return find(story.suite, 35) != nullptr;
  }

  Story story;
  FakeView view{story.table};
  const Nanoseconds again = Timing().chunk_timeout * 8;
};

TEST_F(StreamTest, FindsOneThatStandsStillBetweenHealthyNodes) {
  EXPECT_FALSE(is_found_after(again)) << texts(story.suite);
  story.tell(kN4, fact::ChunkStaged{kS0, 1, 0, Bytes(100)});
  EXPECT_FALSE(is_found_after(again)) << texts(story.suite);
  ASSERT_TRUE(is_found_after(again));
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("has stood still in Copy for 16"));
}

TEST_F(StreamTest, WhoHasRestartedKnowsNothingOfIt) {
  story.boot(kN4);
  story.change([](ShardInfo&) {});
  EXPECT_FALSE(is_found_after(again * 2)) << texts(story.suite);
}

TEST_F(StreamTest, WhoIsBrokenForGoodMayNotAnswer) {
  story.suite.on_broken_for_good({kN3});
  EXPECT_FALSE(is_found_after(again * 2)) << texts(story.suite);
}

/// n4 is to have a copy of s0 beside the two that there are.
class RepairStreamTest : public ::testing::Test {
 protected:
  RepairStreamTest() {
    story.pass(hours(1));
    story.change([](ShardInfo& shard) {
      shard.learners.push_back(kN4);
      shard.status = ShardStatus::Syncing;
    });
  }
  void stream(std::uint64_t number) {
    story.tell(kN4, fact::ChunkStaged{kS0, number, 0, Bytes(100)});
    story.tell(kN4, fact::ChunkStaged{kS0, number, 1, Bytes(100)});
  }

  Story story;
};

TEST_F(RepairStreamTest, FindsACopyThatIsBegunForEver) {
  for (std::uint64_t i = 0; i < Progress::kRestartsMax; ++i) stream(i);
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
  stream(Progress::kRestartsMax);
  ASSERT_THAT(numbers(story.suite), Contains(35));
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("was begun 17 times"));
}

TEST_F(RepairStreamTest, ACopyThatIsInstalledIsTheEndOfIt) {
  for (std::uint64_t i = 0; i < 3 * Progress::kRestartsMax; ++i) {
    stream(i);
    if (i % 8 == 7) {
      story.tell(kN4, fact::CopyInstalled{kS0, story.info().epoch, story.last, 0, Bytes(200)});
    }
  }
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(RepairStreamTest, AFaultMayBeTheReason) {
  for (std::uint64_t i = 0; i < 3 * Progress::kRestartsMax; ++i) {
    stream(i);
    story.suite.on_faults_active(1, story.at(NodeId::none()));
    story.suite.on_faults_active(0, story.at(NodeId::none()));
  }
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

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

TEST_F(LogGrowthTest, WhatABootHasFoundIsLetBe) {
  story.boot(kN0);
  write(most * 3);
  settle();
  EXPECT_FALSE(is_found()) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
