// SPDX-License-Identifier: Apache-2.0
#include "sim/check/suite.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/determinism.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::vector<std::string> texts_before(const ViolationRecord& violation) {
  std::vector<std::string> texts;
  for (const PastEvent& event : violation.last_events) texts.push_back(event.text);
  return texts;
}

TEST(CheckSuite, KnowsEveryInvariantOfItsPartOfTheCatalogueOnce) {
  std::vector<std::uint32_t> found;
  for (const InvariantInfo& invariant : CheckSuite::catalogue()) {
    found.push_back(invariant.number);
    EXPECT_GT(std::string(invariant.name).size(), 3u);
    EXPECT_GT(std::string(invariant.statement).size(), 20u);
  }
  std::vector<std::uint32_t> all(39);
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(found, all);
}

TEST(CheckSuite, CountsWhatItEvaluates) {
  Story story;
  story.write("a");
  std::uint64_t single_owner = 0;
  for (const CheckSummary& summary : story.suite.summaries()) {
    if (summary.number == 5) single_owner = summary.evaluations;
  }
  EXPECT_EQ(single_owner, 1u);
}

TEST(CheckSuite, TellsTheFactApartFromWhatMustHold) {
  Story story;
  story.tell(kN2, fact::WriteDequeued{kS0, story.next_request(), false});
  const ViolationRecord& violation = story.suite.violations().front();
  ASSERT_EQ(violation.invariant, 20u);
  EXPECT_EQ(violation.message, "n2 took k1#1 of s0 out of a queue that it is not in");
  EXPECT_EQ(violation.statement.rfind("a write that waits for a migration's lock", 0), 0u);
}

TEST(CheckSuite, TellsTheLastEventsOfTheShardInOrder) {
  StoryOptions options;
  options.num_shards = 2;
  Story story(options);
  std::string key = "k";
  while (*route(story.collection, *make_document(key)) != kS0) key += "k";
  story.write(key);
  story.suite.on_crash(story.at(kN2));
  story.tell(kN2, fact::EntriesDurable{ShardId(1), Version()});
  story.tell(kN1, fact::WriteDequeued{kS0, story.next_request(), false});
  const ViolationRecord& violation = story.suite.violations().front();
  EXPECT_EQ(violation.invariant, 20u);
  const std::vector<std::string> before = texts_before(violation);
  ASSERT_THAT(before, ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(before.back(), HasSubstr("n1 WriteDequeued"));
  EXPECT_THAT(before, ::testing::Contains(HasSubstr("n0 WriteAcknowledged e1/i2")));
  EXPECT_THAT(before, ::testing::Contains(HasSubstr("committed r2: e1 leader n0")));
  // Nothing of another shard, or of a node that has no part in it.
  EXPECT_THAT(before, ::testing::Each(::testing::Not(HasSubstr("n2"))));
}

TEST(CheckSuite, AFindingSaysWhatItsNodesWereInTheTableBeforeTheEvent) {
  Story story;
  story.write("a");
  story.tell(kN4, fact::WriteDequeued{kS0, story.next_request(), false});
  ASSERT_THAT(story.suite.violations(), SizeIs(1));
  const ViolationRecord calm = story.suite.violations().front();
  EXPECT_FALSE(calm.phase.has_value());
  ASSERT_THAT(calm.nodes, ElementsAre(kN4));
  EXPECT_THAT(calm.roles, ElementsAre(NodeRole::kNone));
  story.change([](ShardInfo& shard) {
    Migration& migration = shard.migration.emplace();
    migration.source = kN0;
    migration.target = kN4;
    migration.phase = MigrationPhase::Copy;
  });
  const std::size_t before = story.suite.violations().size();
  story.tell(kN4, fact::WriteDequeued{kS0, story.next_request(), false});
  ASSERT_GT(story.suite.violations().size(), before);
  const ViolationRecord busy = story.suite.violations()[before];
  EXPECT_EQ(busy.phase, MigrationPhase::Copy);
  EXPECT_THAT(busy.roles, ElementsAre(NodeRole::kTarget));
}

TEST(CheckSuite, TimesOfFindingsCountFromTheScenariosStart) {
  Story story;
  story.write("a");
  story.tell(kN1, fact::WriteDequeued{kS0, story.next_request(), false});
  const Instant first = story.now;
  story.suite.begin_scenario(Instant(seconds(1000)));
  story.tell(kN2, fact::WriteDequeued{kS0, story.next_request(), false});
  const Instant second = story.now;
  const auto& violations = story.suite.violations();
  ASSERT_GE(violations.size(), 2u);
  EXPECT_EQ(violations.front().time, first - seconds(1000));
  EXPECT_EQ(violations.front().last_events.back().time, first - seconds(1000));
  EXPECT_EQ(violations.back().time, second - seconds(1000));
  EXPECT_EQ(violations.back().last_events.back().time, second - seconds(1000));
  EXPECT_LE(violations.back().last_events.front().time, first - seconds(1000));
}

TEST(CheckSuite, KeepsTheFirstViolationsAndCountsAll) {
  StoryOptions options;
  options.config.violations_max = 3;
  Story story(options);
  for (int i = 0; i < 10; ++i) story.tell(kN1, fact::TableAdopted{Revision(1000), 1});
  EXPECT_THAT(story.suite.violations(), SizeIs(3));
  EXPECT_EQ(story.suite.violations_total(), 10u);
}

TEST(Determinism, SaysWhereTwoRunsPart) {
  RunResult first;
  first.events = 200;
  first.digest = 5;
  first.checkpoints = {{0, 1}, {64, 2}, {128, 3}, {200, 5}};
  RunResult second = first;
  EXPECT_FALSE(compare_runs(first, second).has_value());
  second.checkpoints[2].digest = 4;
  second.checkpoints[3].digest = second.digest = 6;
  const auto violation = compare_runs(first, second);
  ASSERT_TRUE(violation.has_value());
  EXPECT_EQ(violation->invariant, 37u);
  EXPECT_THAT(violation->message, HasSubstr("(64, 128]"));
}

TEST(Determinism, RunsMayPartWhileTheWorldComesToRest) {
  RunResult first;
  first.events = 100;
  first.checkpoints = {{0, 1}, {128, 3}, {200, 5}};
  RunResult second = first;
  second.checkpoints[2].digest = 6;
  const auto violation = compare_runs(first, second);
  ASSERT_TRUE(violation.has_value());
  EXPECT_THAT(violation->message, HasSubstr("(128, 200]"));
}

}  // namespace
}  // namespace shardproof::sim::check
