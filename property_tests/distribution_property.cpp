// SPDX-License-Identifier: Apache-2.0
//
// Laws of placement, rebalancing and repair on random clusters.

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/bounds.hpp"
#include "core/distribution/placement/greedy_ancestor.hpp"
#include "core/distribution/placement/rendezvous.hpp"
#include "core/distribution/rebalance/ancestor.hpp"
#include "core/distribution/rebalance/greedy.hpp"
#include "core/distribution/registry.hpp"
#include "core/distribution/repair.hpp"
#include "property_tests/distribution_generators.hpp"
#include "property_tests/plan_laws.hpp"

namespace shardproof::distribution {
namespace {

/// Whatever the policy prefers; the known bad one ignores domains.
RC_GTEST_PROP(PlacementProperty, CopiesAreDistinctAndOnAsManyDomainsAsThereAre, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  const ClusterView view = any_nodes_of(random, shape);
  const NewShard shard{ShardId(any_below(random, 1000)), CollectionId(0), {}};
  std::vector<NodeId> all;
  for (const NodeView& node : view.nodes) all.push_back(node.id);
  for (const PolicyInfo& info : placement_policies()) {
    if (info.name == "ancestor") continue;
    const auto copies =
        find_placement_policy(info.name)->place(view, shard, {.replication_factor = shape.copies});
    RC_ASSERT(copies.has_value());
    RC_ASSERT(copies->size() == shape.copies);
    RC_ASSERT(!has_duplicates(*copies));
    for (const DomainLevel level : kLevels) {
      const std::size_t there_are = test::distinct_domains(view, all, level);
      if (test::distinct_domains(view, *copies, level) ==
          std::min<std::size_t>(there_are, shape.copies)) {
        continue;
      }
      RC_FAIL(fmt::format("{}: fewer domains than there are", info.name));
    }
  }
}

/// In a cluster with drains, dead nodes, shards and disks that fill up: the same twice, and no copy
/// where none may be.
RC_GTEST_PROP(PlacementProperty, SameViewSameLegalPlaces, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView view = any_cluster(random, shape);
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  std::vector<NewShard> shards;
  for (std::uint32_t i = 0; i < 10; ++i) {
    shards.push_back({ShardId(100 + i), CollectionId(1), Bytes(random.below(100'000'000))});
  }
  const PlacementOptions options{.replication_factor = shape.copies};
  const auto places =
      static_cast<std::size_t>(std::count_if(view.nodes.begin(), view.nodes.end(), takes_copies));
  for (const PolicyInfo& info : placement_policies()) {
    const PlacementPolicy& policy = *find_placement_policy(info.name);
    const auto lists = policy.place_all(view, shards, options);
    const auto again = policy.place_all(view, shards, options);
    RC_ASSERT(lists.has_value() == again.has_value());
    if (!lists) continue;
    RC_ASSERT(*lists == *again);
    RC_ASSERT(places >= shape.copies);
    std::vector<Bytes> arrived = incoming_bytes(view);
    for (std::size_t i = 0; i < shards.size(); ++i) {
      for (const NodeId node : (*lists)[i]) {
        RC_ASSERT(takes_copies(view.node(node)));
        arrived[node.value()] += shards[i].bytes;
        RC_ASSERT(has_space(view.node(node), arrived[node.value()], options.disk_watermark));
      }
    }
  }
}

RC_GTEST_PROP(PlacementProperty, NewNodeTakesFromOthersAndNothingElseMoves, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView before = any_nodes_of(random, shape);
  // One level of domains: with several, a newcomer may change which wider domain is used.
  for (NodeView& node : before.nodes) node.domain.region = node.domain.rack = 0;
  const bool weighted = random.below(2) == 0;
  ClusterView after = before;
  test::add_node(after, static_cast<std::uint16_t>(random.below(shape.zones + 1))).domain.rack = 0;
  for (std::size_t i = 0; i < after.nodes.size(); ++i) {
    const Bytes disk(weighted ? 1000 + random.below(9000) : 0);
    after.nodes[i].capacity.disk = disk;
    if (i < before.nodes.size()) before.nodes[i].capacity.disk = disk;
  }
  const NodeId newcomer = after.nodes.back().id;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const NewShard shard{ShardId(i), CollectionId(0), {}};
    const PlacementOptions options{.replication_factor = shape.copies};
    const CopyList old_copies = *RendezvousPlacement().place(before, shard, options);
    const CopyList new_copies = *RendezvousPlacement().place(after, shard, options);
    std::size_t arrived = 0;
    for (const NodeId node : new_copies) {
      const bool held = std::find(old_copies.begin(), old_copies.end(), node) != old_copies.end();
      RC_ASSERT(held || node == newcomer);
      arrived += !held;
    }
    RC_ASSERT(arrived <= 1u);
  }
}

/// The newcomer to n equal nodes gets 1/(n+1) of the copies: within four standard deviations.
TEST(PlacementShare, NewcomerGetsItsShareOfTheCopies) {
  constexpr std::int64_t kKeys = 20'000;
  for (std::uint32_t n = 1; n <= 9; ++n) {
    std::vector<RendezvousNode> nodes;
    for (std::uint32_t i = 0; i <= n; ++i) nodes.push_back(rendezvous_node(NodeId(i), 1));
    std::int64_t moved = 0;
    for (std::int64_t key = 0; key < kKeys; ++key) {
      moved += rendezvous_order(fmt::format("key-{}", key), nodes).front() == NodeId(n);
    }
    const std::int64_t deviation = moved * (n + 1) - kKeys;
    EXPECT_LE(deviation * deviation, 16 * kKeys * n) << n << " nodes";
  }
}

RC_GTEST_PROP(GreedyProperty, EveryStepIsLegalAndThePlannedStateNeedsNoPlan, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  const Plan plan = GreedyRebalance().plan(view, {});
  check_every_step(view, plan);
  const Plan again = GreedyRebalance().plan(view, {});
  for (const Move& move : again.moves) RC_FAIL(fmt::format("planned again: {}", move));
}

RC_GTEST_PROP(GreedyProperty, PlanInFlightNeedsNoPlan, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  const RebalanceOptions counts_only{.balance_bytes = false, .balance_leaders = false};
  for (const Move& move : GreedyRebalance().plan(view, counts_only).moves) {
    ShardView& shard = view.shards[move.shard.value()];
    if (shard.move) return;  // a second move of one shard would wait for the first
    shard.move = InFlightMove{move.source, move.target};
    shard.learners.push_back(move.target);
  }
  RC_ASSERT(GreedyRebalance().plan(view, counts_only).empty());
}

RC_GTEST_PROP(GreedyProperty, EqualNodesWithoutDomainsEndWithinOneCopy, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  for (NodeView& node : view.nodes) node.domain = {};
  test::apply(view, GreedyRebalance().plan(view, {}));
  const auto counts = test::copy_counts(view);
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
  RC_ASSERT(*high - *low <= 1u);
}

RC_GTEST_PROP(GreedyProperty, EqualZonesEndSpreadAndWithinOneCopy, ()) {
  Random random = any_stream();
  const auto zones = *rc::gen::inRange<std::uint32_t>(1, 5);
  const auto per_zone = *rc::gen::inRange<std::uint32_t>(1, 4);
  const auto copies = *rc::gen::inRange<std::uint32_t>(1, zones + 1);
  ClusterView view = test::make_view(zones * per_zone, zones);
  add_any_shards(random, {zones * per_zone, zones, copies, any_below(random, 80)}, view);
  test::apply(view, GreedyRebalance().plan(view, {}));
  for (const ShardView& shard : view.shards) {
    RC_ASSERT(test::distinct_domains(view, shard.replicas, DomainLevel::Zone) == copies);
  }
  const auto counts = test::copy_counts(view);
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
  RC_ASSERT(*high - *low <= 1u);
}

RC_GTEST_PROP(GreedyProperty, JoinMovesTheMinimumAndOnlyToTheNewcomer, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView view = any_cluster(random, shape);
  for (NodeView& node : view.nodes) node.domain = {};
  const RebalanceOptions counts_only{.balance_bytes = false, .balance_leaders = false};
  test::apply(view, GreedyRebalance().plan(view, counts_only));
  test::add_node(view).domain = {};
  const auto minimum = migration_minimum(view, members_after_changes(view));
  const Plan plan = GreedyRebalance().plan(view, counts_only);
  for (const Move& move : plan.moves) RC_ASSERT(move.target == view.nodes.back().id);
  RC_ASSERT(plan.moves.size() == minimum.copies);
}

RC_GTEST_PROP(GreedyProperty, DrainedNodesEndEmptyUnlessAShardHasNowhereToGo, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView view = any_cluster(random, shape);
  for (NodeView& node : view.nodes) {
    if (random.below(3) == 0) node.state = NodeState::Draining;
  }
  const Plan plan = GreedyRebalance().plan(view, {});
  test::apply(view, plan);
  std::uint64_t left = 0;
  for (const NodeView& node : view.nodes) {
    if (node.state == NodeState::Draining) left += test::copy_counts(view)[node.id.value()];
  }
  RC_ASSERT(left == plan.unplaceable.size());
  const auto open =
      static_cast<std::uint32_t>(std::count_if(view.nodes.begin(), view.nodes.end(), takes_copies));
  RC_ASSERT(left == 0u || open < shape.copies);
}

RC_GTEST_PROP(AncestorProperty, EndsAtTheGreedyAssignmentWhateverWasThere, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView view = any_cluster(random, shape);
  ClusterView fresh = view;
  fresh.shards.clear();
  std::vector<NewShard> shards;
  for (const ShardView& shard : view.shards) shards.push_back({shard.id, shard.collection, {}});
  const auto expected =
      AncestorPlacement().place_all(fresh, shards, {.replication_factor = shape.copies});
  test::apply(view, AncestorRebalance().plan(view, {}));
  for (std::size_t i = 0; i < view.shards.size(); ++i) {
    CopyList wanted = (*expected)[i];
    RC_ASSERT(view.shards[i].leader == wanted.front());
    std::sort(wanted.begin(), wanted.end());
    RC_ASSERT(planned_copies(view.shards[i]) == wanted);
  }
}

RC_GTEST_PROP(RepairProperty, EveryShardWithALivingReplicaBecomesWholeWhereNodesSuffice, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView view = any_cluster(random, shape);
  for (NodeView& node : view.nodes) node.alive = random.below(3) != 0;
  const Plan plan = plan_repairs(view, Ratio(85, 100));
  std::uint32_t previous = 0;
  for (const Move& move : plan.moves) {
    RC_ASSERT(move.living_copies >= previous);
    previous = move.living_copies;
    RC_ASSERT(view.node(move.source).alive);
    test::apply(view, move);
    RC_ASSERT(!has_duplicates(shard_of(view, move).replicas));
  }
  const auto living =
      static_cast<std::uint32_t>(std::count_if(view.nodes.begin(), view.nodes.end(), takes_copies));
  for (const ShardView& shard : view.shards) {
    const std::uint32_t copies = living_replicas(view, shard);
    RC_ASSERT(copies == 0u || copies == std::min(living, shape.copies));
  }
}

}  // namespace
}  // namespace shardproof::distribution
