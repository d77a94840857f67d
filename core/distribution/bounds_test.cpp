// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/bounds.hpp"

#include <cstdint>
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "core/distribution/balanced_counts.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_node;
using test::add_shard;
using test::make_view;
using test::n;

/// Copies that must move when `shards` of one copy go from `before` to `after` equal nodes.
std::uint64_t scale_out(std::uint32_t shards, std::uint32_t before, std::uint32_t after) {
  ClusterView view = make_view(after);
  for (std::uint32_t i = 0; i < shards; ++i) add_shard(view, {n(i % before)});
  return migration_minimum(view, members_after_changes(view)).copies;
}

// Section 2.2 of the placement catalogue.
TEST(BoundsTest, AgreesWithThePublishedMinimaOfScalingOut) {
  EXPECT_EQ(scale_out(16384, 3, 4), 4096u);
  EXPECT_EQ(scale_out(16384, 5, 6), 2730u);
  EXPECT_EQ(scale_out(1024, 10, 11), 93u);
  EXPECT_EQ(scale_out(1024, 10, 12), 170u);
  EXPECT_EQ(scale_out(120, 10, 12), 20u);
  EXPECT_EQ(scale_out(1000, 7, 8), 125u);
  EXPECT_EQ(scale_out(4096, 16, 20), 816u);
}

TEST(BoundsTest, BalancedClusterNeedsNothing) { EXPECT_EQ(scale_out(17, 4, 4), 0u); }

TEST(BoundsTest, NodeThatLeavesGivesEverything) {
  ClusterView view = make_view(3);
  for (int i = 0; i < 6; ++i) add_shard(view, {n(static_cast<std::uint32_t>(i) % 3)});
  view.nodes[2].state = NodeState::Draining;
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)),
            (MigrationMinimum{2, Bytes(200), Bytes(200)}));
}

TEST(BoundsTest, GivesTheSmallestCopiesAndRoundsUpWhereThatSavesMost) {
  ClusterView view = make_view(3);
  for (const std::uint64_t bytes : {10, 20, 30}) add_shard(view, {n(0)}).bytes = Bytes(bytes);
  for (const std::uint64_t bytes : {1, 50, 60}) add_shard(view, {n(1)}).bytes = Bytes(bytes);
  // Seven copies on three nodes: 2, 2 and 3, so two of the first two nodes' copies may stay or go.
  add_shard(view, {n(2)}).bytes = Bytes(5);
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  EXPECT_EQ(minimum.copies, 1u);
  EXPECT_EQ(minimum.bytes, Bytes(1));
  EXPECT_EQ(minimum.bytes_to_even, Bytes((60 - 59) + (111 - 59)));
}

TEST(BoundsTest, EvenBytesTakeWhatIsAboveTheShares) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 3; ++i) add_shard(view, {n(0)}).bytes = Bytes(100);
  add_shard(view, {n(1)}).bytes = Bytes(100);
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)).bytes_to_even, Bytes(100));
  view.nodes[0].state = NodeState::Draining;
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)).bytes_to_even, Bytes(300));
}

TEST(BoundsTest, SharesFollowWeights) {
  ClusterView view = make_view(2);
  view.nodes[0].capacity.disk = Bytes(1000);
  view.nodes[1].capacity.disk = Bytes(3000);
  for (int i = 0; i < 8; ++i) add_shard(view, {n(0)});
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)).copies, 6u);
}

// By weight alone zone 0 would take twelve copies; it can hold one of each of the ten shards.
TEST(BoundsTest, WholePortionsFitIntoTheDomains) {
  ClusterView view = make_view(0);
  for (int i = 0; i < 14; ++i) {
    const std::uint64_t size = i < 3 ? 10'000 : i == 3 ? 20'000 : 1'000;
    add_node(view, static_cast<std::uint16_t>(i < 3 ? 0 : 1)).capacity.disk = Bytes(size);
  }
  for (std::uint32_t i = 0; i < 10; ++i) {
    add_shard(view, {n(i % 3), i < 9 ? n(3) : n(4)}).bytes = Bytes(1);
  }
  std::map<NodeId, std::pair<std::uint64_t, bool>> targets;
  for (const CountPool& pool : balanced_counts(view, members_after_changes(view))) {
    for (const CountTarget& target : pool.targets) {
      targets[target.node] = {target.floor, target.may_round_up};
    }
  }
  for (const std::uint32_t node : {0u, 1u, 2u}) EXPECT_EQ(targets[n(node)], std::pair(3ul, true));
  EXPECT_EQ(targets[n(3)], std::pair(10ul, false)) << "half of the fullest small node";
  for (std::uint32_t node = 4; node < 14; ++node) {
    EXPECT_EQ(targets[n(node)], std::pair(0ul, false));
  }
}

TEST(BoundsTest, NoNodeIsMeantToHoldAShardTwice) {
  ClusterView view = make_view(3);
  view.nodes[0].capacity.disk = Bytes(98'000);
  view.nodes[1].capacity.disk = Bytes(1'000);
  view.nodes[2].capacity.disk = Bytes(1'000);
  for (int i = 0; i < 4; ++i) add_shard(view, {n(1), n(2)});
  // By weight node 0 would hold seven or eight of the eight copies; it can hold four.
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)).copies, 4u);
}

TEST(BoundsTest, ZonesThatHoldACopyOfEverythingGiveNothingToOthers) {
  ClusterView view;
  for (const std::uint16_t zone : {0, 0, 1, 1, 1}) add_node(view, zone);
  for (std::uint32_t i = 0; i < 16; ++i) add_shard(view, {n(i % 2), n(2 + i % 2)});
  // Node 4 is new in its zone: 8, 8, 0 become 5, 5, 6. Over all nodes the share would be 6.4.
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)),
            (MigrationMinimum{5, Bytes(500), Bytes(532)}));
}

TEST(BoundsTest, InFlightMoveIsNotCountedAgain) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 2; ++i) add_shard(view, {n(0)});
  view.shards[0].move = InFlightMove{n(0), n(1)};
  EXPECT_EQ(migration_minimum(view, members_after_changes(view)).copies, 0u);
}

}  // namespace
}  // namespace shardproof::distribution
