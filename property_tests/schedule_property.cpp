// SPDX-License-Identifier: Apache-2.0
//
// Admission of moves keeps its limits, against counting the slow way.

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/schedule.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};

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

}  // namespace
}  // namespace shardproof::distribution
