// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/domains.hpp"

#include <algorithm>
#include <map>

namespace shardproof::sim {
namespace {

/// The zones that the nodes name: regions in order of appearance, and within each its zones too.
void collect_zones(ClusterSpec& cluster) {
  auto& zones = cluster.domains.zones;
  for (const NodeSpec& node : cluster.nodes) {
    if (node.zone.empty()) continue;
    const std::string region = node.region.empty() ? kDefaultRegion : node.region;
    const std::pair<std::string, std::string> zone{region, node.zone};
    if (std::find(zones.begin(), zones.end(), zone) == zones.end()) zones.push_back(zone);
  }
  if (zones.empty()) zones.emplace_back(kDefaultRegion, kDefaultZone);
  std::map<std::string, std::size_t> turn;
  for (const auto& [region, zone] : zones) turn.emplace(region, turn.size());
  std::stable_sort(zones.begin(), zones.end(), [&](const auto& a, const auto& b) {
    return turn.at(a.first) < turn.at(b.first);
  });
}

void collect_racks(ClusterSpec& cluster) {
  auto& racks = cluster.domains.racks;
  for (const NodeSpec& node : cluster.nodes) {
    if (node.rack.empty()) continue;
    if (std::find(racks.begin(), racks.end(), node.rack) == racks.end()) racks.push_back(node.rack);
  }
  if (racks.empty()) racks.emplace_back(kDefaultRack);
}

/// The region of each zone, unless one is in two.
std::optional<std::string> check_zones(const DomainTurn& domains,
                                       std::map<std::string, std::string>& region_of) {
  for (const auto& [region, zone] : domains.zones) {
    if (!region_of.emplace(zone, region).second) {
      return fmt::format("zone \"{}\" is in two regions", zone);
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_node(const DomainTurn& domains,
                                      const std::map<std::string, std::string>& region_of,
                                      const NodeSpec& node) {
  const auto region = region_of.find(node.zone);
  if (region == region_of.end()) {
    return fmt::format("node \"{}\" is in zone \"{}\", which \"zones\" does not name", node.name,
                       node.zone);
  }
  if (region->second != node.region) {
    return fmt::format("node \"{}\" is in region \"{}\", but its zone \"{}\" is in \"{}\"",
                       node.name, node.region, node.zone, region->second);
  }
  if (std::find(domains.racks.begin(), domains.racks.end(), node.rack) == domains.racks.end()) {
    return fmt::format("node \"{}\" is in rack \"{}\", which \"racks\" does not name", node.name,
                       node.rack);
  }
  return std::nullopt;
}

/// The zone whose turn it is, among those of the region if the node names one.
std::pair<std::string, std::string> zone_in_turn(const DomainTurn& domains, std::size_t before,
                                                 const std::string& region) {
  std::vector<std::pair<std::string, std::string>> zones;
  for (const auto& zone : domains.zones) {
    if (region.empty() || zone.first == region) zones.push_back(zone);
  }
  if (zones.empty()) return {region, kDefaultZone};
  return zones[before % zones.size()];
}

}  // namespace

void fill_node(const DomainTurn& domains, std::size_t before, NodeSpec& node) {
  if (node.name.empty()) node.name = fmt::format("n{}", before);
  if (node.zone.empty()) {
    std::tie(node.region, node.zone) = zone_in_turn(domains, before, node.region);
  } else if (node.region.empty()) {
    for (const auto& [region, zone] : domains.zones) {
      if (zone == node.zone) node.region = region;
    }
  }
  if (node.rack.empty()) {
    node.rack = domains.racks[before / domains.zones.size() % domains.racks.size()];
  }
}

DomainTurn default_domains() { return {{{kDefaultRegion, kDefaultZone}}, {kDefaultRack}}; }

std::vector<NodeSpec> counted_nodes(const ClusterSpec& cluster, std::size_t count) {
  std::vector<NodeSpec> nodes(count);
  for (std::size_t i = 0; i < count; ++i) {
    nodes[i].capacity = cluster.capacity;
    fill_node(cluster.domains, i, nodes[i]);
  }
  return nodes;
}

std::optional<std::string> complete_domains(ClusterSpec& cluster) {
  if (cluster.domains.zones.empty()) collect_zones(cluster);
  if (cluster.domains.racks.empty()) collect_racks(cluster);
  std::map<std::string, std::string> region_of;
  if (auto conflict = check_zones(cluster.domains, region_of)) return conflict;
  for (std::size_t i = 0; i < cluster.nodes.size(); ++i) {
    fill_node(cluster.domains, i, cluster.nodes[i]);
    if (auto conflict = check_node(cluster.domains, region_of, cluster.nodes[i])) return conflict;
  }
  return std::nullopt;
}

}  // namespace shardproof::sim
