// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/placement_skew.hpp"

#include <algorithm>
#include <utility>

namespace shardproof::sim {
namespace {

using Loads = MemberLoads;
using LoadsByDimension = DimensionLoads;

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

/// What a dimension is weighed by: disks' bytes or processors' thousandths.
std::uint64_t capacity_of(SkewDimension dimension, const NodeCapacity& capacity) {
  const bool is_stored = dimension == SkewDimension::kShards || dimension == SkewDimension::kBytes;
  return is_stored ? capacity.disk.count() : capacity.cpu_milli;
}

std::optional<Skew> by_capacity(const ClusterTally& cluster, SkewDimension dimension,
                                const Loads& loads) {
  const Loads capacities = over_members(cluster, [&](const ClusterTally::Node& node, NodeId) {
    return capacity_of(dimension, node.record.capacity);
  });
  if (std::find(capacities.begin(), capacities.end(), 0u) != capacities.end()) return std::nullopt;
  return weighted_skew_of(loads, capacities, SkewDetail::kLogarithms);
}

ScopedSkew named(const ScopeKey& key, const ClusterTally& cluster) {
  ScopedSkew scope;
  scope.key = key;
  scope.scope = scope_name(key, cluster);
  return scope;
}

/// Of loads over members.
ScopedSkew over_all(const ScopeKey& key, const ClusterTally& cluster,
                    const LoadsByDimension& loads) {
  ScopedSkew scope = named(key, cluster);
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    scope.of[i] = skew_of(loads[i], SkewDetail::kLogarithms);
    scope.by_capacity[i] = by_capacity(cluster, static_cast<SkewDimension>(i), loads[i]);
  }
  return scope;
}

ScopedSkew between(const DomainMembers& domains, const ScopeKey& key, const ClusterTally& cluster,
                   const LoadsByDimension& loads) {
  ScopedSkew scope = named(key, cluster);
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    Loads sums;
    Loads members;
    for (const auto& [domain, places] : domains) {
      std::uint64_t sum = 0;
      for (const std::size_t place : places) sum += loads[i][place];
      sums.push_back(sum);
      members.push_back(places.size());
    }
    scope.of[i] = weighted_skew_of(sums, members, SkewDetail::kLogarithms);
  }
  return scope;
}

void add_domains(std::vector<ScopedSkew>& scopes, const DomainMembers& domains, DomainLevel level,
                 const ClusterTally& cluster, const LoadsByDimension& loads) {
  const bool is_zone = level == DomainLevel::Zone;
  const SkewScope all = is_zone ? SkewScope::kBetweenZones : SkewScope::kBetweenRacks;
  const SkewScope one = is_zone ? SkewScope::kWithinZone : SkewScope::kWithinRack;
  scopes.push_back(between(domains, {all, 0}, cluster, loads));
  for (const auto& [domain, places] : domains) {
    ScopedSkew scope = named({one, domain}, cluster);
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      Loads of_domain;
      for (const std::size_t place : places) of_domain.push_back(loads[i][place]);
      scope.of[i] = skew_of(of_domain, SkewDetail::kLogarithms);
    }
    scopes.push_back(std::move(scope));
  }
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
    of(sums, SkewDimension::kRequests)[i] = loads.requests().of(node, collection.id);
    of(sums, SkewDimension::kCpu)[i] = loads.cpu().of(node, collection.id);
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
      case SkewDimension::kRequests: return loads.requests().of(id);
      case SkewDimension::kCpu: return loads.cpu().of(id);
    }
    return 0;
  });
}

std::vector<ScopedSkew> scoped_skews(const ClusterTally& cluster, const LoadTally& loads) {
  std::vector<ScopedSkew> scopes;
  LoadsByDimension sums;
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    sums[i] = cluster_loads(static_cast<SkewDimension>(i), cluster, loads);
  }
  scopes.push_back(over_all({SkewScope::kCluster, 0}, cluster, sums));
  const DomainMembers zones = domain_members(cluster, DomainLevel::Zone);
  const DomainMembers racks = domain_members(cluster, DomainLevel::Rack);
  if (zones.size() > 1) add_domains(scopes, zones, DomainLevel::Zone, cluster, sums);
  if (racks.size() > zones.size()) add_domains(scopes, racks, DomainLevel::Rack, cluster, sums);
  for (const CollectionConfig& collection : cluster.collections()) {
    if (collection.id.is_none() || collection.successor.has_value()) continue;
    LoadsByDimension by_node = loads_of(collection, cluster, loads);
    for (Loads& held : by_node) {
      held = over_members(cluster,
                          [&](const ClusterTally::Node&, NodeId id) { return held[id.value()]; });
    }
    scopes.push_back(
        over_all({SkewScope::kWithinCollection, collection.id.value()}, cluster, by_node));
  }
  return scopes;
}

}  // namespace shardproof::sim
