// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/detours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::n;
using test::nodes;
using testing::ElementsAre;

Move step(std::uint32_t source, std::uint32_t target, bool leads = false,
          MoveReason reason = MoveReason::Balance, std::uint32_t shard = 0) {
  Move move;
  move.shard = ShardId(shard);
  move.source = n(source);
  move.target = n(target);
  move.moves_leader = leads;
  move.reason = reason;
  move.bytes = Bytes(100);
  return move;
}

Move hand_over(std::uint32_t source, std::uint32_t target, MoveReason reason) {
  Move move = step(source, target, true, reason);
  move.kind = MoveKind::LeaderTransfer;
  move.bytes = Bytes(0);
  return move;
}

std::vector<std::string> texts(const std::vector<Move>& moves) {
  std::vector<std::string> result;
  for (const Move& move : moves) result.push_back(fmt::format("{}", move));
  return result;
}

/// Two copies, led from node 0, on six nodes of two zones.
ClusterView two_copies() {
  ClusterView view = test::make_view(6, 2);
  test::add_shard(view, nodes({0, 1}));
  return view;
}

TEST(Detours, CopiesThatGoRoundAndComeBackStay) {
  const std::vector<Move> round{step(0, 2, true), step(1, 3), step(2, 0, true), step(3, 1)};
  EXPECT_TRUE(without_detours(two_copies(), round).empty());
}

TEST(Detours, WhatIsLeftOfARoundIsMovedAtOnce) {
  const std::vector<Move> moves{step(1, 3), step(0, 2, true), step(3, 5), step(2, 0, true)};
  EXPECT_THAT(texts(without_detours(two_copies(), moves)), ElementsAre("move s0 n1->n5 (balance)"));
}

TEST(Detours, MovesWithoutOneStayInTheirOrder) {
  const std::vector<Move> moves{step(1, 3), step(0, 2, true), step(2, 4, true)};
  EXPECT_EQ(without_detours(two_copies(), moves), moves);
}

TEST(Detours, EachStepKeepsTheZonesApart) {
  // Nodes 0, 2, 4 and nodes 1, 3, 5 are a zone each. The shard ends on nodes 4 and 5; pairing node
  // 0 with node 5 would put both copies into one zone for a while.
  const std::vector<Move> moves{step(0, 2, true), step(1, 3), step(2, 0, true), step(3, 5),
                                step(0, 4, true)};
  EXPECT_THAT(texts(without_detours(two_copies(), moves)),
              ElementsAre("move s0 n0->n4 (leader, balance)", "move s0 n1->n5 (balance)"));
}

TEST(Detours, LeadershipEndsWhereItDid) {
  const std::vector<Move> moves{step(0, 2, true), hand_over(2, 1, MoveReason::Balance), step(2, 0)};
  EXPECT_THAT(texts(without_detours(two_copies(), moves)),
              ElementsAre("leader transfer s0 n0->n1 (leader, balance)"));
}

TEST(Detours, DrainsComeFirstSoThatEvennessCanBeLeftOut) {
  ClusterView view = two_copies();
  view.nodes[1].state = NodeState::Draining;
  const std::vector<Move> moves{step(1, 3, false, MoveReason::Drain), step(0, 2, true), step(3, 5),
                                step(2, 0, true), step(0, 4, true)};
  EXPECT_THAT(texts(without_detours(view, moves)),
              ElementsAre("move s0 n1->n5 (drain)", "move s0 n0->n4 (leader, balance)"));
}

TEST(Detours, ALeaderHandedOverBeforeMaintenanceStaysHandedOver) {
  ClusterView view = two_copies();
  view.nodes[0].state = NodeState::Maintenance;
  const std::vector<Move> moves{hand_over(0, 1, MoveReason::Drain), step(1, 3, true),
                                hand_over(3, 0, MoveReason::Balance), step(3, 1),
                                hand_over(0, 1, MoveReason::Balance)};
  EXPECT_THAT(texts(without_detours(view, moves)),
              ElementsAre("leader transfer s0 n0->n1 (leader, drain)"));
}

TEST(Detours, OtherShardsKeepTheirPlaces) {
  ClusterView view = two_copies();
  test::add_shard(view, nodes({0}));
  const std::vector<Move> moves{step(0, 2, true), step(0, 4, true, MoveReason::Balance, 1),
                                step(1, 3), step(2, 0, true)};
  EXPECT_THAT(texts(without_detours(view, moves)),
              ElementsAre("move s0 n1->n3 (balance)", "move s1 n0->n4 (leader, balance)"));
}

}  // namespace
}  // namespace shardproof::distribution
