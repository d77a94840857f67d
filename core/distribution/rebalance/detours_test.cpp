// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/detours.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::n;
using test::nodes;
using test::s;
using testing::ElementsAre;
using testing::IsEmpty;

/// A view with one shard, and moves of it, in order, of which the flag for leadership follows.
class DetoursTest : public ::testing::Test {
 protected:
  explicit DetoursTest(std::uint32_t count = 6) : view(test::make_view(count)) {}

  void move(std::uint32_t source, std::uint32_t target, MoveReason reason) {
    add(source, target, MoveKind::Move, reason);
  }
  void transfer(std::uint32_t source, std::uint32_t target, MoveReason reason) {
    add(source, target, MoveKind::LeaderTransfer, reason);
  }
  std::vector<std::string> shortened() {
    std::vector<std::string> texts;
    for (const Move& one : without_detours(view, moves)) texts.push_back(fmt::format("{}", one));
    return texts;
  }
  void set_zones(const std::vector<std::uint16_t>& zones) {
    for (std::size_t i = 0; i < zones.size(); ++i) view.nodes[i].domain.zone = zones[i];
  }

  ClusterView view;
  std::vector<Move> moves;

 private:
  void add(std::uint32_t source, std::uint32_t target, MoveKind kind, MoveReason reason) {
    if (moves.empty()) leader_ = view.shards[0].leader;
    const bool leads = n(source) == leader_;
    if (leads) leader_ = n(target);
    const bool is_data = kind == MoveKind::Move;
    moves.push_back({s(0), n(source), n(target), kind, reason, leads, 2, Bytes(is_data ? 100 : 0)});
  }
  NodeId leader_;
};

TEST_F(DetoursTest, APlanWithoutDetoursStaysAsItIs) {
  test::add_shard(view, nodes({0, 1}));
  move(1, 2, MoveReason::Balance);
  move(0, 3, MoveReason::Balance);
  EXPECT_THAT(shortened(),
              ElementsAre("move s0 n1->n2 (balance)", "move s0 n0->n3 (leader, balance)"));
}

TEST_F(DetoursTest, CopiesThatWentRoundInACircleDoNotMove) {
  test::add_shard(view, nodes({0, 1}));
  move(0, 2, MoveReason::Balance);
  move(1, 3, MoveReason::Balance);
  move(2, 0, MoveReason::Balance);
  move(3, 1, MoveReason::Balance);
  EXPECT_THAT(shortened(), IsEmpty());
}

TEST_F(DetoursTest, LeadershipEndsWhereItWouldHaveEnded) {
  test::add_shard(view, nodes({0, 1}));
  move(0, 2, MoveReason::Balance);
  move(1, 3, MoveReason::Balance);
  transfer(2, 3, MoveReason::Balance);
  move(3, 0, MoveReason::Balance);
  EXPECT_THAT(shortened(), ElementsAre("move s0 n1->n2 (balance)")) << "n0 leads at both ends";
}

TEST_F(DetoursTest, LeadershipThatMayNotBeHandedOverStaysWhereTheDataGoesInACircle) {
  test::add_shard(view, nodes({0, 1}));
  move(0, 2, MoveReason::Balance);
  move(1, 0, MoveReason::Balance);
  move(2, 1, MoveReason::Balance);
  EXPECT_THAT(shortened(), ElementsAre("leader transfer s0 n0->n1 (leader, balance)"));
  view.shards[0].leader_stays = true;
  EXPECT_THAT(shortened(), IsEmpty());
}

TEST_F(DetoursTest, LeadershipThatMayNotBeHandedOverGoesWithTheData) {
  test::add_shard(view, nodes({0, 1, 2}));
  view.shards[0].leader_stays = true;
  move(0, 3, MoveReason::Balance);
  move(1, 0, MoveReason::Balance);
  move(3, 1, MoveReason::Balance);
  move(2, 4, MoveReason::Balance);
  EXPECT_EQ(shortened().size(), 4u);
}

TEST_F(DetoursTest, OfAMoveAndATransferLeadershipTakesTheMove) {
  test::add_shard(view, nodes({0, 1}));
  move(0, 2, MoveReason::Balance);
  move(1, 3, MoveReason::Balance);
  move(2, 4, MoveReason::Balance);
  EXPECT_THAT(shortened(),
              ElementsAre("move s0 n0->n4 (leader, balance)", "move s0 n1->n3 (balance)"));
}

TEST_F(DetoursTest, TheOrderKeepsEveryDomainThatIsCovered) {
  // n0 and n1 stand in zones 0 and 1, the copies go to n2 in zone 1 and n3 in zone 0.
  set_zones({0, 1, 1, 0, 2, 3});
  test::add_shard(view, nodes({0, 1}));
  move(0, 4, MoveReason::Balance);
  move(1, 2, MoveReason::Balance);
  move(4, 3, MoveReason::Balance);
  EXPECT_THAT(shortened(),
              ElementsAre("move s0 n0->n3 (leader, balance)", "move s0 n1->n2 (balance)"));
}

TEST_F(DetoursTest, WhatSpreadsAShardComesBeforeEvennessAndIsNotLeftOutWithIt) {
  set_zones({0, 0, 1, 1, 0, 0});
  test::add_shard(view, nodes({0, 1}));
  move(1, 2, MoveReason::Domain);
  move(0, 4, MoveReason::Balance);
  move(2, 3, MoveReason::Balance);
  EXPECT_THAT(shortened(),
              ElementsAre("move s0 n1->n3 (domain)", "move s0 n0->n4 (leader, balance)"));
}

TEST_F(DetoursTest, ADrainComesFirstWhateverItCostsInDomains) {
  set_zones({0, 1, 1, 0, 1, 1});
  view.nodes[0].state = NodeState::Draining;
  test::add_shard(view, nodes({0, 1}));
  move(0, 2, MoveReason::Drain);
  move(1, 5, MoveReason::Balance);
  move(2, 4, MoveReason::Balance);
  EXPECT_THAT(shortened(),
              ElementsAre("move s0 n0->n4 (leader, drain)", "move s0 n1->n5 (balance)"));
}

TEST_F(DetoursTest, ADrainTakesTheTargetThatKeepsTheDomains) {
  set_zones({0, 1, 1, 0, 1, 2});
  view.nodes[0].state = NodeState::Draining;
  test::add_shard(view, nodes({1, 0}));
  move(0, 2, MoveReason::Drain);
  move(1, 5, MoveReason::Balance);
  move(2, 4, MoveReason::Balance);
  EXPECT_THAT(shortened(), ElementsAre("move s0 n0->n5 (drain)", "move s0 n1->n4 (leader, balance)",
                                       "leader transfer s0 n4->n5 (leader, balance)"));
}

TEST_F(DetoursTest, ALeaderInMaintenanceHandsOverAtOnceToWhoHasACopyThen) {
  view.nodes[0].state = NodeState::Maintenance;
  test::add_shard(view, nodes({0, 1, 2}));
  transfer(0, 1, MoveReason::Drain);
  move(2, 3, MoveReason::Balance);
  transfer(1, 3, MoveReason::Balance);
  move(3, 4, MoveReason::Balance);
  EXPECT_THAT(shortened(),
              ElementsAre("leader transfer s0 n0->n1 (leader, drain)", "move s0 n2->n4 (balance)",
                          "leader transfer s0 n1->n4 (leader, balance)"));
}

TEST_F(DetoursTest, OtherShardsKeepTheirMoves) {
  test::add_shard(view, nodes({0, 1}));
  test::add_shard(view, nodes({4, 5}));
  move(0, 2, MoveReason::Balance);
  moves.push_back({s(1), n(5), n(0), MoveKind::Move, MoveReason::Balance, false, 2, Bytes(100)});
  move(1, 3, MoveReason::Balance);
  move(2, 1, MoveReason::Balance);
  EXPECT_THAT(shortened(), ElementsAre("move s0 n0->n3 (leader, balance)",
                                       "leader transfer s0 n3->n1 (leader, balance)",
                                       "move s1 n5->n0 (balance)"));
}

}  // namespace
}  // namespace shardproof::distribution
