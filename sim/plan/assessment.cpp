// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/assessment.hpp"

#include <algorithm>
#include <utility>

#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/minimum_flow.hpp"
#include "core/distribution/repair.hpp"
#include "sim/plan/balance.hpp"
#include "sim/plan/scheduling.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

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

std::uint64_t missing(const dist::ClusterView& view) {
  std::uint64_t count = 0;
  for (const dist::ShardView& shard : view.shards) {
    const std::uint32_t living = dist::living_copies(view, shard);
    count += shard.replication_factor - std::min(living, shard.replication_factor);
  }
  return count;
}

/// Copies that are still where they have to leave, and copies that are still missing.
std::uint64_t unplaced(const dist::ClusterView& view) {
  std::uint64_t count = missing(view);
  for (const dist::ShardView& shard : view.shards) {
    for (const NodeId node : dist::planned_copies(shard)) {
      count += view.node(node).state == NodeState::Draining ? 1 : 0;
    }
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

/// Whether nothing keeps the members from holding even counts: all take copies, all shards may
/// move, and even with the largest shard on top what is then on a disk is below the watermark.
bool can_be_even(const dist::ClusterView& view, const std::vector<bool>& members, Ratio watermark) {
  Bytes largest;
  UInt128 bytes = 0;
  for (const dist::ShardView& shard : view.shards) {
    if (shard.pinned || shard.frozen) return false;
    largest = std::max(largest, shard.bytes);
    bytes += static_cast<UInt128>(shard.bytes.count()) * dist::planned_copies(shard).size();
  }
  const std::vector<std::uint64_t> weights = dist::node_weights(view);
  UInt128 weight = 0;
  for (std::size_t i = 0; i < members.size(); ++i) weight += members[i] ? weights[i] : 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i]) continue;
    if (!dist::takes_copies(view.nodes[i])) return false;
    const std::uint64_t disk = view.nodes[i].capacity.disk.count();
    if (disk == 0) continue;
    const UInt128 share = bytes * weights[i] / weight + largest.count();
    if (share > watermark.of(disk)) return false;
  }
  return true;
}

/// In a larger cluster the proof takes longer than the plans.
constexpr std::uint64_t kProvenCopiesMax = 60'000;

FewestMoves fewest_moves(const dist::ClusterView& whole, std::uint64_t repairs, Ratio watermark) {
  dist::MinimumFlowRequest request;
  request.disk_watermark = watermark;
  const dist::MinimumFlow flow = dist::minimum_flow(whole, request);
  return {repairs + flow.copies, flow.is_proven};
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
  cluster.before = plan_skew(view, snapshot.knows_bytes);
  // What is missing is made first, whatever the policy: it has to be copied, too.
  dist::ClusterView whole = view;
  const dist::Plan repairs = dist::plan_repairs(whole, options.rebalance.disk_watermark);
  dist::apply(whole, repairs);
  const std::vector<bool> members = dist::members_after_changes(whole);
  const bool is_bound =
      missing(whole) == 0 && can_be_even(whole, members, options.rebalance.disk_watermark);
  const dist::MigrationMinimum minimum = dist::migration_minimum(whole, members);
  if (is_bound) cluster.copies_minimum = repairs.moves.size() + minimum.copies;
  cluster.best_copies = best_balance(whole, members, dist::PackedLoad::Copies);
  cluster.best_leaders = best_balance_of_leaders(whole, members, dist::PackedLoad::Copies);
  cluster.best_requests = best_balance_of_leaders(whole, members, dist::PackedLoad::Requests);
  cluster.best_cpu = best_balance_of_cpu(whole, members);
  if (cluster.copies <= kProvenCopiesMax) {
    cluster.fewest_moves =
        fewest_moves(whole, repairs.moves.size(), options.rebalance.disk_watermark);
  }
  if (!snapshot.knows_bytes) return cluster;
  cluster.bytes = bytes;
  cluster.best_bytes = best_balance(whole, members, dist::PackedLoad::Bytes);
  if (!is_bound) return cluster;
  cluster.bytes_minimum = repairs.bytes() + minimum.bytes;
  cluster.bytes_to_even = repairs.bytes() + minimum.bytes_to_even;
  return cluster;
}

PolicyPlan assess(std::string policy, const ClusterSnapshot& snapshot, const CarriedOut& carried,
                  const PlanOptions& options) {
  PolicyPlan plan;
  plan.policy = std::move(policy);
  plan.options = options.rebalance.values;
  plan.label = dist::policy_label(plan.policy, plan.options);
  plan.rounds = carried.replanning.rounds;
  plan.is_quiet = carried.replanning.is_quiet;
  plan.cost = cost_of(snapshot.view, carried);
  plan.after = plan_skew(carried.after, snapshot.knows_bytes);
  schedule(snapshot, carried.moves, options, plan);
  for (const dist::Move& move : carried.moves) {
    if (plan.moves.size() == options.moves_shown) break;
    plan.moves.push_back(named(snapshot, move));
  }
  return plan;
}

}  // namespace shardproof::sim
