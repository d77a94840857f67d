// SPDX-License-Identifier: Apache-2.0
//
// What is given up when its time is over, and what is not to be tried for ever.
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
  /// The coordinator is awake, and so are the others; its clock is so far ahead.
  void wait(Nanoseconds span) {
    const Instant end = story.now + span;
    while (story.now < end) {
      story.pass(seconds(1));
      for (const NodeId node : {kN1, kN2, kN3, kN4}) {
        story.tell(node, fact::LeaseTaken{story.now, seconds(5), Term(1)});
      }
      At at = story.at(kN0);
      at.local_time = at.local_time + ahead;
      story.suite.on_fact(fact::LeaseTaken{at.local_time, seconds(5), Term(1)}, at);
    }
  }
  std::vector<std::uint32_t> found() const { return numbers(story.suite); }

  Story story;
  const Nanoseconds limit = Timing().migration_timeout;
  Nanoseconds ahead{};
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
  wait(limit / 2);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, WhoseClockHasJumpedCountsAnew) {
  wait(limit / 2);
  ahead = hours(1);
  wait(limit / 2);
  ahead = Nanoseconds(0);
  wait(limit / 2);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, WhileTheLeaderHasNoLeaseOrHasJustBootedItMayWait) {
  wait(limit / 2);
  story.boot(story.info().leader);
  story.tell(kN0, fact::OfficeTaken{Term(1)});
  adopt();
  wait(limit);
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
}

TEST_F(PhaseLimitsTest, ACopyHasAsLongAsItsBandwidthMakesItTake) {
  story.change([](ShardInfo& shard) { shard.migration->bandwidth = Bandwidth(1024); });
  story.enter(MigrationPhase::Copy);
  adopt();
  // A chunk of 256 KiB.
  wait(seconds(256));
  EXPECT_THAT(found(), Not(Contains(35))) << texts(story.suite);
  wait(limit * 5);
  EXPECT_THAT(found(), Contains(35));
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
  EXPECT_THAT(find(story.suite, 35)->message, HasSubstr("n2 sends k1#7 (read of \"a\", s0) to n0"));
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
  for (int i = 0; i < 6; ++i) {
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

class ReplicaRetriesTest : public ::testing::Test {
 protected:
  ReplicaRetriesTest() {
    auto* operation = new Operation;
    operation->kind = OperationKind::Read;
    operation->collection = CollectionId(0);
    operation->document = make_document("a");
    operation->read_from = ReadFrom::Replica;
    read = OperationRef(operation);
  }
  /// n2 asks n1, a replica, so often, some time apart.
  void ask(int times, NodeId target = kN1) {
    for (int i = 0; i < times; ++i) {
      story.pass(milliseconds(100));
      story.tell(kN2,
                 fact::RequestRouted{request, kS0, target, story.table.revision(), read, asked_at});
    }
  }

  Story story;
  OperationRef read;
  const RequestId request{ClientId(1), 7};
  const Instant asked_at = story.now;
};

TEST_F(ReplicaRetriesTest, FindsARouterThatAsksASilentReplicaAgainAndAgain) {
  ask(4);
  ASSERT_THAT(numbers(story.suite), Contains(35));
  EXPECT_THAT(find(story.suite, 35)->message,
              HasSubstr("n2 sends k1#7 for s0 to n1, a replica, although replicas have had it 3 "
                        "times from there without an answer and n0 leads"));
}

TEST_F(ReplicaRetriesTest, TheLeaderMayBeAskedAgainAndAgain) {
  ask(3);
  ask(5, kN0);
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(ReplicaRetriesTest, AnotherRecordIsAnotherReason) {
  ask(3);
  story.change([](ShardInfo&) {});
  ask(3);
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

TEST_F(ReplicaRetriesTest, AnswersEndIt) {
  ask(3);
  story.suite.on_reply({request, ReplyStatus::Unavailable, {}, nullptr}, story.at(kN2));
  ask(3);
  EXPECT_THAT(numbers(story.suite), Not(Contains(35))) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
