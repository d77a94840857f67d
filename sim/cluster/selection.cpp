// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/selection.hpp"

#include <algorithm>

namespace shardproof::sim {
namespace {

template <typename Name>
std::uint16_t number_of(std::vector<Name>& names, const Name& name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) names.push_back(name);
  return static_cast<std::uint16_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

const Migration* first_migration(const ShardTable& table) {
  const Migration* first = nullptr;
  for (const ShardInfo& shard : table.shards()) {
    if (!shard.migration) continue;
    if (first == nullptr || shard.migration->id < first->id) first = &*shard.migration;
  }
  return first;
}

std::vector<NodeId> draw_of(std::vector<NodeId> running, std::size_t count, Random& random) {
  std::vector<NodeId> drawn;
  while (drawn.size() < count && !running.empty()) {
    const std::uint64_t pick = random.below(running.size());
    drawn.push_back(running[pick]);
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(pick));
  }
  return drawn;
}

/// The name of the node's domain of a level.
std::string domain_of(const NodeSpec& node, NodeSelector::Kind level) {
  switch (level) {
    case NodeSelector::Kind::kRandomRegion: return node.region;
    case NodeSelector::Kind::kRandomZone: return node.region + "/" + node.zone;
    default: return node.region + "/" + node.zone + "/" + node.rack;
  }
}

bool matches_domain(const NodeSelector& selector, const NodeSpec& node) {
  switch (selector.kind) {
    case NodeSelector::Kind::kZone: return node.zone == selector.name;
    case NodeSelector::Kind::kRack: return node.zone + "/" + node.rack == selector.name;
    case NodeSelector::Kind::kRegion: return node.region == selector.name;
    default: return true;
  }
}

}  // namespace

DomainNames::DomainNames(const ClusterSpec& spec) {
  for (const auto& [region, zone] : spec.domains.zones) path(region, zone, "");
  for (const NodeSpec& node : spec.nodes) path(node.region, node.zone, node.rack);
}

DomainPath DomainNames::path(const std::string& region, const std::string& zone,
                             const std::string& rack) {
  DomainPath path;
  path.region = number_of(regions_, region);
  path.zone = number_of(zones_, {region, zone});
  path.rack = number_of(racks_, {region + "/" + zone, rack});
  return path;
}

DomainPath DomainNames::zone_path(const std::string& zone) const {
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    if (zones_[i].second != zone) continue;
    const auto region = std::find(regions_.begin(), regions_.end(), zones_[i].first);
    return {static_cast<std::uint16_t>(region - regions_.begin()), static_cast<std::uint16_t>(i),
            0};
  }
  SHARDPROOF_CHECK(false, "the reader has checked that zone {} exists", zone);
  return {};
}

const ShardInfo* find_shard(ShardChoice choice, const ShardTable& table,
                            const std::vector<CollectionConfig>& collections) {
  const CollectionConfig& collection = collections[choice.collection];
  const CollectionConfig* known = table.find_collection(collection.database, collection.name);
  // A collection that is not sharded yet has fewer shards than its scenario says.
  if (known == nullptr || choice.shard >= known->num_shards) return nullptr;
  return table.find_shard(ShardId(known->first_shard.value() + choice.shard));
}

bool names_nodes(const NodeSelector& selector) {
  using Kind = NodeSelector::Kind;
  return selector.kind != Kind::kOthers && selector.kind != Kind::kMetadata &&
         selector.kind != Kind::kClients && selector.kind != Kind::kAnyone;
}

std::string left_text(NodeId node) { return fmt::format("{} had left the cluster", node); }

std::string nobody_text(const NodeSelector& selector) {
  using Kind = NodeSelector::Kind;
  switch (selector.kind) {
    case Kind::kCoordinator: return "nobody held the coordinator's office";
    case Kind::kLeader: return "the shard had no leader";
    case Kind::kReplicas: return "the shard had no in-sync copy but the leader's";
    case Kind::kMigrationSource:
    case Kind::kMigrationTarget: return "no migration was under way";
    case Kind::kRandom:
    case Kind::kRandomZone:
    case Kind::kRandomRack:
    case Kind::kRandomRegion:
    case Kind::kHalf: return "no node was running";
    case Kind::kSender: return "the sender was no node";
    case Kind::kReceiver: return "the receiver was no node";
    default: return "no node matched";
  }
}

std::vector<NodeId> running_members(const Cluster& cluster) {
  std::vector<NodeId> running;
  for (std::uint32_t i = 0; i < cluster.machine_count(); ++i) {
    const NodeRecord* record = cluster.committed().find_node(NodeId(i));
    if (record != nullptr && record->state == NodeState::Removed) continue;
    if (cluster.is_running(NodeId(i))) running.push_back(NodeId(i));
  }
  return running;
}

std::vector<std::vector<NodeId>> running_by_domain(NodeSelector::Kind level, const Cluster& cluster,
                                                   const std::vector<NodeSpec>& names) {
  std::vector<std::string> domains;
  std::vector<std::vector<NodeId>> nodes;
  for (const NodeId node : running_members(cluster)) {
    const std::string domain = domain_of(names[node.value()], level);
    const auto found = std::find(domains.begin(), domains.end(), domain);
    const auto place = static_cast<std::size_t>(found - domains.begin());
    if (found == domains.end()) {
      domains.push_back(domain);
      nodes.emplace_back();
    }
    nodes[place].push_back(node);
  }
  return nodes;
}

std::vector<NodeId> select_nodes(const NodeSelector& selector, const Cluster& cluster,
                                 const std::vector<NodeSpec>& names,
                                 const std::vector<CollectionConfig>& collections,
                                 NodeId coordinator, Random& random) {
  using Kind = NodeSelector::Kind;
  std::vector<NodeId> nodes;
  const ShardTable& table = cluster.committed();
  switch (selector.kind) {
    case Kind::kNodes: nodes = selector.nodes; break;
    case Kind::kAll:
    case Kind::kZone:
    case Kind::kRack:
    case Kind::kRegion:
      for (std::uint32_t i = 0; i < cluster.machine_count(); ++i) {
        if (matches_domain(selector, names[i])) nodes.push_back(NodeId(i));
      }
      break;
    case Kind::kCoordinator:
      if (coordinator.has_value()) nodes.push_back(coordinator);
      break;
    case Kind::kLeader:
    case Kind::kReplicas:
      if (const ShardInfo* shard =
              find_shard({selector.collection, selector.number}, table, collections)) {
        const bool leader_wanted = selector.kind == Kind::kLeader;
        for (const NodeId node : shard->replicas) {
          if ((node == shard->leader) == leader_wanted) nodes.push_back(node);
        }
      }
      break;
    case Kind::kMigrationSource:
    case Kind::kMigrationTarget:
      if (const Migration* migration = first_migration(table)) {
        nodes.push_back(selector.kind == Kind::kMigrationSource ? migration->source
                                                                : migration->target);
      }
      break;
    case Kind::kRandom: nodes = draw_of(running_members(cluster), selector.number, random); break;
    case Kind::kRandomZone:
    case Kind::kRandomRack:
    case Kind::kRandomRegion: {
      std::vector<std::vector<NodeId>> domains = running_by_domain(selector.kind, cluster, names);
      if (!domains.empty()) nodes = std::move(domains[random.below(domains.size())]);
      break;
    }
    case Kind::kHalf: {
      std::vector<NodeId> running = running_members(cluster);
      const std::size_t half = std::max<std::size_t>(running.size() / 2, 1);
      nodes = draw_of(std::move(running), half, random);
      break;
    }
    case Kind::kSender:
    case Kind::kReceiver: break;
    case Kind::kNewest:
      nodes.push_back(NodeId(static_cast<std::uint32_t>(cluster.machine_count()) - 1));
      break;
    case Kind::kOthers:
    case Kind::kMetadata:
    case Kind::kClients:
    case Kind::kAnyone: break;
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

}  // namespace shardproof::sim
