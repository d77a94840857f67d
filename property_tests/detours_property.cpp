// SPDX-License-Identifier: Apache-2.0
//
// What a draft makes of any sequence of moves, against a view to which each was applied at once.

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/rebalance/draft.hpp"
#include "core/distribution/rebalance/greedy.hpp"
#include "property_tests/distribution_generators.hpp"
#include "property_tests/plan_laws.hpp"

namespace shardproof::distribution {
namespace {

std::vector<NodeId> sorted(std::vector<NodeId> nodes) {
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

bool holds(const ShardView& shard, NodeId node) {
  return std::find(shard.replicas.begin(), shard.replicas.end(), node) != shard.replicas.end();
}

std::size_t lost_copies(const ShardView& before, const ShardView& after) {
  return static_cast<std::size_t>(std::count_if(before.replicas.begin(), before.replicas.end(),
                                                [&](NodeId node) { return !holds(after, node); }));
}

std::size_t data_moves(const Plan& plan, ShardId shard) {
  return static_cast<std::size_t>(std::count_if(
      plan.moves.begin(), plan.moves.end(),
      [&](const Move& move) { return move.shard == shard && move.kind == MoveKind::Move; }));
}

/// Naively: whether one of all orders takes the shard there directly, the draining nodes first and
/// without losing a domain after them.
bool is_direct_way_legal(const ClusterView& view, const ShardView& before, const ShardView& after) {
  const auto drains = [&](NodeId node) { return view.node(node).state == NodeState::Draining; };
  std::vector<NodeId> gone;
  std::vector<NodeId> come;
  for (const NodeId node : sorted(before.replicas)) {
    if (!holds(after, node)) gone.push_back(node);
  }
  for (const NodeId node : sorted(after.replicas)) {
    if (!holds(before, node)) come.push_back(node);
  }
  const auto is_legal = [&] {
    std::vector<NodeId> copies = before.replicas;
    for (std::size_t i = 0; i < gone.size(); ++i) {
      if (i > 0 && drains(gone[i]) && !drains(gone[i - 1])) return false;
      const std::vector<NodeId> then = copies;
      std::replace(copies.begin(), copies.end(), gone[i], come[i]);
      if (!drains(gone[i]) && loses_domains(view, then, copies)) return false;
    }
    return true;
  };
  do {
    do {
      if (is_legal()) return true;
    } while (std::next_permutation(come.begin(), come.end()));
  } while (std::next_permutation(gone.begin(), gone.end()));
  return false;
}

/// A draft driven at random in the order of a policy's goals, and the naive twin.
class Twins {
 public:
  Twins(const ClusterView& view, Random& random)
      : random_(random), draft_(view, options_), naive(view) {}

  void drain() {
    for (const NodeView& node : naive.nodes) {
      if (node.state != NodeState::Draining || !node.alive) continue;
      const std::vector<CopyIndex> leaving = draft_.copies_on(node.id);
      for (const CopyIndex copy : leaving) {
        if (!draft_.is_free(draft_.shard_of(copy))) continue;
        if (const auto target = any_target(copy, 3)) move(copy, *target, MoveReason::Drain);
      }
    }
  }

  /// As often as there are copies, or twice.
  void walk(MoveReason reason) {
    const std::size_t copies = count_copies();
    for (std::size_t i = 0; i < 2 * copies; ++i) {
      const auto copy = any_below(random_, static_cast<std::uint32_t>(copies));
      const ShardIndex shard = draft_.shard_of(copy);
      if (!draft_.is_whole(shard) || !draft_.takes_copies(draft_.node_of(copy))) continue;
      if (reason == MoveReason::Balance && random_.below(4) == 0) {
        transfer(shard, draft_.node_of(copy));
      } else if (const auto target = any_step(copy, reason)) {
        move(copy, *target, reason);
      }
    }
  }

  Plan finish() { return draft_.finish(); }

 private:
  std::size_t count_copies() const {
    std::size_t copies = 0;
    for (const ShardView& shard : naive.shards) copies += shard.replicas.size();
    return copies;
  }

  std::optional<NodeId> any_target(CopyIndex copy, std::uint32_t collision) {
    std::vector<NodeId> possible;
    for (const NodeView& node : naive.nodes) {
      if (draft_.may_move(copy, node.id, collision)) possible.push_back(node.id);
    }
    if (possible.empty()) return std::nullopt;
    return possible[any_below(random_, static_cast<std::uint32_t>(possible.size()))];
  }

  std::optional<NodeId> any_step(CopyIndex copy, MoveReason reason) {
    const std::uint32_t collision = draft_.collision(copy);
    if (reason == MoveReason::Balance) return any_target(copy, collision);
    return collision == 0 ? std::nullopt : any_target(copy, collision - 1);
  }

  void move(CopyIndex copy, NodeId target, MoveReason reason) {
    const NodeId source = draft_.node_of(copy);
    test::apply(naive, {draft_.shard(draft_.shard_of(copy)).id, source, target, MoveKind::Move,
                        reason, draft_.leads(copy), 1, Bytes(0)});
    draft_.move(copy, target, reason);
  }

  void transfer(ShardIndex shard, NodeId target) {
    const NodeId leader = draft_.leader_of(shard);
    if (leader == target || !draft_.takes_copies(leader)) return;
    test::apply(naive, {draft_.shard(shard).id, leader, target, MoveKind::LeaderTransfer,
                        MoveReason::Balance, true, 1, Bytes(0)});
    draft_.transfer_leader(shard, target, MoveReason::Balance);
  }

  RebalanceOptions options_;
  Random& random_;
  Draft draft_;

 public:
  ClusterView naive;
};

RC_GTEST_PROP(DetoursProperty, AnyWalkBecomesItsNetDifferenceInLegalSteps, ()) {
  Random random = any_stream();
  const ClusterView view = any_cluster(random, any_shape());
  ClusterView disturbed = view;
  disturb(random, disturbed);
  Twins twins(disturbed, random);
  twins.drain();
  twins.walk(MoveReason::Domain);
  twins.walk(MoveReason::Balance);
  const Plan plan = twins.finish();
  ClusterView end = disturbed;
  check_every_step(end, plan);
  for (std::size_t i = 0; i < end.shards.size(); ++i) {
    RC_ASSERT(sorted(end.shards[i].replicas) == sorted(twins.naive.shards[i].replicas));
    RC_ASSERT(end.shards[i].leader == twins.naive.shards[i].leader);
    const bool is_shortest =
        data_moves(plan, end.shards[i].id) == lost_copies(disturbed.shards[i], end.shards[i]);
    RC_ASSERT(is_shortest || !is_direct_way_legal(disturbed, disturbed.shards[i], end.shards[i]));
  }
  ClusterView without = disturbed;
  check_every_step(without, without_evenness(plan));
  RC_ASSERT(is_evenness_last(plan));
}

RC_GTEST_PROP(DetoursProperty, GreedyMovesNoMoreCopiesThanHaveToMove, ()) {
  Random random = any_stream();
  ClusterView view = any_cluster(random, any_shape());
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  const Plan plan = GreedyRebalance().plan(view, {});
  ClusterView end = view;
  test::apply(end, plan);
  for (std::size_t i = 0; i < end.shards.size(); ++i) {
    RC_ASSERT(data_moves(plan, end.shards[i].id) == lost_copies(view.shards[i], end.shards[i]));
  }
  check_every_step(view, without_evenness(plan));
  RC_ASSERT(is_evenness_last(plan));
}

}  // namespace
}  // namespace shardproof::distribution
