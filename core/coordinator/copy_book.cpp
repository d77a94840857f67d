// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/copy_book.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof {
namespace {

NodeList named_nodes(const ShardInfo& shard) {
  NodeList nodes = shard.replicas;
  if (shard.fencing.has_value()) nodes.push_back(shard.fencing);
  nodes.insert(nodes.end(), shard.learners.begin(), shard.learners.end());
  if (shard.migration) {
    nodes.push_back(shard.migration->source);
    nodes.push_back(shard.migration->target);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

void put(std::set<ShardId>& set, ShardId shard, bool belongs) {
  if (belongs) {
    set.insert(shard);
  } else {
    set.erase(shard);
  }
}

bool is_short(const ShardInfo& shard, const ShardTable& table) {
  if (shard.status == ShardStatus::Retired) return false;
  std::size_t copies = shard.replicas.size() + shard.learners.size();
  if (shard.migration && contains(shard.learners, shard.migration->target)) copies -= 1;
  return copies < table.find_collection(shard.collection)->replication_factor;
}

}  // namespace

const CopyBook::NodeCounts& CopyBook::at(NodeId node) const {
  static const NodeCounts kNothing{};
  return node.value() < nodes_.size() ? nodes_[node.value()] : kNothing;
}

CopyBook::NodeCounts& CopyBook::at(NodeId node) {
  if (node.value() >= nodes_.size()) nodes_.resize(node.value() + 1);
  return nodes_[node.value()];
}

void CopyBook::count(const Seen& seen, std::uint32_t by) {
  if (seen.named.empty()) return;
  statuses_[static_cast<std::size_t>(seen.status)] += by;
  if (seen.leader.has_value()) at(seen.leader).leads += by;
  for (const NodeId node : seen.named) at(node).named_by += by;
}

void CopyBook::on_shard(const ShardInfo& shard, const ShardTable& table) {
  if (shard.id.value() >= seen_.size()) seen_.resize(shard.id.value() + 1);
  Seen& seen = seen_[shard.id.value()];
  note_stale(seen, shard, table.find_collection(shard.collection)->replication_factor);
  count(seen, static_cast<std::uint32_t>(-1));
  seen = {shard.leader, shard.replicas, named_nodes(shard), shard.status};
  count(seen, 1);
  const auto leaving = leaving_.find(shard.id);
  if (leaving != leaving_.end() && !contains(seen.named, leaving->second)) forget_leaving(shard.id);
  put(short_of_copies_, shard.id, is_short(shard, table));
  put(in_motion_, shard.id, shard.migration.has_value() || !shard.learners.empty());
}

void CopyBook::on_leaving(ShardId shard, NodeId node) {
  forget_leaving(shard);
  leaving_.emplace(shard, node);
  at(node).leaving += 1;
}

void CopyBook::forget_leaving(ShardId shard) {
  const auto found = leaving_.find(shard);
  if (found == leaving_.end()) return;
  at(found->second).leaving -= 1;
  leaving_.erase(found);
}

void CopyBook::note_stale(const Seen& before, const ShardInfo& shard, std::size_t wanted) {
  // With all copies there, or none wanted any more, whoever has an old one drops it.
  if (shard.replicas.size() >= wanted || shard.status == ShardStatus::Retired) {
    stale_.erase(shard.id);
    return;
  }
  std::vector<NodeId> stale = stale_holders(shard.id);
  for (const NodeId node : before.replicas) {
    // The source of a migration that has switched is to drop its copy.
    if (shard.migration && shard.migration->source == node) continue;
    stale.push_back(node);
  }
  std::sort(stale.begin(), stale.end());
  stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
  std::erase_if(stale, [&](NodeId node) { return contains(shard.replicas, node); });
  stale_[shard.id] = std::move(stale);
}

const std::vector<NodeId>& CopyBook::stale_holders(ShardId shard) const {
  static const std::vector<NodeId> kNone;
  const auto found = stale_.find(shard);
  return found == stale_.end() ? kNone : found->second;
}

}  // namespace shardproof
