// SPDX-License-Identifier: Apache-2.0
#include "sim/check/kept_orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/findings_testing.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using message::AdminKind;
using message::AdminOutcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// n0 holds the office.
class KeptOrdersTest : public ::testing::Test {
 protected:
  KeptOrdersTest() { story.commit_records({CoordinatorRecord{kN0, Term(1)}}); }

  /// An operator asks, and the coordinator says that it is done.
  void order(message::AdminRequest request, AdminOutcome outcome = AdminOutcome::Done,
             NodeId by = kN0) {
    request.request = ++last_;
    const auto shared = std::make_shared<const message::AdminRequest>(std::move(request));
    story.suite.on_command(shared, story.at(NodeId::none()));
    story.tell(by, fact::AdminEnded{last_, outcome});
  }
  static message::AdminRequest about(AdminKind kind, NodeId node = NodeId::none()) {
    message::AdminRequest request;
    request.kind = kind;
    request.node = node;
    request.record.id = node;
    return request;
  }
  void set_state(NodeId node, NodeState state) {
    story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
    NodeRecord record = *story.table.find_node(node);
    record.state = state;
    story.commit_records({record});
  }
  std::string found() const {
    const ViolationRecord* violation = find(story.suite, 39);
    return violation == nullptr ? "" : violation->message;
  }

  Story story;
  std::uint64_t last_ = 0;
};

TEST_F(KeptOrdersTest, FindsAMoveThatIsNotOver) {
  message::AdminRequest move = about(AdminKind::MoveShard);
  move.shard = kS0;
  move.source = kN1;
  move.target = kN4;
  story.begin_migration(kN1, kN4);
  story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  order(move);
  EXPECT_THAT(found(), HasSubstr("s0 is not in sync at n4 in the table"));
}

TEST_F(KeptOrdersTest, AMoveIsOverWhenTheCopyIsThereAndNotHere) {
  message::AdminRequest move = about(AdminKind::MoveShard);
  move.shard = kS0;
  move.source = kN1;
  move.target = kN4;
  story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  // That it is back at n1 the coordinator does not know.
  story.change([](ShardInfo& shard) { shard.replicas = {kN0, kN1, kN4}; });
  order(move);
  EXPECT_EQ(found(), "");
  story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  order(move);
  EXPECT_THAT(found(), HasSubstr("s0 is still in sync at n1 in the table"));
}

TEST_F(KeptOrdersTest, WhatTheTableShowsIsDone) {
  order(about(AdminKind::Join, kN3));
  set_state(kN4, NodeState::Removed);
  order(about(AdminKind::Drain, kN4));
  order(about(AdminKind::Remove, kN4));
  order(about(AdminKind::Remove, NodeId(77)));
  set_state(kN3, NodeState::Maintenance);
  order(about(AdminKind::BeginMaintenance, kN3));
  set_state(kN3, NodeState::Active);
  order(about(AdminKind::EndMaintenance, kN3));
  message::AdminRequest sharding = about(AdminKind::EnableSharding);
  sharding.collection = story.collection;
  order(sharding);
  sharding.kind = AdminKind::SetReplication;
  order(sharding);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(KeptOrdersTest, FindsADrainThatIsNot) {
  order(about(AdminKind::Drain, kN3));
  EXPECT_THAT(found(),
              HasSubstr("n0 says that the operator's command 1 (\"drain n3\", given 100 us ago) is "
                        "done, and in the table n3 is \"active\", with no copies left at r3"));
  order(about(AdminKind::Drain, kN1));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("in the table n1 is \"active\", with copies of s0 at r3"));
}

TEST_F(KeptOrdersTest, FindsADrainThatLeavesTooFewNodes) {
  for (const NodeId node : {kN4, kN3, kN2}) set_state(node, NodeState::Draining);
  EXPECT_EQ(found(), "") << "two of five are left, for two copies";
  set_state(kN1, NodeState::Draining);
  EXPECT_THAT(found(), HasSubstr("n0 lets n1 drain, although"));
}

TEST_F(KeptOrdersTest, FindsALimitThatWasForgotten) {
  message::AdminRequest request = about(AdminKind::SetLimits);
  request.limits.moves_per_node = 4;
  request.limits.moves_cluster_wide = 1;
  ClusterSettings settings;
  settings.limits.moves_per_node = 4;
  story.commit_records({settings});
  order(request);
  EXPECT_THAT(
      found(),
      HasSubstr("(\"limits 4 moves per node, 1 moves in the cluster\", given 100 us ago) is "
                "done, and the limits of moves in the table are 4 moves per node at r4"));
}

TEST_F(KeptOrdersTest, FindsOrdersOfTheClusterThatTheTableDoesNotShow) {
  message::AdminRequest policy = about(AdminKind::SetPolicy);
  policy.policy = "upmap";
  order(policy);
  message::AdminRequest off = about(AdminKind::SetBalancing);
  off.flag = false;
  order(off);
  message::AdminRequest copies = about(AdminKind::SetReplication);
  copies.collection = story.collection;
  copies.collection.replication_factor = 5;
  order(copies);
  message::AdminRequest sharding = about(AdminKind::EnableSharding);
  sharding.collection = story.collection;
  sharding.collection.num_shards = 77;
  order(sharding);
  EXPECT_THAT(numbers(story.suite), ElementsAre(39, 39, 39, 39)) << texts(story.suite);
  const std::string all = texts(story.suite);
  EXPECT_THAT(all, HasSubstr("(\"policy upmap\", given 100 us ago) is done, and no policy is in"));
  EXPECT_THAT(all, HasSubstr("(\"balancing off\", given 100 us ago) is done, and balancing is on"));
  EXPECT_THAT(all, HasSubstr("(\"replication of shop.orders at 5\", given 100 us ago) is done, and "
                             "shards of shop.orders are to have 2 copies in the table, not 5"));
}

TEST_F(KeptOrdersTest, OnlyTheFirstWordOfTheCoordinatorIsJudged) {
  order(about(AdminKind::Drain, kN3), AdminOutcome::Refused);
  order(about(AdminKind::Drain, kN3), AdminOutcome::Done, kN1);
  set_state(kN3, NodeState::Removed);
  order(about(AdminKind::Drain, kN3));
  set_state(kN3, NodeState::Active);
  story.tell(kN0, fact::AdminEnded{last_, AdminOutcome::Done});
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << "it has joined again meanwhile";
}

fact::PlanMade plan_by(Revision revision) {
  return {Term(1),
          revision,
          fact::PlanCause::Command,
          true,
          3,
          0,
          0,
          std::make_shared<const fact::PlanBasis>()};
}

TEST_F(KeptOrdersTest, FindsWhatIsPlannedOrBegunForEvennessWhileBalancingIsOff) {
  const Revision before = story.table.revision();
  ClusterSettings settings;
  settings.balancing_enabled = false;
  story.commit_records({settings});
  story.tell(kN0, plan_by(before));
  EXPECT_EQ(found(), "") << "it did not know yet";
  story.tell(kN0, plan_by(story.table.revision()));
  EXPECT_THAT(
      found(),
      HasSubstr("n0, coordinator under T1, plans 3 moves for evenness by the table of r4, in "
                "which balancing is off since r4"));
  story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch.next(), Term(1), "Prepare"});
  story.begin_migration(kN1, kN4);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 begins migration s0@e1 of s0 from n1 to n4 for evenness, proposed "
                        "with the table of r4, and balancing is off since r4"));
}

TEST_F(KeptOrdersTest, WhatWasOrderedLastStands) {
  FakeView view{story.table};
  set_state(kN3, NodeState::Maintenance);
  order(about(AdminKind::BeginMaintenance, kN3));
  set_state(kN3, NodeState::Active);
  order(about(AdminKind::EndMaintenance, kN3));
  story.suite.on_settled(view, story.at(NodeId::none()));
  EXPECT_EQ(found(), "");
  set_state(kN3, NodeState::Maintenance);
  story.suite.on_settled(view, story.at(NodeId::none()));
  EXPECT_THAT(
      found(),
      HasSubstr("settled, and in the table n3 is \"maintenance\" at r6, although the operator's "
                "command 2 (\"end maintenance of n3\"), the last about it, was done 200 us "
                "ago"));
}

TEST_F(KeptOrdersTest, OfOrdersAtTheSameTimeNoneIsTheLast) {
  FakeView view{story.table};
  message::AdminRequest begin = about(AdminKind::BeginMaintenance, kN3);
  begin.request = 77;
  story.suite.on_command(std::make_shared<const message::AdminRequest>(begin),
                         story.at(NodeId::none()));
  order(about(AdminKind::EndMaintenance, kN3));
  set_state(kN3, NodeState::Maintenance);
  story.tell(kN0, fact::AdminEnded{77, AdminOutcome::Done});
  story.suite.on_settled(view, story.at(NodeId::none()));
  EXPECT_EQ(found(), "");
}

}  // namespace
}  // namespace shardproof::sim::check
