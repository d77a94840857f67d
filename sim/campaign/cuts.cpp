// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/cuts.hpp"

#include <algorithm>

#include "sim/scenario/domains.hpp"
#include "sim/scenario/mutable_selectors.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim::campaign {
namespace {

/// Without the node; false if nobody else was meant.
bool forget_node(NodeSelector& selector, std::size_t index) {
  if (selector.kind != NodeSelector::Kind::kNodes) return true;
  std::vector<NodeId> kept;
  for (const NodeId node : selector.nodes) {
    if (node.value() == index) continue;
    kept.push_back(node.value() < index ? node : NodeId(node.value() - 1));
  }
  selector.nodes = std::move(kept);
  return !selector.nodes.empty();
}

/// The collection's index without the one that goes; false if it is that one.
bool forget_collection(std::uint32_t& collection, std::size_t index) {
  if (collection == index) return false;
  if (collection > index) --collection;
  return true;
}

bool forget_collection(EventSpec& event, std::size_t index) {
  Action& action = event.action;
  bool is_kept = true;
  if (event.message && event.message->collection) {
    is_kept = forget_collection(*event.message->collection, index);
  }
  for (NodeSelector* selector : selectors_of(event)) {
    const bool names_one = selector->kind == NodeSelector::Kind::kLeader ||
                           selector->kind == NodeSelector::Kind::kReplicas;
    if (names_one) is_kept = forget_collection(selector->collection, index) && is_kept;
  }
  if (auto* enable = std::get_if<EnableShardingAction>(&action)) {
    return forget_collection(enable->collection, index) && is_kept;
  }
  if (auto* replication = std::get_if<ReplicationAction>(&action)) {
    return forget_collection(replication->collection, index) && is_kept;
  }
  if (auto* move = std::get_if<MoveAction>(&action)) {
    return forget_collection(move->of.collection, index) && is_kept;
  }
  if (auto* abort = std::get_if<AbortAction>(&action)) {
    return forget_collection(abort->of.collection, index) && is_kept;
  }
  auto* status = std::get_if<StatusAction>(&action);
  if (status == nullptr || !status->collection) return is_kept;
  return forget_collection(*status->collection, index) && is_kept;
}

/// Only the events that `keeps` says yes to, after it may have changed them.
template <typename Keeps>
void filter_events(ScenarioSpec& spec, Keeps&& keeps) {
  std::vector<EventSpec> kept;
  for (EventSpec event : spec.events) {
    if (keeps(event)) kept.push_back(std::move(event));
  }
  spec.events = std::move(kept);
}

/// Nodes behind it move up. A shard that had all of its copies there would have none: then the
/// policy places all.
void drop_copies_on(std::uint32_t index, CollectionSpec& collection) {
  for (auto& nodes : collection.copies) {
    std::erase(nodes, index);
    for (std::uint32_t& node : nodes) node -= node > index ? 1 : 0;
  }
  const bool lacks_copies = std::any_of(collection.copies.begin(), collection.copies.end(),
                                        [](const auto& nodes) { return nodes.empty(); });
  if (lacks_copies) collection.copies.clear();
}

}  // namespace

void drop_node(ScenarioSpec& spec, std::size_t index) {
  std::vector<NodeSpec>& nodes = spec.cluster.nodes;
  if (nodes.size() <= 1 || index >= nodes.size()) return;
  const bool is_counted = nodes == counted_nodes(spec.cluster, nodes.size());
  nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(index));
  if (is_counted) nodes = counted_nodes(spec.cluster, nodes.size());
  for (CollectionSpec& collection : spec.collections) {
    collection.replication_factor =
        std::min(collection.replication_factor, static_cast<std::uint32_t>(nodes.size()));
    drop_copies_on(static_cast<std::uint32_t>(index), collection);
  }
  filter_events(spec, [&](EventSpec& event) {
    bool is_kept = true;
    for (NodeSelector* selector : selectors_of(event)) {
      is_kept = forget_node(*selector, index) && is_kept;
    }
    return is_kept;
  });
}

void drop_collection(ScenarioSpec& spec, std::size_t index) {
  if (spec.collections.size() <= 1 || index >= spec.collections.size()) return;
  spec.collections.erase(spec.collections.begin() + static_cast<std::ptrdiff_t>(index));
  std::vector<TrafficSpec> kept;
  for (TrafficSpec traffic : spec.traffic) {
    if (forget_collection(traffic.collection, index)) kept.push_back(std::move(traffic));
  }
  spec.traffic = std::move(kept);
  filter_events(spec, [&](EventSpec& event) { return forget_collection(event, index); });
}

void drop_version(ScenarioSpec& spec, std::size_t index) {
  if (index >= spec.versions.size()) return;
  spec.versions.erase(spec.versions.begin() + static_cast<std::ptrdiff_t>(index));
  forget_unknown_versions(spec);
}

void drop_operation(TrafficSpec& traffic, TrafficOperation operation) {
  Ratio& dropped = traffic.mix[static_cast<std::size_t>(operation)];
  const auto is_used = [](Ratio share) { return !share.is_zero(); };
  const auto used = std::count_if(traffic.mix.begin(), traffic.mix.end(), is_used);
  if (used <= 1 || dropped.is_zero()) return;
  dropped = Ratio(0, 1);
  for (Ratio& share : traffic.mix) {
    if (is_used(share)) share = Ratio(1, static_cast<std::uint64_t>(used - 1));
  }
}

void keep_events(ScenarioSpec& spec, const std::vector<std::size_t>& indices) {
  std::vector<EventSpec> kept;
  for (const std::size_t index : indices) kept.push_back(spec.events[index]);
  spec.events = std::move(kept);
}

void forget_regions_and_racks(ScenarioSpec& spec) {
  ClusterSpec& cluster = spec.cluster;
  for (auto& [region, zone] : cluster.domains.zones) region = kDefaultRegion;
  cluster.domains.racks = default_domains().racks;
  for (NodeSpec& node : cluster.nodes) {
    node.region = kDefaultRegion;
    node.rack = kDefaultRack;
  }
}

void make_nodes_alike(ScenarioSpec& spec) {
  ClusterSpec& cluster = spec.cluster;
  cluster.domains = default_domains();
  cluster.capacity = NodeCapacity{};
  cluster.nodes = counted_nodes(cluster, cluster.nodes.size());
}

}  // namespace shardproof::sim::campaign
