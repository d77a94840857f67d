// SPDX-License-Identifier: Apache-2.0
//
// Where a run stands between two events.
#include "sim/observe/record_text.hpp"
#include "sim/run/simulation.hpp"

namespace shardproof::sim {
namespace {

std::string process_text(const Cluster& cluster, NodeId node) {
  if (cluster.is_booting(node)) return "booting";
  if (cluster.is_running(node)) return "running";
  return cluster.is_down(node) ? "down" : "paused";
}

/// Whether a shard is anything else than led, complete and at rest.
bool is_in_change(const ShardTable& table, const ShardInfo& shard) {
  if (shard.id.is_none() || shard.status == ShardStatus::Retired) return false;
  const CollectionConfig* collection = table.find_collection(shard.collection);
  return shard.status != ShardStatus::Active || shard.migration || !shard.learners.empty() ||
         shard.fencing.has_value() || collection == nullptr ||
         shard.replicas.size() != collection->replication_factor;
}

}  // namespace

NodeStanding Simulation::standing(NodeId node) const {
  NodeStanding standing;
  standing.node = node;
  standing.process = process_text(cluster_, node);
  standing.is_coordinator = cluster_.metadata().holder(cluster_.now()) == node;
  standing.disk_used = cluster_.disk(node).used;
  standing.disk_operations = cluster_.disk_ops_in_flight(node);
  for (const ShardInfo& shard : cluster_.committed().shards()) {
    if (!shard.id.is_none() && shard.leader == node) standing.leads += 1;
  }
  if (!cluster_.is_up(node)) return standing;
  standing.table = cluster_.table(node).revision();
  standing.copies = cluster_.store(node).copies().size();
  return standing;
}

WorldState Simulation::state() const {
  WorldState state;
  state.time = cluster_.scenario_time();
  state.has_begun = cluster_.has_begun();
  state.event = cluster_.digest().events();
  state.digest = cluster_.digest().value();
  const ShardTable& table = cluster_.committed();
  state.committed = table.revision();
  for (std::uint32_t i = 0; i < cluster_.machine_count(); ++i) {
    state.nodes.push_back(standing(NodeId(i)));
  }
  for (const ShardInfo& shard : table.shards()) {
    if (!shard.id.is_none()) state.shards_total += 1;
    if (!is_in_change(table, shard)) continue;
    state.shards.push_back(fmt::format("{} {}", shard.id, text_of(shard)));
  }
  state.pending = pending();
  return state;
}

}  // namespace shardproof::sim
