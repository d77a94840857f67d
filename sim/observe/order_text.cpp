// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/order_text.hpp"

#include "core/coordinator/cluster_settings.hpp"

namespace shardproof::sim {
namespace {

const char* name_of(message::AdminKind kind) {
  using message::AdminKind;
  switch (kind) {
    case AdminKind::EnableSharding: return "enable_sharding";
    case AdminKind::CreateCollection: return "create_collection";
    case AdminKind::Join: return "join";
    case AdminKind::Drain: return "drain";
    case AdminKind::BeginMaintenance: return "begin maintenance of";
    case AdminKind::EndMaintenance: return "end maintenance of";
    case AdminKind::Remove: return "remove";
    case AdminKind::Rebalance: return "rebalance";
    case AdminKind::MoveShard: return "move shard";
    case AdminKind::AbortMigration: return "abort migration of";
    case AdminKind::SetBalancing: return "balancing";
    case AdminKind::SetReplication: return "replication of";
    case AdminKind::SetLimits: return "limits";
    case AdminKind::SetPolicy: return "policy";
    case AdminKind::ClusterStatus: return "cluster status";
    case AdminKind::ShardStatus: return "shard status of";
    case AdminKind::MigrationStatus: return "migration status";
  }
  return "?";
}

}  // namespace

std::string describe(const message::AdminRequest& request) {
  std::string text = name_of(request.kind);
  if (!request.collection.name.empty()) text += " " + request.collection.full_name();
  if (request.node.has_value()) text += fmt::format(" {}", request.node);
  if (request.shard.has_value()) text += fmt::format(" {}", request.shard);
  if (request.kind == message::AdminKind::MoveShard) {
    text += fmt::format(" from {} to {}", request.source, request.target);
  }
  if (request.kind == message::AdminKind::Remove && request.flag) text += " by force";
  if (request.kind == message::AdminKind::SetBalancing) text += request.flag ? " on" : " off";
  if (request.kind == message::AdminKind::SetReplication) {
    text += fmt::format(" at {}", request.collection.replication_factor);
  }
  if (request.kind == message::AdminKind::SetLimits) text += " " + describe(request.limits);
  if (request.kind == message::AdminKind::SetPolicy) text += " " + request.policy;
  return text;
}

}  // namespace shardproof::sim
