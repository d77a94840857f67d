// SPDX-License-Identifier: Apache-2.0
//
// Laws of placement, rebalancing, repair, admission and the movement bound, against naive models, on
// random clusters.

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/random.hpp"
#include "core/distribution/bounds.hpp"
#include "core/distribution/placement/greedy_ancestor.hpp"
#include "core/distribution/placement/rendezvous.hpp"
#include "core/distribution/rebalance/ancestor.hpp"
#include "core/distribution/rebalance/greedy.hpp"
#include "core/distribution/repair.hpp"
#include "core/distribution/schedule.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};

/// Everything random in these tests comes from one number, which RapidCheck draws and shrinks.
Random any_stream() { return Random(*rc::gen::arbitrary<std::uint64_t>()); }

std::uint32_t any_below(Random& random, std::uint32_t bound) {
  return static_cast<std::uint32_t>(random.below(bound));
}

/// `count` distinct ids below `bound`.
std::vector<NodeId> any_nodes(Random& random, std::uint32_t count, std::uint32_t bound) {
  std::vector<NodeId> nodes;
  while (nodes.size() < count) {
    const NodeId node(any_below(random, bound));
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
  }
  return nodes;
}

struct Shape {
  std::uint32_t nodes = 1;
  std::uint32_t zones = 1;
  std::uint32_t copies = 1;
  std::uint32_t shards = 0;
};

Shape any_shape() {
  const auto nodes = *rc::gen::inRange<std::uint32_t>(1, 13).as("nodes");
  const auto zones = *rc::gen::inRange<std::uint32_t>(1, 6).as("zones");
  const auto copies = *rc::gen::inRange<std::uint32_t>(1, std::min(nodes, 4u) + 1).as("copies");
  const auto shards = *rc::gen::inRange<std::uint32_t>(0, 60).as("shards");
  return {nodes, zones, copies, shards};
}

/// Nodes in random places of a small tree of domains, all active, all of unstated capacity.
ClusterView any_nodes_of(Random& random, const Shape& shape) {
  ClusterView view;
  for (std::uint32_t i = 0; i < shape.nodes; ++i) {
    NodeView& node = test::add_node(view);
    node.domain.region = static_cast<std::uint16_t>(random.below(2));
    node.domain.zone = static_cast<std::uint16_t>(random.below(shape.zones));
    node.domain.rack = static_cast<std::uint16_t>(random.below(3));
  }
  return view;
}

void add_any_shards(Random& random, const Shape& shape, ClusterView& view) {
  for (std::uint32_t i = 0; i < shape.shards; ++i) {
    ShardView& shard = test::add_shard(view, any_nodes(random, shape.copies, shape.nodes));
    shard.bytes = Bytes(random.below(1000));
  }
}

ClusterView any_cluster(Random& random, const Shape& shape) {
  ClusterView view = any_nodes_of(random, shape);
  add_any_shards(random, shape, view);
  return view;
}

/// Gives some nodes another state and some shards an operation.
void disturb(Random& random, ClusterView& view) {
  for (NodeView& node : view.nodes) {
    const std::uint32_t what = any_below(random, 12);
    if (what == 0) node.state = NodeState::Draining;
    if (what == 1) node.state = NodeState::Maintenance;
    if (what == 2) node.alive = false;
  }
  for (ShardView& shard : view.shards) {
    if (random.below(8) == 0) shard.frozen = true;
  }
}

/// Disks of different sizes, so different weights, but far larger than all data.
void give_roomy_disks(Random& random, ClusterView& view) {
  for (NodeView& node : view.nodes)
    node.capacity.disk = Bytes(1'000'000'000 * (1 + random.below(4)));
}

bool has_duplicates(std::vector<NodeId> nodes) {
  std::sort(nodes.begin(), nodes.end());
  return std::adjacent_find(nodes.begin(), nodes.end()) != nodes.end();
}

const ShardView& shard_of(const ClusterView& view, const Move& move) {
  return view.shards[move.shard.value()];
}

RC_GTEST_PROP(PlacementProperty, CopiesAreDistinctAndOnAsManyDomainsAsThereAre, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  const ClusterView view = any_nodes_of(random, shape);
  const NewShard shard{ShardId(any_below(random, 1000)), CollectionId(0), {}};
  const auto copies =
      RendezvousPlacement().place(view, shard, {.replication_factor = shape.copies});
  RC_ASSERT(copies.has_value());
  RC_ASSERT(copies->size() == shape.copies);
  RC_ASSERT(!has_duplicates(*copies));
  std::vector<NodeId> all;
  for (const NodeView& node : view.nodes) all.push_back(node.id);
  for (const DomainLevel level : kLevels) {
    const std::size_t there_are = test::distinct_domains(view, all, level);
    RC_ASSERT(test::distinct_domains(view, *copies, level) ==
              std::min<std::size_t>(there_are, shape.copies));
  }
}

RC_GTEST_PROP(PlacementProperty, SameViewSamePlaces, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  const ClusterView view = any_cluster(random, shape);
  std::vector<NewShard> shards;
  for (std::uint32_t i = 0; i < 10; ++i) shards.push_back({ShardId(100 + i), CollectionId(1), {}});
  const PlacementOptions options{.replication_factor = shape.copies};
  const RendezvousPlacement rendezvous;
  const AncestorPlacement ancestor;
  for (const PlacementPolicy* policy : {static_cast<const PlacementPolicy*>(&rendezvous),
                                        static_cast<const PlacementPolicy*>(&ancestor)}) {
    RC_ASSERT(*policy->place_all(view, shards, options) ==
              *policy->place_all(view, shards, options));
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

/// Carries the plan out step by step and checks what has to hold at every one. `view` ends as planned.
void check_every_step(ClusterView& view, const Plan& plan) {
  for (const Move& move : plan.moves) {
    const ShardView before = shard_of(view, move);
    RC_ASSERT(!before.frozen);
    const NodeView& source = view.node(move.source);
    RC_ASSERT(takes_copies(view.node(move.target)));
    RC_ASSERT(source.alive);
    RC_ASSERT(source.state == NodeState::Active || move.reason == MoveReason::Drain);
    RC_ASSERT(source.state != NodeState::Maintenance || move.kind == MoveKind::LeaderTransfer);
    test::apply(view, move);
    const ShardView& after = shard_of(view, move);
    RC_ASSERT(!has_duplicates(after.replicas));
    RC_ASSERT(after.replicas.size() == before.replicas.size());
    const auto leader = std::find(after.replicas.begin(), after.replicas.end(), after.leader);
    RC_ASSERT(leader != after.replicas.end());
    if (move.reason == MoveReason::Drain) continue;
    for (const DomainLevel level : kLevels) {
      RC_ASSERT(test::distinct_domains(view, after.replicas, level) >=
                test::distinct_domains(view, before.replicas, level));
    }
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

RC_GTEST_PROP(GreedyProperty, DisksNeverPassTheWatermark, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  for (NodeView& node : view.nodes) {
    node.capacity.disk = Bytes(node.load.disk_used.count() + 1 + random.below(20'000));
  }
  disturb(random, view);
  const RebalanceOptions options;
  std::vector<Bytes> arrived(view.nodes.size());
  for (const Move& move : GreedyRebalance().plan(view, options).moves) {
    if (move.kind == MoveKind::LeaderTransfer) continue;
    Bytes& at_target = arrived[move.target.value()];
    at_target += move.bytes;
    RC_ASSERT(has_space(view.node(move.target), at_target, options.disk_watermark));
  }
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

/// Counts what is in flight the slow way.
struct Tally {
  const ClusterView& view;
  const MoveLimits& limits;
  const std::vector<ActiveMove>& active;

  std::size_t at(NodeId node) const {
    return static_cast<std::size_t>(std::count_if(
        active.begin(), active.end(),
        [&](const ActiveMove& move) { return move.source == node || move.target == node; }));
  }
  std::size_t in_domain_of(NodeId node) const {
    const auto there = [&](NodeId other) {
      return same_domain(view.node(node).domain, view.node(other).domain, limits.domain_level);
    };
    return static_cast<std::size_t>(std::count_if(
        active.begin(), active.end(),
        [&](const ActiveMove& move) { return there(move.source) || there(move.target); }));
  }
  std::size_t copying() const {
    return static_cast<std::size_t>(std::count_if(
        active.begin(), active.end(),
        [](const ActiveMove& move) { return move.kind != MoveKind::LeaderTransfer; }));
  }
  std::size_t of(ShardId shard) const {
    return static_cast<std::size_t>(std::count_if(
        active.begin(), active.end(), [&](const ActiveMove& move) { return move.shard == shard; }));
  }
};

MoveLimits any_limits(Random& random) {
  MoveLimits limits;
  limits.moves_per_node = any_below(random, 4);
  limits.moves_per_domain = any_below(random, 5);
  limits.domain_level = kLevels[random.below(3)];
  limits.moves_cluster_wide = any_below(random, 7);
  limits.bandwidth = Bandwidth(random.below(2) * random.below(1000));
  limits.bandwidth_shares = 1 + any_below(random, 5);
  return limits;
}

std::vector<Move> any_queue(Random& random, std::uint32_t nodes) {
  std::vector<Move> queue(any_below(random, 20));
  for (Move& move : queue) {
    move.shard = ShardId(any_below(random, 12));
    const auto ends = any_nodes(random, 2, nodes);
    move.source = ends[0];
    move.target = ends[1];
    move.kind = static_cast<MoveKind>(random.below(3));
    move.reason = static_cast<MoveReason>(random.below(4));
    move.living_copies = any_below(random, 3);
  }
  return queue;
}

void check_limits(const ClusterView& view, const MoveLimits& limits,
                  const std::vector<ActiveMove>& active) {
  const Tally tally{view, limits, active};
  const auto within = [](std::size_t count, std::uint32_t limit) {
    return limit == 0 || count <= limit;
  };
  RC_ASSERT(within(active.size(), limits.moves_cluster_wide));
  for (const NodeView& node : view.nodes) {
    RC_ASSERT(within(tally.at(node.id), limits.moves_per_node));
    RC_ASSERT(within(tally.in_domain_of(node.id), limits.moves_per_domain));
  }
  for (const ActiveMove& move : active) RC_ASSERT(tally.of(move.shard) == 1u);
  if (limits.bandwidth.is_unlimited()) return;
  RC_ASSERT(bandwidth_share(limits).bytes_per_second() * tally.copying() <=
            limits.bandwidth.bytes_per_second());
}

RC_GTEST_PROP(ScheduleProperty, LimitsHoldOverAnySequenceOfAdmissionsAndEnds, ()) {
  Random random = any_stream();
  const Shape shape{2 + any_below(random, 9), 3, 1, 0};
  const ClusterView view = any_nodes_of(random, shape);
  const MoveLimits limits = any_limits(random);
  std::vector<ActiveMove> active;
  for (int round = 0; round < 8; ++round) {
    const std::vector<Move> queue = any_queue(random, shape.nodes);
    for (const Admission& each : admit(queue, active, view, limits, Instant())) {
      const Move& move = queue[each.queue_index];
      active.push_back({move.shard, move.source, move.target, move.kind});
      check_limits(view, limits, active);
    }
    std::erase_if(active, [&](const ActiveMove&) { return random.below(3) == 0; });
  }
}

RC_GTEST_PROP(ScheduleProperty, NothingThatCouldStartIsLeftWaiting, ()) {
  Random random = any_stream();
  const Shape shape{2 + any_below(random, 9), 3, 1, 0};
  const ClusterView view = any_nodes_of(random, shape);
  const MoveLimits limits = any_limits(random);
  std::vector<Move> queue = any_queue(random, shape.nodes);
  std::vector<ActiveMove> active;
  std::vector<char> started(queue.size());
  for (const Admission& each : admit(queue, {}, view, limits, Instant())) {
    const Move& move = queue[each.queue_index];
    active.push_back({move.shard, move.source, move.target, move.kind});
    started[each.queue_index] = 1;
  }
  std::vector<Move> waiting;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if (!started[i]) waiting.push_back(queue[i]);
  }
  RC_ASSERT(admit(waiting, active, view, limits, Instant()).empty());
}

/// The cheapest way to give every member its share, rounded down or up, by trying all assignments of
/// copies to members (several copies of a shard on one node allowed, as in the bound).
struct BruteForce {
  std::vector<std::size_t> at;       // node of each copy now
  std::vector<std::uint64_t> bytes;  // of each copy
  std::vector<bool> members;
  std::vector<std::uint64_t> held;       // by node, in the assignment being tried
  std::optional<MigrationMinimum> best;  // fewest copies, then fewest bytes

  bool is_balanced() const {
    const auto count = static_cast<std::uint64_t>(std::count(members.begin(), members.end(), true));
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::uint64_t share = members[i] ? at.size() / count : 0;
      const std::uint64_t most = members[i] ? (at.size() + count - 1) / count : 0;
      if (held[i] < share || held[i] > most) return false;
    }
    return true;
  }
  void assign(std::size_t copy, MigrationMinimum cost) {
    if (copy == at.size()) {
      const bool better = !best || cost.copies < best->copies ||
                          (cost.copies == best->copies && cost.bytes < best->bytes);
      if (is_balanced() && better) best = cost;
      return;
    }
    for (std::size_t node = 0; node < members.size(); ++node) {
      if (!members[node]) continue;
      const bool moves = node != at[copy];
      ++held[node];
      assign(copy + 1,
             {cost.copies + moves, cost.bytes + Bytes(moves ? bytes[copy] : 0), Bytes(0)});
      --held[node];
    }
  }
};

RC_GTEST_PROP(BoundProperty, EqualsTheCheapestOfAllAssignments, ()) {
  Random random = any_stream();
  const auto node_count = *rc::gen::inRange<std::uint32_t>(1, 5);
  const auto copy_count = *rc::gen::inRange<std::uint32_t>(0, 7);
  ClusterView view = test::make_view(node_count);
  BruteForce brute;
  for (std::uint32_t i = 0; i < copy_count; ++i) {
    const NodeId node(any_below(random, node_count));
    const std::uint64_t bytes = random.below(10);
    test::add_shard(view, {node}).bytes = Bytes(bytes);
    brute.at.push_back(node.value());
    brute.bytes.push_back(bytes);
  }
  for (NodeView& node : view.nodes) {
    if (node.id.value() > 0 && random.below(3) == 0) node.state = NodeState::Draining;
  }
  brute.members = members_after_changes(view);
  brute.held.resize(node_count);
  brute.assign(0, {});
  RC_ASSERT(brute.best.has_value());
  const MigrationMinimum minimum = migration_minimum(view, brute.members);
  RC_ASSERT(minimum.copies == brute.best->copies);
  RC_ASSERT(minimum.bytes == brute.best->bytes);
}

/// All assignments of shards with two copies in two different zones: among the most even ones, the fewest
/// copies that move.
struct ZonedBruteForce {
  const ClusterView& view;
  std::vector<std::uint64_t> held;
  std::uint64_t least_squares = ~std::uint64_t{0};
  std::uint64_t fewest_moves = 0;

  void assign(std::size_t index, std::uint64_t moves) {
    if (index == view.shards.size()) {
      std::uint64_t squares = 0;
      for (const std::uint64_t count : held) squares += count * count;
      if (squares < least_squares || (squares == least_squares && moves < fewest_moves)) {
        least_squares = squares;
        fewest_moves = moves;
      }
      return;
    }
    for (const NodeView& a : view.nodes) {
      for (const NodeView& b : view.nodes) {
        if (a.id < b.id && a.domain.zone != b.domain.zone) place(index, a.id, b.id, moves);
      }
    }
  }
  void place(std::size_t index, NodeId a, NodeId b, std::uint64_t moves) {
    const auto& now = view.shards[index].replicas;
    const auto is_new = [&](NodeId node) {
      return std::find(now.begin(), now.end(), node) == now.end();
    };
    ++held[a.value()];
    ++held[b.value()];
    assign(index + 1, moves + is_new(a) + is_new(b));
    --held[a.value()];
    --held[b.value()];
  }
};

RC_GTEST_PROP(BoundProperty, HoldsUnderDomainsAndIsExactWhereEachZoneHasACopyOfEverything, ()) {
  Random random = any_stream();
  const auto zones = *rc::gen::inRange<std::uint32_t>(2, 4);
  ClusterView view;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::uint32_t zone = i < zones ? i : any_below(random, zones);
    test::add_node(view, static_cast<std::uint16_t>(zone));
  }
  const auto shards = *rc::gen::inRange<std::uint32_t>(0, 5);
  while (view.shards.size() < shards) {
    const auto nodes = any_nodes(random, 2, 5);
    if (test::distinct_domains(view, nodes, DomainLevel::Zone) == 2) test::add_shard(view, nodes);
  }
  ZonedBruteForce brute{view, std::vector<std::uint64_t>(5)};
  brute.assign(0, 0);
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  RC_ASSERT(minimum.copies <= brute.fewest_moves);
  if (zones == 2) RC_ASSERT(minimum.copies == brute.fewest_moves);
}

}  // namespace
}  // namespace shardproof::distribution
