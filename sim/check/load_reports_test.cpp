// SPDX-License-Identifier: Apache-2.0
#include "sim/check/load_reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/findings_testing.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// n0, which leads, and n1 hold a, and know the table.
class LoadReportsTest : public ::testing::Test {
 protected:
  LoadReportsTest() {
    const EntryRef entry = story.write("a");
    load.shard = kS0;
    load.documents = 1;
    load.bytes = stored_size(*entry->mutations[0].document, false);
    for (const NodeId node : {kN0, kN1}) {
      story.tell(node, fact::TableAdopted{story.table.revision(), story.table.digest()});
    }
  }
  void tell(NodeId node, bool is_leader) {
    message::NodeReport report;
    load.is_leader = is_leader;
    report.shards.push_back(load);
    story.suite.on_load_told(report, story.at(node));
  }

  Story story;
  message::ShardLoad load;
};

TEST_F(LoadReportsTest, TheTruthMayBeTold) {
  tell(kN0, true);
  tell(kN1, false);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(LoadReportsTest, FindsAWrongCount) {
  load.documents = 2;
  tell(kN1, false);
  ASSERT_THAT(numbers(story.suite), ElementsAre(32));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("n1 reports 2 documents of"));
}

TEST_F(LoadReportsTest, FindsWrongBytes) {
  load.bytes += Bytes(1);
  tell(kN0, true);
  EXPECT_THAT(numbers(story.suite), ElementsAre(32));
}

TEST_F(LoadReportsTest, ACopyThatIsBehindHasLess) {
  const EntryRef next = story.accept(kN0, "b");
  story.durable(kN0);
  story.apply(kN0, next);
  tell(kN1, false);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(LoadReportsTest, WhoAppliesSomethingMayHaveMadeItsReportBefore) {
  const EntryRef next = story.accept(kN0, "b");
  for (const NodeId node : {kN0, kN1}) story.durable(node);
  story.apply(kN0, next);
  story.apply(kN1, next);
  tell(kN1, false);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(LoadReportsTest, FindsWhoSaysToLead) {
  tell(kN1, true);
  ASSERT_THAT(numbers(story.suite), ElementsAre(32));
  EXPECT_THAT(story.suite.violations()[0].message,
              HasSubstr("n1 reports to the coordinator that it leads s0"));
}

TEST_F(LoadReportsTest, ByAnOlderTableAnotherMayLead) {
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.fencing = kN0;
  });
  tell(kN0, true);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
