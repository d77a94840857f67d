// SPDX-License-Identifier: Apache-2.0
//
// `[cluster] from = { snapshot = ... }`: nodes, collections and where the copies are, as another
// system has told them.
#include <algorithm>
#include <map>
#include <set>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/read_tables.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace shardproof::sim {
namespace {

/// Amounts are this much smaller in the scenario than in the snapshot.
Bytes scaled(Bytes amount, Ratio scale) { return Bytes(scale.of(amount.count())); }

/// Names of regions and racks are not told: their numbers are, unique in the whole cluster.
void add_nodes(const ClusterSnapshot& snapshot, Ratio scale, ClusterSpec& cluster) {
  std::set<std::uint32_t> regions;
  std::map<std::string, std::set<std::uint32_t>> regions_of_zone;
  for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
    const std::uint32_t region = snapshot.view.nodes[i].domain.region;
    regions.insert(region);
    regions_of_zone[snapshot.zones[i]].insert(region);
  }
  for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
    const distribution::NodeView& view = snapshot.view.nodes[i];
    NodeSpec node;
    node.name = snapshot.nodes[i];
    if (regions.size() > 1) node.region = fmt::format("region{}", view.domain.region);
    node.zone = snapshot.zones[i];
    if (regions_of_zone[node.zone].size() > 1) {
      node.zone = fmt::format("{}{}{}", node.region, node.zone.empty() ? "" : "-", node.zone);
    }
    node.rack = fmt::format("rack{}", view.domain.rack);
    node.capacity = view.capacity;
    node.capacity.disk = scaled(view.capacity.disk, scale);
    cluster.nodes.push_back(std::move(node));
  }
}

/// `shop.orders` as it is; other names become some that a collection may have.
std::pair<std::string, std::string> collection_name(std::string name) {
  name.erase(0, name.find_first_not_of('_'));
  std::replace(name.begin(), name.end(), '/', '-');
  std::string database = "snapshot";
  if (const std::size_t dot = name.find('.'); dot != std::string::npos && dot > 0) {
    database = name.substr(0, dot);
    name.erase(0, dot + 1);
  }
  std::replace(name.begin(), name.end(), '.', '-');
  name.erase(0, name.find_first_not_of('_'));
  return {database, name.empty() ? "shards" : name};
}

std::vector<std::uint32_t> copies_of(const distribution::ShardView& shard) {
  std::vector<std::uint32_t> nodes{shard.leader.value()};
  for (const NodeId node : shard.replicas) {
    if (node != shard.leader) nodes.push_back(node.value());
  }
  return nodes;
}

/// One collection for each of the snapshot, its shards in the snapshot's order.
void add_collections(const ClusterSnapshot& snapshot, Ratio scale, std::uint64_t documents,
                     ScenarioSpec& spec) {
  std::set<std::pair<std::string, std::string>> taken;
  for (const std::string& told : snapshot.collections) {
    auto name = collection_name(told);
    const std::string plain = name.second;
    for (int i = 2; !taken.insert(name).second; ++i) name.second = fmt::format("{}-{}", plain, i);
    CollectionSpec& collection = spec.collections.emplace_back();
    std::tie(collection.database, collection.name) = name;
    collection.shards = 0;
  }
  for (const distribution::ShardView& shard : snapshot.view.shards) {
    CollectionSpec& collection = spec.collections[shard.collection.value()];
    collection.shards += 1;
    collection.replication_factor =
        std::max({collection.replication_factor, shard.replication_factor,
                  static_cast<std::uint32_t>(shard.replicas.size())});
    collection.copies.push_back(copies_of(shard));
    if (snapshot.knows_bytes) collection.shard_bytes.push_back(scaled(shard.bytes, scale));
  }
  for (CollectionSpec& collection : spec.collections) {
    collection.documents = documents * collection.shards;
    if (!snapshot.knows_bytes || collection.documents == 0) continue;
    std::uint64_t sum = 0;
    for (const Bytes bytes : collection.shard_bytes) sum += bytes.count();
    const std::uint64_t mean_size = std::max<std::uint64_t>(1, sum / collection.documents);
    collection.document_size = SizeDistribution::constant(Bytes(mean_size));
  }
}

void warn_of_what_is_left_out(const ClusterSnapshot& snapshot, SourcePosition at,
                              Diagnostics& diagnostics) {
  const auto& nodes = snapshot.view.nodes;
  const auto other = std::find_if(nodes.begin(), nodes.end(), [](const auto& node) {
    return node.state != NodeState::Active || !node.alive;
  });
  if (other != nodes.end()) {
    diagnostics.warning(at,
                        fmt::format("\"{}\" is not active and alive in the snapshot, and is so at "
                                    "the start of the scenario",
                                    snapshot.nodes[other->id.value()]),
                        "script what becomes of it: [[at]] time = \"0s\", and drain or crash");
  }
  const auto& shards = snapshot.view.shards;
  const bool has_moves = std::any_of(shards.begin(), shards.end(), [](const auto& shard) {
    return shard.move.has_value() || !shard.learners.empty();
  });
  if (has_moves) {
    diagnostics.warning(at, "copies under way in the snapshot are left out: moves begin anew");
  }
}

}  // namespace

void read_snapshot_cluster(TableReader& table, ReadContext& context) {
  constexpr std::uint64_t kDocumentsUsual = 64;
  std::string file;
  std::uint64_t documents = kDocumentsUsual;
  Ratio scale(1, 1);
  Diagnostics& diagnostics = table.diagnostics();
  context.imports_collections = true;
  const std::size_t errors_before = diagnostics.errors();
  table.required("snapshot", file, Text{false});
  table.field("documents", documents, Whole<std::uint64_t>{1, 1'000'000});
  table.field("scale", scale, kPositiveRatio);
  if (diagnostics.errors() != errors_before) return;
  const SourcePosition at = table.take("snapshot")->at;
  const auto snapshot = read_snapshot(context.resolve(file));
  if (!snapshot) return context.report(snapshot.error(), at, diagnostics);
  if (snapshot->nodes.size() > kNodesMax) {
    return diagnostics.error(at, fmt::format("the snapshot has {} nodes, more than {}",
                                             snapshot->nodes.size(), kNodesMax));
  }
  for (const distribution::ShardView& shard : snapshot->view.shards) {
    if (shard.leader.has_value() && !shard.replicas.empty()) continue;
    const std::size_t index = index_of(snapshot->view, shard.id);
    return diagnostics.error(
        at, fmt::format("shard \"{}\" has no copy that leads", snapshot->shards[index]));
  }
  add_nodes(*snapshot, scale, context.spec.cluster);
  add_collections(*snapshot, scale, documents, context.spec);
  for (const CollectionSpec& collection : context.spec.collections) {
    if (collection.shards <= kShardsMax) continue;
    diagnostics.error(at, fmt::format("\"{}.{}\" has {} shards, more than {}", collection.database,
                                      collection.name, collection.shards, kShardsMax));
  }
  warn_of_what_is_left_out(*snapshot, at, diagnostics);
}

}  // namespace shardproof::sim
