// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/input/inventory_reader.hpp"
#include "sim/scenario/domains.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/read_tables.hpp"

namespace shardproof::sim {
namespace {

bool add_zone(DomainTurn& domains, const SourceNode& node, const std::string& region,
              Diagnostics& diagnostics) {
  std::string zone;
  if (!Text{false}.read(node, zone, diagnostics)) return false;
  for (const auto& [other_region, other] : domains.zones) {
    if (other == zone) {
      diagnostics.error(node.at, fmt::format("zone \"{}\" is named twice", zone));
      return false;
    }
  }
  domains.zones.emplace_back(region, zone);
  return true;
}

void read_zones(const SourceNode& node, const std::string& region, DomainTurn& domains,
                Diagnostics& diagnostics) {
  if (node.kind != SourceNode::Kind::kArray || node.items.empty()) {
    diagnostics.error(node.at, "expected an array of names of zones, at least one");
    return;
  }
  for (const SourceNode& item : node.items) add_zone(domains, item, region, diagnostics);
}

void read_regions(const SourceNode& node, DomainTurn& domains, Diagnostics& diagnostics) {
  if (node.kind != SourceNode::Kind::kTable || node.members.empty()) {
    diagnostics.error(node.at, "expected a table of regions", "write { eu = [\"a\", \"b\"] }");
    return;
  }
  for (const SourceMember& region : node.members) {
    read_zones(region.value, region.key, domains, diagnostics);
  }
}

void read_domains(TableReader& table, ClusterSpec& cluster) {
  Diagnostics& diagnostics = table.diagnostics();
  const SourceNode* zones = table.take("zones");
  const SourceNode* regions = table.take("regions");
  if (zones != nullptr && regions != nullptr) {
    diagnostics.error(zones->at, "\"zones\" beside \"regions\", which name their zones");
  } else if (regions != nullptr) {
    read_regions(*regions, cluster.domains, diagnostics);
  } else if (zones != nullptr) {
    read_zones(*zones, kDefaultRegion, cluster.domains, diagnostics);
  }
  table.field("racks", cluster.domains.racks, ListOf<Text>{Text{false}, 1});
}

void read_node(TableReader& table, NodeSpec& node, const ClusterSpec& cluster) {
  node.capacity = cluster.capacity;
  table.field("name", node.name, Text{false});
  table.field("region", node.region, Text{false});
  table.field("zone", node.zone, Text{false});
  table.field("rack", node.rack, Text{false});
  table.table("capacity", [&](TableReader& inner) { fields(inner, node.capacity); });
  table.optional("clock_offset", node.clock_offset, kSignedDuration);
  table.optional("clock_drift", node.clock_drift_ppb, kDrift);
}

void add_machines(InventoryReader& reader, std::uint32_t limit, ClusterSpec& cluster,
                  SourcePosition at, ReadContext& context, Diagnostics& diagnostics) {
  while (cluster.nodes.size() < limit) {
    const auto row = reader.next();
    if (!row) return context.report(row.error(), at, diagnostics);
    if (*row == nullptr) break;
    const InventoryRow& machine = **row;
    NodeSpec node{
        machine.name, machine.region, machine.zone, machine.rack, cluster.capacity, {}, {}};
    node.capacity.cpu_milli = machine.cpu_milli.value_or(node.capacity.cpu_milli);
    node.capacity.memory = machine.memory.value_or(node.capacity.memory);
    node.capacity.disk = machine.disk.value_or(node.capacity.disk);
    node.capacity.network = machine.network.value_or(node.capacity.network);
    cluster.nodes.push_back(std::move(node));
  }
  if (cluster.nodes.empty()) {
    diagnostics.error(at, "the inventory has no machines below its column names");
  }
}

void read_inventory(TableReader& table, ClusterSpec& cluster, ReadContext& context) {
  std::string file;
  std::uint32_t limit = kNodesMax;
  InventoryColumns columns;
  Diagnostics& diagnostics = table.diagnostics();
  const std::size_t errors_before = diagnostics.errors();
  table.required("file", file, Text{false});
  table.field("limit", limit, Whole<std::uint32_t>{1, kNodesMax});
  table.table("columns", [&](TableReader& inner) {
    inner.field("name", columns.name, Text{false});
    inner.field("region", columns.region, Text{false});
    inner.field("zone", columns.zone, Text{false});
    inner.field("rack", columns.rack, Text{false});
    inner.field("cpu_milli", columns.cpu_milli, Text{false});
    inner.field("memory_mib", columns.memory_mib, Text{false});
    inner.field("disk_mib", columns.disk_mib, Text{false});
    inner.field("network_mbit", columns.network_mbit, Text{false});
  });
  if (diagnostics.errors() != errors_before) return;
  const SourcePosition at = table.take("file")->at;
  auto reader = InventoryReader::open(context.resolve(file), columns);
  if (!reader) return context.report(reader.error(), at, diagnostics);
  add_machines(*reader, limit, cluster, at, context, diagnostics);
}

void read_nodes(TableReader& table, ReadContext& context) {
  ClusterSpec& cluster = context.spec.cluster;
  const bool counted = table.take("nodes") != nullptr;
  const bool listed = table.take("node") != nullptr;
  const bool imported = table.take("from") != nullptr;
  const int ways = counted + listed + imported;
  if (ways == 0 && table.is_misspelt({"nodes", "node", "from"})) return;
  if (ways > 1 || (ways == 0 && !cluster.single)) {
    table.diagnostics().error(
        table.at(), "expected exactly one of \"nodes\", \"[[cluster.node]]\" and \"from\"");
    return;
  }
  if (listed) {
    table.tables("node", cluster.nodes,
                 [&](TableReader& inner, NodeSpec& node) { read_node(inner, node, cluster); });
  } else if (imported) {
    table.table("from", [&](TableReader& inner) {
      if (inner.take("snapshot") != nullptr) return read_snapshot_cluster(inner, context);
      read_inventory(inner, cluster, context);
    });
  } else {
    std::uint32_t count = 1;
    table.field("nodes", count, Whole<std::uint32_t>{1, kNodesMax});
    cluster.nodes.assign(count, NodeSpec{{}, {}, {}, {}, cluster.capacity, {}, {}});
  }
  if (cluster.single && cluster.nodes.size() > 1) {
    table.diagnostics().error(table.key_position("single"), "a single-node cluster has one node");
  }
}

void check_unique_names(const TableReader& table, const ClusterSpec& cluster) {
  std::vector<std::string_view> names;
  for (const NodeSpec& node : cluster.nodes) names.push_back(node.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  table.diagnostics().error(table.at(), fmt::format("two nodes are called \"{}\"", *twice));
}

}  // namespace

void read_cluster(TableReader& table, ReadContext& context) {
  ClusterSpec& cluster = context.spec.cluster;
  const std::size_t errors_before = table.diagnostics().errors();
  table.field("single", cluster.single, Flag{});
  table.table("capacity", [&](TableReader& inner) { fields(inner, cluster.capacity); });
  read_domains(table, cluster);
  read_nodes(table, context);
  const auto conflict = complete_domains(cluster);
  // Of nodes or domains that could not be read, conflicts say nothing.
  if (table.diagnostics().errors() != errors_before) return;
  if (conflict) {
    table.diagnostics().error(table.at(), *conflict);
  } else {
    check_unique_names(table, cluster);
  }
}

}  // namespace shardproof::sim
