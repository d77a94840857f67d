// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/assessment.hpp"

#include <algorithm>
#include <utility>

#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/packing.hpp"
#include "core/distribution/repair.hpp"
#include "core/distribution/replanning.hpp"
#include "sim/plan/scheduling.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

using Loads = std::vector<std::uint64_t>;

/// Packing more copies anew takes longer than a person waits for a figure of comparison.
constexpr std::uint64_t kPackedCopiesMax = 300'000;

/// What the nodes hold, by node index.
struct NodeLoads {
  std::array<Loads, kSkewDimensions> of;

  explicit NodeLoads(const dist::ClusterView& view) {
    for (Loads& loads : of) loads.resize(view.nodes.size());
    for (const dist::ShardView& shard : view.shards) add(shard);
  }
  Loads& loads(SkewDimension dimension) { return of[static_cast<std::size_t>(dimension)]; }

 private:
  void add(const dist::ShardView& shard) {
    for (const NodeId node : dist::planned_copies(shard)) {
      ++loads(SkewDimension::kShards)[node.value()];
      loads(SkewDimension::kBytes)[node.value()] += shard.bytes.count();
    }
    const NodeId leader = dist::planned_leader(shard);
    if (leader.is_none()) return;
    ++loads(SkewDimension::kLeaders)[leader.value()];
    loads(SkewDimension::kRequests)[leader.value()] += shard.requests_per_second;
  }
};

/// The nodes over which evenness is judged: those that take copies, and others that hold some.
std::vector<NodeId> weighed_nodes(const dist::ClusterView& view, const Loads& copies) {
  std::vector<NodeId> nodes;
  for (const dist::NodeView& node : view.nodes) {
    if (dist::takes_copies(node) || copies[node.id.value()] > 0) nodes.push_back(node.id);
  }
  return nodes;
}

Loads of_nodes(const Loads& loads, const std::vector<NodeId>& nodes) {
  Loads chosen;
  for (const NodeId node : nodes) chosen.push_back(loads[node.value()]);
  return chosen;
}

std::optional<ExactValue> fullest(const Loads& bytes, const Loads& disks) {
  std::size_t most = 0;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    if (static_cast<UInt128>(bytes[i]) * disks[most] >
        static_cast<UInt128>(bytes[most]) * disks[i]) {
      most = i;
    }
  }
  return ExactValue::fraction(bytes[most], disks[most]);
}

/// The fullest node's load by weight over that of all of them together.
std::optional<ExactValue> over_share(const Loads& loads, const Loads& weights) {
  UInt128 total = 0;
  UInt128 weight = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    total += loads[i];
    weight += weights[i];
    if (static_cast<UInt128>(loads[i]) * weights[most] >
        static_cast<UInt128>(loads[most]) * weights[i]) {
      most = i;
    }
  }
  if (total == 0) return std::nullopt;
  return ExactValue::fraction(loads[most] * weight, weights[most] * total);
}

PlanSkew skew_of(const ClusterSnapshot& snapshot, const dist::ClusterView& view) {
  PlanSkew skew;
  NodeLoads loads(view);
  const std::vector<NodeId> nodes = weighed_nodes(view, loads.loads(SkewDimension::kShards));
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    skew.of[i] = sim::skew_of(of_nodes(loads.of[i], nodes));
  }
  const Loads weights = of_nodes(dist::node_weights(view), nodes);
  skew.copies_over_share =
      over_share(of_nodes(loads.loads(SkewDimension::kShards), nodes), weights);
  if (!snapshot.knows_bytes) return skew;
  skew.bytes_over_share = over_share(of_nodes(loads.loads(SkewDimension::kBytes), nodes), weights);
  Loads disks;
  for (const NodeId node : nodes) disks.push_back(view.node(node).capacity.disk.count());
  if (nodes.empty() || std::find(disks.begin(), disks.end(), 0U) != disks.end()) return skew;
  const Loads bytes = of_nodes(loads.loads(SkewDimension::kBytes), nodes);
  skew.bytes_by_capacity = weighted_skew_of(bytes, disks);
  skew.fullest_disk = fullest(bytes, disks);
  return skew;
}

bool is_between_zones(const dist::ClusterView& view, const dist::Move& move) {
  return !same_domain(view.node(move.source).domain, view.node(move.target).domain,
                      DomainLevel::Zone);
}

/// Of the shard that moves most often. Ids of a snapshot's shards are their indices.
std::uint64_t most_moves(const dist::ClusterView& view, const std::vector<dist::Move>& moves) {
  std::vector<std::uint64_t> of_shard(view.shards.size());
  for (const dist::Move& move : moves) {
    if (move.kind != dist::MoveKind::LeaderTransfer) ++of_shard[move.shard.value()];
  }
  return *std::max_element(of_shard.begin(), of_shard.end());
}

/// Copies that are still where they have to leave, and copies that are still missing.
std::uint64_t unplaced(const dist::ClusterView& view) {
  std::uint64_t count = 0;
  for (const dist::ShardView& shard : view.shards) {
    for (const NodeId node : dist::planned_copies(shard)) {
      count += view.node(node).state == NodeState::Draining ? 1 : 0;
    }
    const std::uint32_t living = dist::living_copies(view, shard);
    count += shard.replication_factor - std::min(living, shard.replication_factor);
  }
  return count;
}

PlanCost cost_of(const dist::ClusterView& view, const CarriedOut& carried) {
  PlanCost cost;
  for (const dist::Move& move : carried.moves) {
    if (move.kind == dist::MoveKind::LeaderTransfer) {
      ++cost.leader_transfers;
      continue;
    }
    ++cost.moves;
    cost.bytes += move.bytes;
    if (is_between_zones(view, move)) cost.bytes_between_zones += move.bytes;
  }
  cost.bounces = carried.replanning.bounces;
  cost.moves_of_shard = most_moves(view, carried.moves);
  cost.unplaced = unplaced(carried.after);
  return cost;
}

/// `full` over the mean load by weight; nothing without a load.
std::optional<ExactValue> over_mean(const dist::WeightedLoad& full, UInt128 total,
                                    UInt128 weights) {
  if (total == 0) return std::nullopt;
  return ExactValue::fraction(full.amount * weights, full.weight * total);
}

/// What the members can hold of all copies: of each shard no more than one on each.
struct Totals {
  std::uint64_t copies = 0;
  std::uint64_t bytes = 0;
};

Totals placeable(const dist::ClusterView& view, const std::vector<bool>& members) {
  const auto nodes = static_cast<std::size_t>(std::count(members.begin(), members.end(), true));
  Totals totals;
  for (const dist::ShardView& shard : view.shards) {
    const std::size_t copies = std::min(dist::planned_copies(shard).size(), nodes);
    totals.copies += copies;
    totals.bytes += shard.bytes.count() * copies;
  }
  return totals;
}

std::optional<BestBalance> best_balance(const dist::ClusterView& view,
                                        const std::vector<bool>& members, dist::PackedLoad load,
                                        std::uint64_t total, std::uint64_t copies) {
  const std::vector<std::uint64_t> weights = dist::node_weights(view);
  UInt128 weight = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) weight += members[i] ? weights[i] : 0;
  const auto bound = over_mean(dist::packing_bound(view, members, load), total, weight);
  if (!bound) return std::nullopt;
  BestBalance best{*bound, std::nullopt};
  if (copies <= kPackedCopiesMax) {
    best.found = over_mean(dist::pack(view, members, load).fullest, total, weight);
  }
  return best;
}

PlannedMove named(const ClusterSnapshot& snapshot, const dist::Move& move) {
  const std::size_t shard = move.shard.value();
  return {snapshot.collections[snapshot.view.shards[shard].collection.value()],
          snapshot.shards[shard],
          snapshot.nodes[move.source.value()],
          snapshot.nodes[move.target.value()],
          std::string(to_string(move.kind)),
          std::string(to_string(move.reason)),
          snapshot.knows_bytes ? std::optional(move.bytes) : std::nullopt};
}

}  // namespace

CarriedOut carry_out(const ClusterSnapshot& snapshot, const dist::RebalancePolicy& policy,
                     const PlanOptions& options) {
  CarriedOut carried;
  carried.after = snapshot.view;
  dist::Plan repairs = dist::plan_repairs(carried.after, options.rebalance.disk_watermark);
  dist::apply(carried.after, repairs);
  carried.moves = std::move(repairs.moves);
  carried.replanning = dist::replan(policy, options.rebalance, carried.after, options.rounds_max,
                                    [&](const dist::Move& move) { carried.moves.push_back(move); });
  return carried;
}

PlannedCluster describe(std::string name, const ClusterSnapshot& snapshot,
                        const PlanOptions& options) {
  const dist::ClusterView& view = snapshot.view;
  PlannedCluster cluster;
  cluster.name = std::move(name);
  for (const dist::NodeView& node : view.nodes) cluster.nodes += node.state != NodeState::Removed;
  cluster.shards = view.shards.size();
  Bytes bytes;
  for (const dist::ShardView& shard : view.shards) {
    const std::size_t copies = dist::planned_copies(shard).size();
    cluster.copies += copies;
    bytes += shard.bytes * copies;
  }
  cluster.before = skew_of(snapshot, view);
  // What is missing is made first, whatever the policy: it has to be copied, too.
  dist::ClusterView whole = view;
  const dist::Plan repairs = dist::plan_repairs(whole, options.rebalance.disk_watermark);
  dist::apply(whole, repairs);
  const std::vector<bool> members = dist::members_after_changes(whole);
  const Totals totals = placeable(whole, members);
  const dist::MigrationMinimum minimum = dist::migration_minimum(whole, members);
  cluster.copies_minimum = repairs.moves.size() + minimum.copies;
  cluster.best_copies =
      best_balance(whole, members, dist::PackedLoad::Copies, totals.copies, totals.copies);
  if (!snapshot.knows_bytes) return cluster;
  cluster.bytes = bytes;
  cluster.best_bytes =
      best_balance(whole, members, dist::PackedLoad::Bytes, totals.bytes, totals.copies);
  cluster.bytes_minimum = repairs.bytes() + minimum.bytes;
  cluster.bytes_to_even = repairs.bytes() + minimum.bytes_to_even;
  return cluster;
}

PolicyPlan assess(std::string policy, const ClusterSnapshot& snapshot, const CarriedOut& carried,
                  const PlanOptions& options) {
  PolicyPlan plan;
  plan.policy = std::move(policy);
  plan.rounds = carried.replanning.rounds;
  plan.is_quiet = carried.replanning.is_quiet;
  plan.cost = cost_of(snapshot.view, carried);
  plan.after = skew_of(snapshot, carried.after);
  schedule(snapshot, carried.moves, options, plan);
  for (const dist::Move& move : carried.moves) {
    if (plan.moves.size() == options.moves_shown) break;
    plan.moves.push_back(named(snapshot, move));
  }
  return plan;
}

}  // namespace shardproof::sim
