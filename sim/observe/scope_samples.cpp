// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/scope_samples.hpp"

#include <utility>

#include <fmt/format.h>

#include "sim/observe/skew.hpp"

namespace shardproof::sim {
namespace {

constexpr std::size_t index_of(SkewDimension dimension) {
  return static_cast<std::size_t>(dimension);
}

std::optional<SkewSample> between_domains(const DomainMembers& domains, const MemberLoads& loads) {
  MemberLoads sums;
  MemberLoads sizes;
  for (const auto& [key, places] : domains) {
    std::uint64_t sum = 0;
    for (const std::size_t place : places) sum += loads[place];
    sums.push_back(sum);
    sizes.push_back(places.size());
  }
  const std::optional<Skew> skew = weighted_skew_of(sums, sizes);
  if (!skew) return std::nullopt;
  return SkewSample{skew->max_over_mean, skew->cv};
}

void add_domains(std::vector<ScopeSample>& samples, const DomainMembers& domains, DomainLevel level,
                 const DimensionLoads& members) {
  const bool is_zone = level == DomainLevel::Zone;
  ScopeSample& between = samples.emplace_back();
  between.scope.kind = is_zone ? SkewScope::kBetweenZones : SkewScope::kBetweenRacks;
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    between.of[i] = between_domains(domains, members[i]);
  }
  for (const auto& [key, places] : domains) {
    ScopeSample& within = samples.emplace_back();
    within.scope = {is_zone ? SkewScope::kWithinZone : SkewScope::kWithinRack, key};
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      SkewSums sums;
      for (const std::size_t place : places) sums.add(members[i][place]);
      within.of[i] = sums.sample(places.size());
    }
  }
}

/// Amounts of one collection after another by node, of which few have any.
class SparseLoads {
 public:
  explicit SparseLoads(const ClusterTally& cluster) : cluster_(cluster) {
    amounts_.resize(cluster.nodes().size());
  }
  void add(NodeId node, std::uint64_t amount) {
    if (!cluster_.nodes()[node.value()].is_weighed()) return;
    if (amounts_[node.value()] == 0) touched_.push_back(node);
    amounts_[node.value()] += amount;
  }
  /// What was added since, and begins anew.
  SkewSums take() {
    SkewSums sums;
    for (const NodeId node : touched_) sums.add(std::exchange(amounts_[node.value()], 0));
    touched_.clear();
    return sums;
  }

 private:
  const ClusterTally& cluster_;
  MemberLoads amounts_;
  std::vector<NodeId> touched_;
};

/// By collection id.
std::vector<SkewSums> bytes_by_collection(const ClusterTally& cluster, const LoadTally& loads) {
  std::vector<SkewSums> sums(cluster.collections().size());
  MemberLoads of_node(sums.size());
  std::vector<std::size_t> touched;
  for (std::size_t i = 0; i < cluster.nodes().size(); ++i) {
    if (!cluster.nodes()[i].is_weighed()) continue;
    for (const CopySample& copy : loads.held(NodeId(static_cast<NodeId::Rep>(i))).copies) {
      const CollectionId collection = cluster.shard(copy.shard).collection;
      if (collection.is_none() || collection.value() >= sums.size()) continue;
      if (of_node[collection.value()] == 0) touched.push_back(collection.value());
      of_node[collection.value()] += copy.bytes.count();
    }
    for (const std::size_t collection : touched) {
      sums[collection].add(std::exchange(of_node[collection], 0));
    }
    touched.clear();
  }
  return sums;
}

std::optional<SkewSample> recent(const WindowedSums& window, CollectionId collection,
                                 const std::vector<NodeId>& members) {
  SkewSums sums;
  for (const NodeId node : members) sums.add(window.of(node, collection));
  return sums.sample(members.size());
}

std::vector<NodeId> members_of(const ClusterTally& cluster) {
  std::vector<NodeId> members;
  for (std::size_t i = 0; i < cluster.nodes().size(); ++i) {
    if (cluster.nodes()[i].is_weighed()) members.push_back(NodeId(static_cast<NodeId::Rep>(i)));
  }
  return members;
}

/// Those that are no longer in use are measured no more.
bool is_measured(const CollectionConfig& collection) {
  return collection.id.has_value() && collection.successor.is_none();
}

void add_collections(std::vector<ScopeSample>& samples, const std::vector<TableSample>& tables,
                     const ClusterTally& cluster, const LoadTally& loads) {
  const std::vector<NodeId> members = members_of(cluster);
  const std::vector<SkewSums> bytes = bytes_by_collection(cluster, loads);
  for (const CollectionConfig& collection : cluster.collections()) {
    if (!is_measured(collection)) continue;
    const CollectionId id = collection.id;
    ScopeSample& sample = samples.emplace_back();
    sample.scope = {SkewScope::kWithinCollection, id.value()};
    sample.of[index_of(SkewDimension::kShards)] = tables[id.value()].shards;
    sample.of[index_of(SkewDimension::kLeaders)] = tables[id.value()].leaders;
    sample.of[index_of(SkewDimension::kBytes)] = bytes[id.value()].sample(members.size());
    sample.of[index_of(SkewDimension::kRequests)] = recent(loads.requests(), id, members);
    sample.of[index_of(SkewDimension::kCpu)] = recent(loads.cpu(), id, members);
  }
}

}  // namespace

std::string scope_name(const ScopeKey& scope, const ClusterTally& cluster) {
  const auto part = [&](int shift) { return (scope.key >> shift) & 0xffff; };
  switch (scope.kind) {
    case SkewScope::kCluster: return "cluster";
    case SkewScope::kBetweenZones: return "zones";
    case SkewScope::kWithinZone: return fmt::format("zone {}.{}", part(32), part(16));
    case SkewScope::kBetweenRacks: return "racks";
    case SkewScope::kWithinRack: return fmt::format("rack {}.{}.{}", part(32), part(16), part(0));
    case SkewScope::kWithinCollection: return cluster.collections()[scope.key].full_name();
  }
  return {};
}

DomainMembers domain_members(const ClusterTally& cluster, DomainLevel level) {
  DomainMembers domains;
  std::size_t place = 0;
  for (const ClusterTally::Node& node : cluster.nodes()) {
    if (node.is_weighed()) domains[domain_key(node.record.domain, level)].push_back(place++);
  }
  return domains;
}

std::vector<TableSample> table_samples(const ClusterTally& cluster) {
  const std::size_t members = members_of(cluster).size();
  std::vector<TableSample> tables(cluster.collections().size());
  SparseLoads copies(cluster);
  SparseLoads leaders(cluster);
  for (const CollectionConfig& collection : cluster.collections()) {
    if (!is_measured(collection)) continue;
    for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
      const ShardInfo& shard = cluster.shard(ShardId(collection.first_shard.value() + i));
      for (const NodeId node : shard.replicas) copies.add(node, 1);
      for (const NodeId node : shard.learners) copies.add(node, 1);
      if (shard.leader.has_value()) leaders.add(shard.leader, 1);
    }
    tables[collection.id.value()] = {copies.take().sample(members), leaders.take().sample(members)};
  }
  return tables;
}

std::vector<ScopeSample> scope_samples(const DimensionLoads& members,
                                       const std::vector<TableSample>& tables,
                                       const ClusterTally& cluster, const LoadTally& loads) {
  std::vector<ScopeSample> samples;
  const DomainMembers zones = domain_members(cluster, DomainLevel::Zone);
  const DomainMembers racks = domain_members(cluster, DomainLevel::Rack);
  samples.reserve(2 + zones.size() + racks.size() + tables.size());
  if (zones.size() > 1) add_domains(samples, zones, DomainLevel::Zone, members);
  if (racks.size() > zones.size()) add_domains(samples, racks, DomainLevel::Rack, members);
  add_collections(samples, tables, cluster, loads);
  return samples;
}

WorstOfScopes worst_of(const std::vector<ScopeSample>& samples) {
  WorstOfScopes all;
  for (const ScopeSample& sample : samples) {
    auto& of_kind = all[static_cast<std::size_t>(sample.scope.kind)];
    if (!of_kind) of_kind.emplace();
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      if (!sample.of[i]) continue;
      const ExactValue& value = sample.of[i]->max_over_mean;
      std::optional<ExactValue>& worst = (*of_kind)[i];
      if (!worst || compare_alike(*worst, value) < 0) worst = value;
    }
  }
  return all;
}

}  // namespace shardproof::sim
