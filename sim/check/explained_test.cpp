// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sim/check/audit_testing.hpp"

/// What violations tell beside what was violated: which record, which document, and what came
/// before.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ExplainedTest : public AuditTest {
 protected:
  /// What was found in the last event, as it reads once the event is over.
  std::string explained() {
    EXPECT_TRUE(story.suite.audit_due(story.event));
    story.suite.audit(*view, story.at(NodeId::none()));
    return texts(story.suite);
  }
  ShardTable& table_of(NodeId node) { return view->tables[node.value()]; }
  /// The node's table has that record in place of the committed one.
  template <typename Record>
  void falsify(NodeId node, const Record& record) {
    table_of(node).apply({story.table.revision(), {record}});
    story.tell(node, fact::TableAdopted{story.table.revision(), table_of(node).digest()});
  }
  void boot_without(NodeId node) {
    story.suite.on_crash(story.at(node));
    story.suite.on_boot(story.at(node));
  }
};

TEST_F(ExplainedTest, ATableThatIsAnotherOneNamesTheShardAndHow) {
  ShardInfo other = story.info();
  other.epoch = Epoch(5);
  falsify(kN2, other);
  EXPECT_THAT(explained(),
              HasSubstr(": s0 is \"e5 Active, led by n0 on [n0 n1]\" in n2's table and "
                        "\"e1 Active, led by n0 on [n0 n1]\" in the committed one\n"));
}

TEST_F(ExplainedTest, OrTheNodeOrTheSettingsOrTheCoordinator) {
  NodeRecord node = *story.table.find_node(kN3);
  node.state = NodeState::Draining;
  falsify(kN2, node);
  EXPECT_THAT(explained(), HasSubstr(": n3 is \"draining in 0.0.0\" in n2's table and \"active in "
                                     "0.0.0\" in the committed one\n"));
  ClusterSettings settings = story.table.settings();
  settings.balancing_enabled = false;
  falsify(kN1, settings);
  EXPECT_THAT(explained(),
              HasSubstr("the record of settings is in n1's table and not in the committed one"));
  falsify(kN0, CoordinatorRecord{kN4, Term(7)});
  EXPECT_THAT(explained(), HasSubstr("the coordinator is \"n4 under T7\" in n0's table and \"n0 "
                                     "under T1\" in the committed one\n"));
}

TEST_F(ExplainedTest, OfAnOlderTableWhatWasChangedSinceIsNotCompared) {
  ShardInfo other = story.info();
  other.epoch = Epoch(5);
  const Revision before = story.table.revision();
  table_of(kN2).apply({before, {other}});
  story.change([](ShardInfo& shard) { shard.learners = NodeList{kN2}; });
  story.tell(kN2, fact::TableAdopted{before, table_of(kN2).digest()});
  EXPECT_THAT(explained(), HasSubstr(": record by record they are the same"));
}

TEST_F(ExplainedTest, ALostWriteNamesItsDocument) {
  story.drop(kN1);
  story.drop(kN0);
  for (const NodeId node : {kN0, kN1}) store(node).held.clear();
  EXPECT_THAT(explained(),
              HasSubstr(": lost is what clients were told of \"a\" and 2 more documents\n"));
}

TEST_F(ExplainedTest, ATailThatIsLostNamesWhatIsInIt) {
  boot_without(kN0);
  story.tell(kN0, fact::CopyRecovered{kS0, b->version, b->version, 0});
  EXPECT_THAT(explained(),
              HasSubstr("e1/i5 was durable before the crash: it lacks the last write of \"c\"\n"));
}

TEST_F(ExplainedTest, ACopyThatIsGoneNamesTheFirstDocument) {
  boot_without(kN1);
  store(kN1).held.clear();
  story.suite.on_booted(story.at(kN1));
  EXPECT_THAT(explained(),
              HasSubstr("nothing on its disk was damaged: it lacks the last write of \"a\" "
                        "and 2 more documents\n"));
}

TEST_F(ExplainedTest, AHistoryWithAHoleSaysThatTheCopyBeganEmptyAfterALoss) {
  const EntryRef next = story.accept(kN0, "d");
  story.suite.on_disk_destroyed(story.at(kN1));
  story.boot(kN1);
  story.tell(kN1, fact::CopyCreated{kS0, Epoch(1)});
  const std::string when = fmt::format("at {}, event {}", story.now, story.event);
  story.apply(kN1, next);
  const ViolationRecord* found = find(story.suite, 19);
  ASSERT_NE(found, nullptr) << texts(story.suite);
  EXPECT_THAT(found->message,
              HasSubstr("it has left out what is between; n1 began its copy empty " + when +
                        ", on a disk that had lost what it had"));
}

TEST_F(ExplainedTest, ACopyThatWasMadeFromAnotherDidNotBeginEmpty) {
  const EntryRef next = story.accept(kN0, "d");
  story.accept(kN0, "e");
  story.suite.on_disk_destroyed(story.at(kN1));
  story.boot(kN1);
  story.tell(kN1, fact::CopyCreated{kS0, Epoch(1)});
  story.tell(kN1, fact::CopyInstalled{kS0, Epoch(1), b->version, 0, Bytes(100)});
  story.apply(kN1, next);
  const ViolationRecord* found = find(story.suite, 19);
  ASSERT_NE(found, nullptr) << texts(story.suite);
  EXPECT_THAT(found->message, Not(HasSubstr("began its copy empty")));
}

}  // namespace
}  // namespace shardproof::sim::check
