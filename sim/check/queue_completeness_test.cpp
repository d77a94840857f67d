// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what waits for a migration's lock (invariant 20).
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class QueueCompletenessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    story.begin_migration(kN0, kN2);
    story.tell(kN0, fact::WritesLocked{kS0, story.info().epoch, kM1});
  }
  RequestId queue(std::uint32_t depth) {
    const RequestId request = story.next_request();
    story.tell(kN0, fact::WriteQueued{kS0, request, depth});
    return request;
  }
  void unlock() { story.tell(kN0, fact::WritesUnlocked{kS0, story.info().epoch, kM1}); }
  Story story;
};

TEST_F(QueueCompletenessTest, AQueueThatIsAppliedInOrderIsFine) {
  const RequestId a = queue(1);
  const RequestId b = queue(2);
  unlock();
  story.tell(kN0, fact::WriteDequeued{kS0, a, false});
  story.sequence = a.sequence - 1;
  story.accept(kN0, "a");
  story.tell(kN0, fact::WriteDequeued{kS0, b, true});
  story.sequence = b.sequence;
  story.accept(kN0, "c");
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(QueueCompletenessTest, FindsAWriteThatPassesTheLock) {
  story.accept(kN0, "a");
  EXPECT_THAT(numbers(story.suite), ElementsAre(20));
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 accepted k1#1 at e2/i2, which writes \"a\", although "
                        "writes of s0 are locked"));
}

TEST_F(QueueCompletenessTest, FindsAWriteThatOvertakesTheQueue) {
  queue(1);
  unlock();
  story.accept(kN0, "a");
  EXPECT_THAT(numbers(story.suite), ElementsAre(20));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 accepted k1#2 of s0, which writes \"a\", while 1 writes "
                        "wait that came earlier, k1#1 first"));
}

TEST_F(QueueCompletenessTest, FindsAQueueOutOfOrder) {
  queue(1);
  const RequestId b = queue(2);
  unlock();
  story.tell(kN0, fact::WriteDequeued{kS0, b, false});
  EXPECT_THAT(numbers(story.suite), ElementsAre(20));
}

TEST_F(QueueCompletenessTest, FindsWritesThatAreForgotten) {
  queue(1);
  unlock();
  story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
  EXPECT_THAT(numbers(story.suite), ElementsAre(20));
}

TEST_F(QueueCompletenessTest, FindsAQueuedWriteThatIsNotAtTheTarget) {
  const RequestId request = queue(1);
  for (const MigrationPhase phase : {MigrationPhase::Copy, MigrationPhase::Sync}) {
    story.change([&](ShardInfo& info) { info.migration->phase = phase; });
  }
  unlock();
  const EntryRef entry = story.make_entry({story.info().epoch, story.last.index.next()},
                                          {{make_document("a"), false}}, request);
  const At step = story.at(kN0);
  story.suite.on_fact(fact::WriteDequeued{kS0, request, false}, step);
  story.suite.on_fact(fact::WriteAccepted{kS0, story.info().epoch, entry, story.last}, step);
  story.last = entry->version;
  story.durable(kN2);
  story.suite.on_up_to_date_told(kS0, story.info().epoch, kN2, story.at(kN0));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.suite.on_boot(story.at(kN2));
  story.suite.on_booted(story.at(kN2));
  story.suite.on_up_to_date_told(kS0, story.info().epoch, kN2, story.at(kN0));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 reports that n2 has all of s0, and k1#1, which it has applied from its "
                        "queue at e4/i2, is not there: the copy ends at "));
}

TEST(QueueCompleteness, FindsAQueueWithoutBound) {
  StoryOptions options;
  options.config.versions.front().bounds.queue_writes_max = 2;
  Story story(options);
  story.begin_migration(kN0, kN2);
  story.tell(kN0, fact::WritesLocked{kS0, story.info().epoch, kM1});
  for (std::uint32_t depth = 1; depth <= 3; ++depth) {
    story.tell(kN0, fact::WriteQueued{kS0, story.next_request(), depth});
  }
  EXPECT_THAT(numbers(story.suite), ElementsAre(20));
}

}  // namespace
}  // namespace shardproof::sim::check
