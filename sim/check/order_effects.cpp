// SPDX-License-Identifier: Apache-2.0
#include "sim/check/order_effects.hpp"

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/coordinator/cluster_settings.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

using message::AdminKind;

/// Of a limit: what was ordered, if anything was, and what the table has.
template <typename Limit>
bool is_kept(const std::optional<Limit>& ordered, const std::optional<Limit>& kept) {
  return !ordered || ordered == kept;
}

bool are_kept(const OrderedLimits& ordered, const OrderedLimits& kept) {
  return is_kept(ordered.moves_per_node, kept.moves_per_node) &&
         is_kept(ordered.moves_per_domain, kept.moves_per_domain) &&
         is_kept(ordered.moves_cluster_wide, kept.moves_cluster_wide) &&
         is_kept(ordered.bandwidth, kept.bandwidth);
}

/// ", with copies of s1, s4, s7"
std::string copies_left_text(const ShardTable& table, NodeId node) {
  std::vector<ShardId> left;
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    const bool is_there = contains(shard.replicas, node) || contains(shard.learners, node);
    if (is_there) left.push_back(shard.id);
  }
  return left.empty() ? ", with no copies left" : ", with copies of " + some_text(left);
}

std::string fault_in_node(const ShardTable& table, const message::AdminRequest& request) {
  const NodeId node = request.kind == AdminKind::Join ? request.record.id : request.node;
  const NodeRecord* record = table.find_node(node);
  const NodeState state = record == nullptr ? NodeState::Removed : record->state;
  const bool is_gone = state == NodeState::Removed;
  bool is_kept = false;
  switch (request.kind) {
    case AdminKind::Join: is_kept = !is_gone; break;
    case AdminKind::BeginMaintenance: is_kept = state == NodeState::Maintenance; break;
    case AdminKind::EndMaintenance: is_kept = state != NodeState::Maintenance; break;
    default: is_kept = is_gone;
  }
  if (is_kept) return {};
  std::string text = fmt::format("in the table {} is \"{}\"", node, to_string(state));
  if (request.kind == AdminKind::Drain || request.kind == AdminKind::Remove) {
    text += copies_left_text(table, node);
  }
  return text;
}

/// Of a move whether the copy is where it was to go, and not where it was.
std::string fault_in_shard(const ShardTable& table, const message::AdminRequest& request) {
  const ShardInfo* shard = table.find_shard(request.shard);
  if (shard == nullptr) return fmt::format("{} is not in the table", request.shard);
  if (!contains(shard->replicas, request.target)) {
    return fmt::format("{} is not in sync at {} in the table", shard->id, request.target);
  }
  if (!contains(shard->replicas, request.source)) return {};
  return fmt::format("{} is still in sync at {} in the table", shard->id, request.source);
}

std::string fault_in_collection(const ShardTable& table, const message::AdminRequest& request) {
  const CollectionConfig& wanted = request.collection;
  const CollectionConfig* kept = table.find_collection(wanted.database, wanted.name);
  if (kept == nullptr) return fmt::format("{} is not in the table", wanted.full_name());
  if (request.kind == AdminKind::SetReplication) {
    if (kept->replication_factor == wanted.replication_factor) return {};
    return fmt::format("shards of {} are to have {} copies in the table, not {}",
                       wanted.full_name(), kept->replication_factor, wanted.replication_factor);
  }
  if (request.kind == AdminKind::CreateCollection) return {};
  if (!kept->sharded) return fmt::format("{} is not sharded in the table", wanted.full_name());
  if (kept->moving_to.has_value()) {
    return fmt::format("documents of {} are still on their way to {}", wanted.full_name(),
                       kept->moving_to);
  }
  if (kept->num_shards != wanted.num_shards) {
    return fmt::format("{} has {} shards in the table, not {}", wanted.full_name(),
                       kept->num_shards, wanted.num_shards);
  }
  if (kept->shard_key == wanted.shard_key) return {};
  return fmt::format("{} is sharded by {} in the table, not by {}", wanted.full_name(),
                     fmt::join(kept->shard_key, ", "), fmt::join(wanted.shard_key, ", "));
}

std::string limits_fault(const OrderedLimits& kept) {
  const std::string text = describe(kept);
  return text.empty() ? "no limits of moves are in the table"
                      : fmt::format("the limits of moves in the table are {}", text);
}

std::string fault_in_settings(const ShardTable& table, const message::AdminRequest& request) {
  const ClusterSettings& kept = table.settings();
  switch (request.kind) {
    case AdminKind::SetBalancing:
      if (kept.balancing_enabled == request.flag) return {};
      return fmt::format("balancing is {} in the table", kept.balancing_enabled ? "on" : "off");
    case AdminKind::SetPolicy:
      if (kept.rebalance == request.policy) return {};
      return kept.rebalance.empty()
                 ? std::string("no policy is in the table")
                 : fmt::format("the policy in the table is \"{}\"", kept.rebalance);
    default:
      if (are_kept(request.limits, kept.limits)) return {};
      return limits_fault(kept.limits);
  }
}

}  // namespace

std::string missing_effect(const ShardTable& table, const message::AdminRequest& request) {
  switch (request.kind) {
    case AdminKind::Join:
    case AdminKind::Drain:
    case AdminKind::Remove:
    case AdminKind::BeginMaintenance:
    case AdminKind::EndMaintenance: return fault_in_node(table, request);
    case AdminKind::CreateCollection:
    case AdminKind::EnableSharding:
    case AdminKind::SetReplication: return fault_in_collection(table, request);
    case AdminKind::SetBalancing:
    case AdminKind::SetLimits:
    case AdminKind::SetPolicy: return fault_in_settings(table, request);
    case AdminKind::MoveShard: return fault_in_shard(table, request);
    case AdminKind::Rebalance:
    case AdminKind::AbortMigration:
    case AdminKind::ClusterStatus:
    case AdminKind::ShardStatus:
    case AdminKind::MigrationStatus: break;
  }
  return {};
}

}  // namespace shardproof::sim::check
