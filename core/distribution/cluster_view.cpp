// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/cluster_view.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::distribution {

std::size_t index_of(const ClusterView& view, ShardId shard) {
  const auto found =
      std::lower_bound(view.shards.begin(), view.shards.end(), shard,
                       [](const ShardView& each, ShardId wanted) { return each.id < wanted; });
  SHARDPROOF_CHECK(found != view.shards.end() && found->id == shard, "{} is not in the view",
                   shard);
  return static_cast<std::size_t>(found - view.shards.begin());
}

std::vector<NodeId> planned_copies(const ShardView& shard) {
  std::vector<NodeId> copies = shard.replicas;
  copies.insert(copies.end(), shard.learners.begin(), shard.learners.end());
  if (shard.move) {
    std::erase(copies, shard.move->source);
    copies.push_back(shard.move->target);
  }
  std::sort(copies.begin(), copies.end());
  copies.erase(std::unique(copies.begin(), copies.end()), copies.end());
  return copies;
}

NodeId planned_leader(const ShardView& shard) {
  return shard.move && shard.move->source == shard.leader ? shard.move->target : shard.leader;
}

std::uint32_t living_copies(const ClusterView& view, const ShardView& shard) {
  std::uint32_t count = 0;
  for (const NodeId node : planned_copies(shard)) count += keeps_copies(view.node(node));
  return count;
}

std::uint32_t living_replicas(const ClusterView& view, const ShardView& shard) {
  std::uint32_t count = 0;
  for (const NodeId node : shard.replicas) count += view.node(node).alive;
  return count;
}

Crowding crowding(const ClusterView& view, NodeId node, std::span<const NodeId> copies,
                  NodeId leaving) {
  const DomainPath& here = view.node(node).domain;
  Crowding result;
  for (const NodeId copy : copies) {
    if (copy == leaving) continue;
    const DomainPath& there = view.node(copy).domain;
    result.region += same_domain(here, there, DomainLevel::Region);
    result.zone += same_domain(here, there, DomainLevel::Zone);
    result.rack += same_domain(here, there, DomainLevel::Rack);
  }
  return result;
}

std::size_t count_domains(const ClusterView& view, std::span<const NodeId> nodes,
                          DomainLevel level) {
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const DomainPath& here = view.node(nodes[i]).domain;
    const auto before = nodes.first(i);
    distinct += std::none_of(before.begin(), before.end(), [&](NodeId other) {
      return same_domain(here, view.node(other).domain, level);
    });
  }
  return distinct;
}

std::vector<std::uint64_t> node_weights(const ClusterView& view) {
  std::vector<std::uint64_t> weights;
  weights.reserve(view.nodes.size());
  bool all_stated = true;
  for (const NodeView& node : view.nodes) {
    weights.push_back(std::max<std::uint64_t>(node.capacity.disk.count(), 1));
    if (takes_copies(node) && node.capacity.disk == Bytes(0)) all_stated = false;
  }
  if (!all_stated) std::fill(weights.begin(), weights.end(), 1);
  return weights;
}

}  // namespace shardproof::distribution
