// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/membership_change.hpp"

#include <gtest/gtest.h>

#include "sim/snapshot/snapshot_builder.hpp"

namespace shardproof::sim {
namespace {

/// Nodes a1, a2 in zone a, b1 in zone b of 100 bytes each; s0 on a1, b1, s1 on b1, a2, s2 on a1.
ClusterSnapshot sample() {
  SnapshotBuilder builder;
  for (const char* name : {"a1", "a2", "b1"}) {
    SnapshotNode node;
    node.name = name;
    node.zone = std::string(1, name[0]);
    node.capacity.disk = Bytes(100);
    builder.add(node);
  }
  const std::pair<const char*, std::vector<std::string>> shards[] = {
      {"s0", {"a1", "b1"}}, {"s1", {"b1", "a2"}}, {"s2", {"a1"}}};
  for (const auto& [name, replicas] : shards) {
    SnapshotShard shard;
    shard.name = name;
    shard.collection = "c";
    shard.replicas = replicas;
    builder.add(shard);
  }
  auto snapshot = builder.finish();
  EXPECT_TRUE(snapshot.has_value());
  return std::move(*snapshot);
}

std::string error_of(const MembershipChange& change) {
  const auto result = changed(sample(), change);
  return result ? "accepted" : result.error().message;
}

TEST(MembershipChange, AddedNodesGoToTheSmallestZoneInRacksOfTheirOwn) {
  MembershipChange change;
  change.add = {{2, "", ""}, {1, "a", "b1"}};
  const auto result = changed(sample(), change);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->nodes, (std::vector<std::string>{"a1", "a2", "b1", "new-0", "new-1", "new-2"}));
  EXPECT_EQ(result->zones, (std::vector<std::string>{"a", "a", "b", "b", "a", "a"}));
  const auto& nodes = result->view.nodes;
  EXPECT_EQ(nodes[3].domain.zone, nodes[2].domain.zone);
  EXPECT_EQ(nodes[3].capacity.disk, Bytes(100));
  for (std::size_t i = 3; i < nodes.size(); ++i) {
    EXPECT_TRUE(takes_copies(nodes[i]));
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(nodes[i].domain.rack, nodes[j].domain.rack);
  }
}

TEST(MembershipChange, ARemovedNodesCopiesAreMissingAndAnotherReplicaLeads) {
  MembershipChange change;
  change.remove = {"b1"};
  const auto result = changed(sample(), change);
  ASSERT_TRUE(result.has_value());
  const auto& shards = result->view.shards;
  EXPECT_EQ(shards[0].replicas, std::vector<NodeId>{NodeId(0)});
  EXPECT_EQ(shards[1].replicas, std::vector<NodeId>{NodeId(1)});
  EXPECT_EQ(shards[1].leader, NodeId(1));
  EXPECT_EQ(shards[1].replication_factor, 2u);
  EXPECT_EQ(living_copies(result->view, shards[1]), 1u);
}

TEST(MembershipChange, DrainsAndWeightsAreNoted) {
  MembershipChange change;
  change.drain = {"a2"};
  change.weigh = {{"b1", Bytes(300)}};
  const auto result = changed(sample(), change);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->view.nodes[1].state, NodeState::Draining);
  EXPECT_EQ(result->view.nodes[2].capacity.disk, Bytes(300));
}

TEST(MembershipChange, ExcludedNodesTakeNothingAndPinnedCollectionsStay) {
  MembershipChange change;
  change.exclude = {"a2"};
  change.pin = {"c"};
  const auto result = changed(sample(), change);
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(distribution::takes_copies(result->view.nodes[1]));
  EXPECT_TRUE(distribution::takes_copies(result->view.nodes[0]));
  for (const auto& shard : result->view.shards) EXPECT_TRUE(shard.pinned);
  change.drain = {"a2"};
  EXPECT_EQ(error_of(change), "node \"a2\" is excluded, and drains, is down or removed");
}

TEST(MembershipChange, WhatCannotBeIsToldWithASuggestion) {
  MembershipChange unknown;
  unknown.drain = {"a3"};
  EXPECT_EQ(error_of(unknown).substr(0, 12), "no node \"a3\"");
  MembershipChange zone;
  zone.add = {{1, "aa", ""}};
  EXPECT_EQ(error_of(zone).substr(0, 12), "no zone \"aa\"");
  MembershipChange both;
  both.drain = {"a2"};
  both.remove = {"a2"};
  EXPECT_EQ(error_of(both), "node \"a2\" cannot both drain and be removed");
  MembershipChange lossy;
  lossy.remove = {"a1"};
  EXPECT_EQ(error_of(lossy),
            "removing nodes would lose 1 shard without another copy (c/s2): drain them instead");
  MembershipChange all;
  all.drain = {"a1", "a2", "b1"};
  EXPECT_EQ(error_of(all), "no node is left that takes copies");
}

}  // namespace
}  // namespace shardproof::sim
