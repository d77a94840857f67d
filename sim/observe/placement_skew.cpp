// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/placement_skew.hpp"

#include <array>

namespace shardproof::sim {
namespace {

using Loads = std::vector<std::uint64_t>;
/// By dimension, then by node id.
using LoadsByDimension = std::array<Loads, kSkewDimensions>;

Loads& of(LoadsByDimension& loads, SkewDimension dimension) {
  return loads[static_cast<std::size_t>(dimension)];
}

template <typename LoadOf>
Loads over_members(const ClusterTally& cluster, LoadOf&& load_of) {
  Loads loads;
  for (std::size_t i = 0; i < cluster.nodes().size(); ++i) {
    const ClusterTally::Node& node = cluster.nodes()[i];
    if (node.is_weighed()) loads.push_back(load_of(node, NodeId(static_cast<NodeId::Rep>(i))));
  }
  return loads;
}

/// By the disks' sizes; nothing if one is not limited.
std::optional<Skew> by_capacity(const ClusterTally& cluster, const Loads& bytes) {
  const Loads disks = over_members(cluster, [](const ClusterTally::Node& node, NodeId) {
    return node.record.capacity.disk.count();
  });
  for (const std::uint64_t disk : disks) {
    if (disk == 0) return std::nullopt;
  }
  return weighted_skew_of(bytes, disks);
}

LoadsByDimension loads_of(const CollectionConfig& collection, const ClusterTally& cluster,
                          const LoadTally& loads) {
  LoadsByDimension sums;
  for (Loads& sum : sums) sum.resize(cluster.nodes().size());
  for (const ShardInfo& shard : cluster.shards()) {
    if (shard.id.is_none() || shard.collection != collection.id) continue;
    for (const NodeId node : shard.replicas) ++of(sums, SkewDimension::kShards)[node.value()];
    for (const NodeId node : shard.learners) ++of(sums, SkewDimension::kShards)[node.value()];
    if (shard.leader.has_value()) ++of(sums, SkewDimension::kLeaders)[shard.leader.value()];
  }
  for (std::size_t i = 0; i < cluster.nodes().size(); ++i) {
    const NodeId node(static_cast<NodeId::Rep>(i));
    of(sums, SkewDimension::kRequests)[i] = loads.requests(node, collection.id);
    for (const CopySample& copy : loads.held(node).copies) {
      if (cluster.shard(copy.shard).collection != collection.id) continue;
      of(sums, SkewDimension::kBytes)[i] += copy.bytes.count();
    }
  }
  return sums;
}

}  // namespace

std::vector<std::uint64_t> cluster_loads(SkewDimension dimension, const ClusterTally& cluster,
                                         const LoadTally& loads) {
  return over_members(cluster, [&](const ClusterTally::Node& node, NodeId id) -> std::uint64_t {
    switch (dimension) {
      case SkewDimension::kShards: return node.copies;
      case SkewDimension::kLeaders: return node.leaders;
      case SkewDimension::kBytes: return loads.bytes_held(id).count();
      case SkewDimension::kRequests: return loads.requests(id);
    }
    return 0;
  });
}

std::vector<ScopedSkew> scoped_skews(const ClusterTally& cluster, const LoadTally& loads) {
  std::vector<ScopedSkew> scopes;
  ScopedSkew whole{"cluster", {}, std::nullopt};
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    const Loads sums = cluster_loads(static_cast<SkewDimension>(i), cluster, loads);
    whole.of[i] = skew_of(sums);
    if (static_cast<SkewDimension>(i) == SkewDimension::kBytes) {
      whole.bytes_by_capacity = by_capacity(cluster, sums);
    }
  }
  scopes.push_back(std::move(whole));
  for (const CollectionConfig& collection : cluster.collections()) {
    if (collection.id.is_none() || collection.successor.has_value()) continue;
    LoadsByDimension sums = loads_of(collection, cluster, loads);
    ScopedSkew scope{collection.full_name(), {}, std::nullopt};
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      const Loads weighed = over_members(
          cluster, [&](const ClusterTally::Node&, NodeId id) { return sums[i][id.value()]; });
      scope.of[i] = skew_of(weighed);
    }
    scope.bytes_by_capacity =
        by_capacity(cluster, over_members(cluster, [&](const ClusterTally::Node&, NodeId id) {
                      return of(sums, SkewDimension::kBytes)[id.value()];
                    }));
    scopes.push_back(std::move(scope));
  }
  return scopes;
}

}  // namespace shardproof::sim
