// SPDX-License-Identifier: Apache-2.0
//
// Laws that every rebalance policy keeps, run alone on random clusters: each step legal by a model
// that knows nothing of drafts, rest after few plans, no going back.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/registry.hpp"
#include "core/distribution/replanning.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};
/// Enough for a policy that makes ten moves in a plan to move each of 240 copies.
constexpr std::uint32_t kRoundsMax = 40;

/// All but the two known bad ones, of which one never rests and one knows no rules.
std::vector<std::string> policies() {
  std::vector<std::string> names;
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name != "ancestor") names.emplace_back(info.name);
  }
  return names;
}

const RebalancePolicy& policy(const std::string& name) { return *find_rebalance_policy(name); }

/// A cluster with requests, several collections and any trouble.
ClusterView any_loaded_cluster(Random& random) {
  ClusterView view = any_cluster(random, any_shape());
  for (ShardView& shard : view.shards) {
    shard.requests_per_second = random.below(200);
    shard.collection = CollectionId(any_below(random, 3));
  }
  for (NodeView& node : view.nodes) node.load = {};
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : shard.replicas) view.nodes[node.value()].load.disk_used += shard.bytes;
    view.nodes[shard.leader.value()].load.requests_per_second += shard.requests_per_second;
  }
  return view;
}

ClusterView any_troubled_cluster(Random& random) {
  ClusterView view = any_loaded_cluster(random);
  disturb(random, view);
  for (ShardView& shard : view.shards) {
    const std::uint32_t what = any_below(random, 16);
    if (what == 0) shard.pinned = true;
    if (what != 1 || shard.replicas.size() >= view.nodes.size()) continue;
    const NodeId source = shard.replicas.back();
    for (const NodeView& node : view.nodes) {
      if (std::find(shard.replicas.begin(), shard.replicas.end(), node.id) !=
          shard.replicas.end()) {
        continue;
      }
      shard.move = InFlightMove{source, node.id};
      shard.learners = {node.id};
      break;
    }
  }
  if (random.below(2) == 0) give_roomy_disks(random, view);
  return view;
}

bool holds(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

ShardView& shard_of(ClusterView& view, ShardId id) {
  return *std::find_if(view.shards.begin(), view.shards.end(),
                       [&](const ShardView& shard) { return shard.id == id; });
}

/// Why the move must not be made now; empty if it may.
std::string why_illegal(ClusterView& view, const Move& move) {
  const ShardView& shard = shard_of(view, move.shard);
  const NodeView& source = view.node(move.source);
  const NodeView& target = view.node(move.target);
  if (shard.frozen || shard.pinned || shard.move) return "the shard is not to be touched";
  if (!shard.learners.empty()) return "the shard is being repaired";
  if (target.state != NodeState::Active || !target.alive) return "the target takes nothing";
  if (!source.alive || source.state == NodeState::Removed) return "the source is not there";
  if (!holds(shard.replicas, move.source)) return "the source has no copy";
  const bool leads = shard.leader == move.source;
  if (move.moves_leader != leads) return "leadership is not where the move says";
  if (move.kind == MoveKind::LeaderTransfer) {
    if (!holds(shard.replicas, move.target)) return "the next leader has no copy";
    return leads ? "" : "the source does not lead";
  }
  if (move.kind != MoveKind::Move) return "a rebalance makes no copy more";
  if (holds(shard.replicas, move.target)) return "the target has a copy";
  if (source.state == NodeState::Maintenance) return "the source is to keep its copies";
  if ((source.state == NodeState::Draining) != (move.reason == MoveReason::Drain)) {
    return "drained is what drains, and nothing else";
  }
  if (move.bytes != shard.bytes) return "the bytes are not the shard's";
  return "";
}

/// Carries the plan out and checks each step; `view` ends as planned.
void check_steps(const std::string& name, ClusterView& view, const Plan& plan) {
  std::vector<Bytes> arrived(view.nodes.size());
  const ClusterView before = view;
  for (const Move& move : plan.moves) {
    const std::string reason = why_illegal(view, move);
    if (!reason.empty()) RC_FAIL(fmt::format("{}: {}: {}", name, move, reason));
    const std::vector<NodeId> copies = shard_of(view, move.shard).replicas;
    apply(view, move);
    if (move.kind == MoveKind::LeaderTransfer) continue;
    arrived[move.target.value()] += move.bytes;
    if (!has_space(before.node(move.target), arrived[move.target.value()], Ratio(85, 100))) {
      RC_FAIL(fmt::format("{}: {}: the disk is too full", name, move));
    }
    if (move.reason == MoveReason::Drain) continue;
    for (const DomainLevel level : kLevels) {
      const auto& then = shard_of(view, move.shard).replicas;
      if (test::distinct_domains(view, then, level) < test::distinct_domains(view, copies, level)) {
        RC_FAIL(fmt::format("{}: {}: fewer domains", name, move));
      }
    }
  }
}

RC_GTEST_PROP(RebalanceProperty, EveryStepIsLegal, ()) {
  Random random = any_stream();
  const ClusterView start = any_troubled_cluster(random);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    check_steps(name, view, policy(name).plan(view, {}));
  }
}

RC_GTEST_PROP(RebalanceProperty, StepsWithoutThoseForEvennessAreLegalToo, ()) {
  Random random = any_stream();
  const ClusterView start = any_troubled_cluster(random);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    Plan plan = policy(name).plan(view, {});
    std::erase_if(plan.moves, [](const Move& move) { return move.reason == MoveReason::Balance; });
    check_steps(name, view, plan);
  }
}

RC_GTEST_PROP(RebalanceProperty, DisksNeverPassTheWatermark, ()) {
  Random random = any_stream();
  ClusterView start = any_loaded_cluster(random);
  for (NodeView& node : start.nodes) {
    node.capacity.disk = Bytes(node.load.disk_used.count() + 1 + random.below(20'000));
  }
  disturb(random, start);
  for (const PolicyInfo& info : rebalance_policies()) {
    if (info.name == "ancestor") continue;
    ClusterView view = start;
    const std::string name(info.name);
    check_steps(name, view, policy(name).plan(view, {}));
  }
}

RC_GTEST_PROP(RebalanceProperty, SameStateSamePlan, ()) {
  Random random = any_stream();
  const ClusterView view = any_troubled_cluster(random);
  const ClusterView copy = view;
  for (const PolicyInfo& info : rebalance_policies()) {
    const auto& each = policy(std::string(info.name));
    RC_ASSERT(each.plan(view, {}).moves == each.plan(copy, {}).moves);
  }
}

ClusterView any_disturbed_cluster(Random& random) {
  ClusterView view = any_loaded_cluster(random);
  disturb(random, view);
  if (random.below(2) == 0) give_roomy_disks(random, view);
  return view;
}

RC_GTEST_PROP(RebalanceProperty, ComesToRest, ()) {
  Random random = any_stream();
  const ClusterView start = any_disturbed_cluster(random);
  for (const std::string& name : policies()) {
    ClusterView view = start;
    if (!replan(policy(name), {}, view, kRoundsMax).is_quiet) {
      RC_FAIL(name + " does not come to rest");
    }
  }
}

/// Once drains and domains are served: a node that gave a copy up for their sake may well get
/// another one of the shard for evenness.
RC_GTEST_PROP(RebalanceProperty, NoShardGoesBackToANodeThatItLeftForEvenness, ()) {
  Random random = any_stream();
  const ClusterView start = any_disturbed_cluster(random);
  for (const std::string& name : policies()) {
    ClusterView view = start;
    Plan plan = policy(name).plan(view, {});
    std::erase_if(plan.moves, [](const Move& move) { return move.reason == MoveReason::Balance; });
    apply(view, plan);
    const Replanning result = replan(policy(name), {}, view, kRoundsMax);
    if (result.bounces > 0) RC_FAIL(name + " moves a shard back");
  }
}

RC_GTEST_PROP(RebalanceProperty, DrainedNodesEndEmptyUnlessAShardHasNowhereToGo, ()) {
  Random random = any_stream();
  const ClusterView start = [&] {
    ClusterView view = any_loaded_cluster(random);
    for (NodeView& node : view.nodes) {
      if (random.below(3) == 0) node.state = NodeState::Draining;
    }
    return view;
  }();
  const auto open = std::count_if(start.nodes.begin(), start.nodes.end(), takes_copies);
  for (const std::string& name : policies()) {
    if (name == "none") continue;
    ClusterView view = start;
    replan(policy(name), {}, view, kRoundsMax);
    for (const ShardView& shard : view.shards) {
      const auto left =
          std::count_if(shard.replicas.begin(), shard.replicas.end(),
                        [&](NodeId node) { return view.node(node).state == NodeState::Draining; });
      const auto copies = static_cast<std::ptrdiff_t>(shard.replicas.size());
      if (left > std::max<std::ptrdiff_t>(0, copies - open)) {
        RC_FAIL(fmt::format("{} leaves {} copies of {}", name, left, shard.id));
      }
    }
  }
}

/// The same cluster with its nodes under other ids.
ClusterView renumbered(Random& random, const ClusterView& view) {
  const auto count = static_cast<std::uint32_t>(view.nodes.size());
  const std::vector<NodeId> names = any_nodes(random, count, count);
  ClusterView result = view;
  const auto rename = [&](NodeId& node) { node = names[node.value()]; };
  for (const NodeView& node : view.nodes) {
    NodeView& there = result.nodes[names[node.id.value()].value()];
    there = node;
    rename(there.id);
  }
  for (ShardView& shard : result.shards) {
    for (NodeId& node : shard.replicas) rename(node);
    for (NodeId& node : shard.learners) rename(node);
    if (shard.leader.has_value()) rename(shard.leader);
    if (shard.move) {
      rename(shard.move->source);
      rename(shard.move->target);
    }
  }
  return result;
}

RC_GTEST_PROP(RebalanceProperty, NamesOfNodesAndOrderOfCopiesMakeNothingIllegal, ()) {
  Random random = any_stream();
  ClusterView start = renumbered(random, any_troubled_cluster(random));
  for (ShardView& shard : start.shards) std::reverse(shard.replicas.begin(), shard.replicas.end());
  for (const std::string& name : policies()) {
    ClusterView view = start;
    check_steps(name, view, policy(name).plan(view, {}));
  }
}

/// For the policies that promise it: a newcomer to a cluster at rest gets, and nobody else does.
RC_GTEST_PROP(RebalanceProperty, JoinMovesNothingBetweenOldNodes, ()) {
  Random random = any_stream();
  const Shape shape = any_shape();
  ClusterView start = any_cluster(random, shape);
  for (NodeView& node : start.nodes) node.domain = {};
  const RebalanceOptions counts_only{.balance_bytes = false, .balance_leaders = false};
  for (const std::string name : {"greedy"}) {
    ClusterView view = start;
    replan(policy(name), counts_only, view, kRoundsMax);
    test::add_node(view).domain = {};
    for (const Move& move : policy(name).plan(view, counts_only).moves) {
      RC_ASSERT(move.target == view.nodes.back().id);
    }
  }
}

}  // namespace
}  // namespace shardproof::distribution
