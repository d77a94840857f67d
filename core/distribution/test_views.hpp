// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/plan.hpp"
#include "core/distribution/replanning.hpp"

namespace shardproof::distribution::test {

/// Views built by hand for the tests of this room.

inline NodeId n(std::uint32_t id) { return NodeId(id); }
inline ShardId s(std::uint32_t id) { return ShardId(id); }

inline std::vector<NodeId> nodes(std::initializer_list<std::uint32_t> ids) {
  std::vector<NodeId> result;
  for (const std::uint32_t id : ids) result.push_back(n(id));
  return result;
}

/// Adds an active node in zone `zone` of region 0, in a rack of its own, of unstated capacity.
inline NodeView& add_node(ClusterView& view, std::uint16_t zone = 0) {
  NodeView node;
  node.id = n(static_cast<std::uint32_t>(view.nodes.size()));
  node.domain = {0, zone, static_cast<std::uint16_t>(node.id.value())};
  view.nodes.push_back(node);
  return view.nodes.back();
}

/// `count` nodes, node i in zone i mod `zones`.
inline ClusterView make_view(std::uint32_t count, std::uint32_t zones = 1) {
  ClusterView view;
  for (std::uint32_t i = 0; i < count; ++i) add_node(view, static_cast<std::uint16_t>(i % zones));
  return view;
}

/// Adds a shard of 100 bytes on these nodes, all in-sync, the first leading.
inline ShardView& add_shard(ClusterView& view, const std::vector<NodeId>& copies) {
  ShardView shard;
  shard.id = s(static_cast<std::uint32_t>(view.shards.size()));
  shard.collection = CollectionId(0);
  shard.replication_factor = static_cast<std::uint32_t>(copies.size());
  shard.leader = copies.front();
  shard.replicas = copies;
  shard.bytes = Bytes(100);
  for (const NodeId node : copies) view.nodes[node.value()].load.disk_used += shard.bytes;
  view.shards.push_back(shard);
  return view.shards.back();
}

/// A node for each number, holding as many shards of one copy and `bytes` each.
inline ClusterView view_of_counts(const std::vector<std::uint64_t>& counts,
                                  std::uint64_t bytes = 100) {
  ClusterView view = make_view(static_cast<std::uint32_t>(counts.size()));
  for (std::uint32_t node = 0; node < counts.size(); ++node) {
    for (std::uint64_t i = 0; i < counts[node]; ++i) {
      add_shard(view, {n(node)}).bytes = Bytes(bytes);
    }
    view.nodes[node].load.disk_used = Bytes(counts[node] * bytes);
  }
  return view;
}

inline void give_disks(ClusterView& view, std::uint64_t bytes) {
  for (NodeView& node : view.nodes) node.capacity.disk = Bytes(bytes);
}

/// `n0->n2` for each move, in order.
inline std::vector<std::string> routes(const Plan& plan) {
  std::vector<std::string> result;
  for (const Move& move : plan.moves) {
    result.push_back(fmt::format("{}->{}", move.source, move.target));
  }
  return result;
}

using distribution::apply;

/// Copies per node, by node index, in-flight moves counted as done.
inline std::vector<std::uint64_t> copy_counts(const ClusterView& view) {
  std::vector<std::uint64_t> counts(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : planned_copies(shard)) ++counts[node.value()];
  }
  return counts;
}

inline std::vector<std::uint64_t> leader_counts(const ClusterView& view) {
  std::vector<std::uint64_t> counts(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    if (shard.leader.has_value()) ++counts[shard.leader.value()];
  }
  return counts;
}

inline std::vector<std::uint64_t> byte_counts(const ClusterView& view) {
  std::vector<std::uint64_t> bytes(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : planned_copies(shard)) bytes[node.value()] += shard.bytes.count();
  }
  return bytes;
}

/// How many different domains of the level are under these copies.
inline std::size_t distinct_domains(const ClusterView& view, const std::vector<NodeId>& copies,
                                    DomainLevel level) {
  std::vector<std::uint64_t> keys;
  for (const NodeId node : copies) keys.push_back(domain_key(view.node(node).domain, level));
  std::sort(keys.begin(), keys.end());
  return static_cast<std::size_t>(std::unique(keys.begin(), keys.end()) - keys.begin());
}

}  // namespace shardproof::distribution::test
