// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/key_map_placement.hpp"

#include <set>

#include <gmock/gmock.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::make_view;
using test::nodes;

KeyMapPlacement placement(std::string_view algorithm) {
  return KeyMapPlacement(*find_key_algorithm(algorithm));
}

std::vector<NewShard> new_shards(std::uint32_t count, std::uint32_t first = 0, Bytes bytes = {}) {
  std::vector<NewShard> shards;
  for (std::uint32_t i = 0; i < count; ++i) {
    shards.push_back({ShardId(first + i), CollectionId(0), bytes});
  }
  return shards;
}

std::vector<std::uint64_t> first_copies(const std::vector<CopyList>& lists, std::uint32_t nodes) {
  std::vector<std::uint64_t> counts(nodes);
  for (const CopyList& copies : lists) ++counts[copies.front().value()];
  return counts;
}

TEST(KeyMapPlacement, IsTheAlgorithmsOwnWhereDomainsDoNotInterfere) {
  for (const std::string name : {"ring", "straw2", "maglev", "jump", "ketama"}) {
    const auto lists =
        placement(name).place_all(make_view(7), new_shards(40), {.replication_factor = 3});
    ASSERT_TRUE(lists);
    const auto map = key_map(name, 7);
    for (std::uint32_t i = 0; i < 40; ++i) {
      const std::string text = fmt::format("shard-{}", i);
      CopyList expected;
      for (const std::uint32_t node : map->replicas({text, stable_hash(text)}, 3)) {
        expected.push_back(NodeId(node));
      }
      EXPECT_EQ((*lists)[i], expected) << name;
    }
  }
}

/// Of six nodes in two zones one is down and one drains: the algorithm knows the other four.
TEST(KeyMapPlacement, CountsOnlyNodesThatTakeCopies) {
  ClusterView view = make_view(6);
  view.nodes[1].alive = false;
  view.nodes[3].state = NodeState::Draining;
  const auto lists = placement("mod").place_all(view, new_shards(100), {});
  ASSERT_TRUE(lists);
  const std::vector<NodeId> members = nodes({0, 2, 4, 5});
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ((*lists)[i].front(), members[stable_hash(fmt::format("shard-{}", i)) % 4]);
  }
}

/// Zone 1 has one node of 100, which is not among the 64 that are walked for every shard.
TEST(KeyMapPlacement, FindsTheOnlyNodeOfAnotherZone) {
  ClusterView view;
  for (std::uint32_t i = 0; i < 100; ++i) test::add_node(view, i == 90 ? 1 : 0);
  const auto lists = placement("ring").place_all(view, new_shards(50), {.replication_factor = 2});
  ASSERT_TRUE(lists);
  std::set<NodeId> first;
  for (const CopyList& copies : *lists) {
    EXPECT_TRUE(shardproof::contains(copies, NodeId(90)));
    first.insert(copies.front());
  }
  EXPECT_GT(first.size(), 20u) << "where the first copy goes is the ring's matter";
}

TEST(KeyMapPlacement, GoesByTheSizesOfDisks) {
  ClusterView view = make_view(4);
  std::uint64_t size = 0;
  for (NodeView& node : view.nodes) node.capacity.disk = Bytes(++size * 1'000'000'000'000);
  for (const std::string name : {"straw2", "directory", "slots", "random_slicing"}) {
    const auto lists = placement(name).place_all(view, new_shards(10'000), {});
    ASSERT_TRUE(lists);
    const auto counts = first_copies(*lists, 4);
    for (std::uint32_t node = 0; node < 4; ++node) {
      EXPECT_NEAR(static_cast<double>(counts[node]), 1000.0 * (node + 1), 300) << name;
    }
  }
}

/// A directory that has given three nodes four shards gives the two that have one less the next
/// two. A shard that has no copies is on none.
TEST(KeyMapPlacement, MeetsEarlierShardsFirstWhereLoadsCount) {
  ClusterView view = make_view(3);
  for (std::uint32_t i = 0; i < 4; ++i) test::add_shard(view, nodes({i % 3}));
  ShardView nowhere;
  nowhere.id = ShardId(9);
  view.shards.push_back(nowhere);
  const auto lists = placement("directory").place_all(view, new_shards(2, 4), {});
  ASSERT_TRUE(lists);
  EXPECT_EQ(*lists, (std::vector<CopyList>{nodes({1}), nodes({2})}));
}

TEST(KeyMapPlacement, GroupsHaveAsManyNodesAsAShardHasCopies) {
  const auto lists =
      placement("copysets").place_all(make_view(30), new_shards(2000), {.replication_factor = 5});
  ASSERT_TRUE(lists);
  std::set<std::set<NodeId>> groups;
  for (const CopyList& copies : *lists) groups.insert({copies.begin(), copies.end()});
  // Three permutations of six groups each, for a scatter width of ten.
  EXPECT_EQ(groups.size(), 18u);
}

TEST(KeyMapPlacement, FillsDisksOnlyToTheWatermark) {
  ClusterView view = make_view(2);
  test::give_disks(view, 1000);
  for (const std::string name : {"ring", "two_choice"}) {
    const auto lists = placement(name).place_all(view, new_shards(16, 0, Bytes(100)), {});
    ASSERT_TRUE(lists);
    EXPECT_EQ(first_copies(*lists, 2), (std::vector<std::uint64_t>{8, 8})) << name;
    EXPECT_FALSE(placement(name).place_all(view, new_shards(17, 0, Bytes(100)), {}));
  }
}

TEST(KeyMapPlacement, SaysWhatIsMissing) {
  ClusterView view = make_view(1);
  EXPECT_THAT(
      placement("jump").place(view, new_shards(1)[0], {.replication_factor = 2}).error().message,
      testing::StartsWith("shard s0 needs 2 nodes"));
  view.nodes[0].alive = false;
  EXPECT_THAT(placement("jump").place(view, new_shards(1)[0], {}).error().message,
              testing::StartsWith("shard s0 needs 1 nodes"));
}

}  // namespace
}  // namespace shardproof::distribution
