// SPDX-License-Identifier: Apache-2.0
#include "sim/check/kept_orders.hpp"

#include <algorithm>
#include <optional>
#include <utility>

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

}  // namespace

void KeptOrders::on(const hook::Commanded& commanded, const At&) {
  open_.emplace(commanded.request->request, commanded.request);
}

void KeptOrders::on(const fact::AdminEnded& ended, const At& at) {
  const auto found = open_.find(ended.request);
  if (found == open_.end()) return;
  const message::AdminRequestRef request = std::move(found->second);
  open_.erase(found);
  // Who is deposed speaks of a table that is not the last.
  if (ended.outcome != message::AdminOutcome::Done) return;
  if (oracle_.table().coordinator().node != at.node) return;
  evaluated();
  const std::string fault = find_fault(*request);
  if (fault.empty()) return;
  report(at, {ShardId::none(), {at.node, request->node}, {}},
         fmt::format("{} says that the operator's command {} is done, and {}", at.node,
                     ended.request, fault));
}

std::string KeptOrders::find_fault(const message::AdminRequest& request) const {
  switch (request.kind) {
    case AdminKind::Join:
    case AdminKind::Drain:
    case AdminKind::Remove:
    case AdminKind::BeginMaintenance:
    case AdminKind::EndMaintenance: return find_fault_in_node(request);
    case AdminKind::CreateCollection:
    case AdminKind::EnableSharding:
    case AdminKind::SetReplication: return find_fault_in_collection(request);
    case AdminKind::SetBalancing:
    case AdminKind::SetLimits:
    case AdminKind::SetPolicy: return find_fault_in_settings(request);
    case AdminKind::Rebalance:
    case AdminKind::MoveShard:
    case AdminKind::AbortMigration:
    case AdminKind::ClusterStatus:
    case AdminKind::ShardStatus:
    case AdminKind::MigrationStatus: break;
  }
  return {};
}

std::string KeptOrders::find_fault_in_node(const message::AdminRequest& request) const {
  const NodeId node = request.kind == AdminKind::Join ? request.record.id : request.node;
  const NodeRecord* record = oracle_.table().find_node(node);
  const NodeState state = record == nullptr ? NodeState::Removed : record->state;
  const bool is_gone = state == NodeState::Removed;
  bool is_kept = false;
  switch (request.kind) {
    case AdminKind::Join: is_kept = !is_gone; break;
    case AdminKind::BeginMaintenance: is_kept = state == NodeState::Maintenance; break;
    case AdminKind::EndMaintenance: is_kept = state != NodeState::Maintenance; break;
    default: is_kept = is_gone;
  }
  return is_kept ? std::string() : fmt::format("{} is {} in the table", node, to_string(state));
}

std::string KeptOrders::find_fault_in_collection(const message::AdminRequest& request) const {
  const CollectionConfig& wanted = request.collection;
  const CollectionConfig* kept = oracle_.table().find_collection(wanted.database, wanted.name);
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
  return fmt::format("{} is sharded by another key in the table", wanted.full_name());
}

std::string KeptOrders::find_fault_in_settings(const message::AdminRequest& request) const {
  const ClusterSettings& kept = oracle_.table().settings();
  switch (request.kind) {
    case AdminKind::SetBalancing:
      if (kept.balancing_enabled == request.flag) return {};
      return fmt::format("balancing is {} in the table", kept.balancing_enabled ? "on" : "off");
    case AdminKind::SetPolicy:
      if (kept.rebalance == request.policy) return {};
      return fmt::format("the policy in the table is \"{}\", not \"{}\"", kept.rebalance,
                         request.policy);
    default:
      if (are_kept(request.limits, kept.limits)) return {};
      return "the limits of moves in the table are not those that were ordered";
  }
}

bool KeptOrders::is_off(Revision known) const {
  const ShardTable& table = oracle_.table();
  return !table.settings().balancing_enabled && table.modified({RecordKind::Settings, 0}) <= known;
}

void KeptOrders::on(const fact::PlanMade& plan, const At& at) {
  if (!plan.for_evenness) return;
  evaluated();
  if (!is_off(plan.revision)) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format("{} plans {} moves for evenness by the table of {}, in which balancing is off",
                     at.node, plan.balance_moves, plan.revision));
}

void KeptOrders::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    if (const auto* shard = std::get_if<ShardInfo>(&record)) check_move(*shard, commit.author, at);
    if (const auto* node = std::get_if<NodeRecord>(&record)) check_drain(*node, commit.author, at);
  }
}

void KeptOrders::check_move(const ShardInfo& after, NodeId author, const At& at) {
  if (!after.migration || !oracle_.knows(after.id)) return;
  const Migration& migration = *after.migration;
  const auto& known = oracle_.table().find_shard(after.id)->migration;
  const bool is_new = !known || known->id != migration.id;
  if (!is_new || migration.reason != MigrationReason::Balance) return;
  evaluated();
  if (!is_off(oracle_.shard(after.id).proposed_with)) return;
  report(at, {after.id, {author, migration.target}, {after.epoch}},
         fmt::format("{} begins migration {} from {} to {} for evenness, and balancing is off",
                     author, migration.id, migration.source, migration.target));
}

bool KeptOrders::knows_members(NodeId node) const {
  const ShardTable& table = oracle_.table();
  const Revision known = oracle_.node(node).adopted;
  const auto all_known = [&](const auto& records, RecordKind kind) {
    return std::all_of(records.begin(), records.end(), [&](const auto& record) {
      return record.id.is_none() || table.modified({kind, record.id.value()}) <= known;
    });
  };
  return all_known(table.nodes(), RecordKind::Node) &&
         all_known(table.collections(), RecordKind::Collection);
}

void KeptOrders::check_drain(const NodeRecord& after, NodeId author, const At& at) {
  const ShardTable& table = oracle_.table();
  const NodeRecord* before = table.find_node(after.id);
  const bool begins =
      before != nullptr && before->state == NodeState::Active && after.state == NodeState::Draining;
  // What was proposed beside it the coordinator could not know of.
  if (!begins || !knows_members(author)) return;
  evaluated();
  const auto& nodes = table.nodes();
  const auto left = static_cast<std::uint32_t>(
      std::count_if(nodes.begin(), nodes.end(), [&](const NodeRecord& other) {
        return other.id.has_value() && other.id != after.id && other.state == NodeState::Active;
      }));
  for (const CollectionConfig& collection : table.collections()) {
    const bool lives = collection.id.has_value() && collection.successor.is_none();
    if (!lives || collection.replication_factor <= left) continue;
    report(
        at, {ShardId::none(), {author, after.id}, {}},
        fmt::format("{} lets {} drain, although {} is to have {} copies of its shards, and {} "
                    "active nodes are left",
                    author, after.id, collection.full_name(), collection.replication_factor, left));
    return;
  }
}

}  // namespace shardproof::sim::check
