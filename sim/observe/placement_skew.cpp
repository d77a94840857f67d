// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/placement_skew.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

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

/// Of loads over members.
ScopedSkew over_all(SkewScope kind, std::string name, const ClusterTally& cluster,
                    const LoadsByDimension& loads) {
  ScopedSkew scope{kind, std::move(name), {}, {}};
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    scope.of[i] = skew_of(loads[i], SkewDetail::kLogarithms);
    scope.by_capacity[i] = by_capacity(cluster, static_cast<SkewDimension>(i), loads[i]);
  }
  return scope;
}

/// Members, by their places among members, of each domain in order.
using Domains = std::map<std::uint64_t, std::vector<std::size_t>>;

Domains domains_of(const ClusterTally& cluster, DomainLevel level) {
  Domains domains;
  std::size_t place = 0;
  for (const ClusterTally::Node& node : cluster.nodes()) {
    if (node.is_weighed()) domains[domain_key(node.record.domain, level)].push_back(place++);
  }
  return domains;
}

std::string name_of(std::uint64_t key, DomainLevel level) {
  const auto part = [key](int shift) { return (key >> shift) & 0xffff; };
  if (level == DomainLevel::Zone) return fmt::format("zone {}.{}", part(32), part(16));
  return fmt::format("rack {}.{}.{}", part(32), part(16), part(0));
}

ScopedSkew between(const Domains& domains, DomainLevel level, const LoadsByDimension& loads) {
  const bool is_zone = level == DomainLevel::Zone;
  ScopedSkew scope{is_zone ? SkewScope::kBetweenZones : SkewScope::kBetweenRacks,
                   is_zone ? "zones" : "racks",
                   {},
                   {}};
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    Loads sums;
    Loads members;
    for (const auto& [key, places] : domains) {
      std::uint64_t sum = 0;
      for (const std::size_t place : places) sum += loads[i][place];
      sums.push_back(sum);
      members.push_back(places.size());
    }
    scope.of[i] = weighted_skew_of(sums, members, SkewDetail::kLogarithms);
  }
  return scope;
}

void add_domains(std::vector<ScopedSkew>& scopes, const Domains& domains, DomainLevel level,
                 const LoadsByDimension& loads) {
  scopes.push_back(between(domains, level, loads));
  const SkewScope kind =
      level == DomainLevel::Zone ? SkewScope::kWithinZone : SkewScope::kWithinRack;
  for (const auto& [key, places] : domains) {
    ScopedSkew scope{kind, name_of(key, level), {}, {}};
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
  scopes.push_back(over_all(SkewScope::kCluster, "cluster", cluster, sums));
  const Domains zones = domains_of(cluster, DomainLevel::Zone);
  const Domains racks = domains_of(cluster, DomainLevel::Rack);
  if (zones.size() > 1) add_domains(scopes, zones, DomainLevel::Zone, sums);
  if (racks.size() > zones.size()) add_domains(scopes, racks, DomainLevel::Rack, sums);
  for (const CollectionConfig& collection : cluster.collections()) {
    if (collection.id.is_none() || collection.successor.has_value()) continue;
    LoadsByDimension by_node = loads_of(collection, cluster, loads);
    for (Loads& held : by_node) {
      held = over_members(cluster,
                          [&](const ClusterTally::Node&, NodeId id) { return held[id.value()]; });
    }
    scopes.push_back(
        over_all(SkewScope::kWithinCollection, collection.full_name(), cluster, by_node));
  }
  return scopes;
}

}  // namespace shardproof::sim
