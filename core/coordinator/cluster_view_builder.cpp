// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/cluster_view_builder.hpp"

#include <algorithm>

#include "core/coordinator/leadership.hpp"
#include "core/coordinator/resharding.hpp"
#include "core/coordinator/tenure.hpp"

namespace shardproof {
namespace {

distribution::NodeView view_of(const NodeRecord& record, NodeId id, const Tenure& tenure,
                               const Step& step) {
  distribution::NodeView view;
  view.id = id;
  view.alive = tenure.detector.is_alive(id);
  view.state = record.id.is_none() ? NodeState::Removed : record.state;
  if (step.config.rules.is_on(Rule::DomainSpreadInMoves)) view.domain = record.domain;
  view.capacity = record.capacity;
  const LoadBook::NodeLoad& load = tenure.loads.node(id);
  if (view.capacity.disk == Bytes(0)) view.capacity.disk = load.disk_capacity;
  view.load = {load.disk_used, load.requests_per_second};
  return view;
}

/// Whether a node without a copy may yet return with the one it had.
bool may_return(const NodeRecord& node, const Tenure& tenure, const Step& step) {
  if (node.state == NodeState::Maintenance) return true;
  if (node.state != NodeState::Active || !tenure.detector.is_dead(node.id)) return false;
  return step.now < tenure.detector.dead_since(node.id) + step.config.timing.repair_delay;
}

bool has_copy(const ShardInfo& shard, NodeId node) {
  return contains(shard.replicas, node) || contains(shard.learners, node);
}

/// How many copies of the shard may yet come back by themselves. Which nodes had them is known for
/// those that left in this tenure; else it could be any that is away.
std::size_t returning_copies(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  const std::vector<NodeId>& holders = tenure.copies.stale_holders(shard.id);
  std::size_t count = 0;
  const auto consider = [&](const NodeRecord& node) {
    if (node.id.is_none() || has_copy(shard, node.id)) return;
    count += may_return(node, tenure, step);
  };
  if (holders.empty()) {
    for (const NodeRecord& node : step.table.nodes()) consider(node);
  } else {
    for (const NodeId holder : holders) consider(*step.table.find_node(holder));
  }
  return count;
}

bool waits_for_return(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  if (tenure.copies.short_of_copies().count(shard.id) == 0) return false;
  const std::size_t wanted = step.table.find_collection(shard.collection)->replication_factor;
  const std::size_t present = shard.replicas.size() + shard.learners.size();
  return present + returning_copies(shard, tenure, step) >= wanted;
}

/// Of those that count as copies. What is left of others on their nodes gives them nothing to do.
distribution::CpuLoad cpu_of(const ShardInfo& shard, const LoadBook::ShardLoad& load) {
  distribution::CpuLoad cpu{load.leader_inputs, 0};
  for (const LoadBook::CopyLoad& copy : load.copies) {
    if (copy.node == shard.leader || !contains(shard.replicas, copy.node)) continue;
    cpu.follower = std::max(cpu.follower, copy.follower_inputs);
  }
  return cpu;
}

distribution::ShardView view_of(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  distribution::ShardView view;
  view.id = shard.id;
  view.collection = shard.collection;
  view.replication_factor = step.table.find_collection(shard.collection)->replication_factor;
  view.leader = shard.leader;
  view.replicas.assign(shard.replicas.begin(), shard.replicas.end());
  view.learners.assign(shard.learners.begin(), shard.learners.end());
  for (const NodeId node : tenure.copies.stale_holders(shard.id)) {
    if (!contains(shard.learners, node)) view.stale_holders.push_back(node);
  }
  const LoadBook::ShardLoad& load = tenure.loads.shard(shard.id);
  view.bytes = load.bytes;
  view.requests_per_second = load.requests_per_second;
  view.cpu = cpu_of(shard, load);
  const bool count_moves = step.config.rules.is_on(Rule::PlannedMovesCount);
  if (shard.migration && count_moves) {
    view.move = {shard.migration->source, shard.migration->target};
  }
  view.leader_stays = copies_to_ask(shard, step) > 1;
  view.frozen = (shard.migration && !count_moves) || shard.status == ShardStatus::Offline ||
                tenure.proposals.is_busy(shard.id) || waits_for_return(shard, tenure, step);
  return view;
}

}  // namespace

distribution::NodeView build_node(NodeId node, const Tenure& tenure, const Step& step) {
  const NodeRecord* record = step.table.find_node(node);
  return view_of(record != nullptr ? *record : NodeRecord{}, node, tenure, step);
}

distribution::ClusterView build_node_view(const Tenure& tenure, const Step& step) {
  distribution::ClusterView view;
  const std::vector<NodeRecord>& nodes = step.table.nodes();
  view.nodes.reserve(nodes.size());
  for (std::uint32_t id = 0; id < nodes.size(); ++id) {
    view.nodes.push_back(view_of(nodes[id], NodeId(id), tenure, step));
  }
  return view;
}

distribution::ClusterView build_view(const Tenure& tenure, const Step& step) {
  distribution::ClusterView view = build_node_view(tenure, step);
  const std::vector<CollectionId> resharding = collections_in_resharding(step.table);
  view.counted_over = step.config.timing.report_interval;
  view.shards.reserve(step.table.shards().size());
  for (const ShardInfo& shard : step.table.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    view.shards.push_back(view_of(shard, tenure, step));
    // No migration may stand in the way of the commit that ends a resharding. A repair does not,
    // and must not wait for it: one shard that is lost for good keeps it from ever ending.
    view.shards.back().pinned = contains(resharding, shard.collection);
  }
  return view;
}

}  // namespace shardproof
