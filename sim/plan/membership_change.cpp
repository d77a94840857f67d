// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/membership_change.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

std::string hint(const std::string& name, const std::vector<std::string>& known) {
  const std::string text = suggest(name, {known.begin(), known.end()});
  return text.empty() ? "" : "; " + text;
}

Result<NodeId> find_node(const ClusterSnapshot& snapshot, const std::string& name) {
  const auto found = std::find(snapshot.nodes.begin(), snapshot.nodes.end(), name);
  if (found == snapshot.nodes.end()) {
    return fail("no node \"{}\"{}", name, hint(name, snapshot.nodes));
  }
  return NodeId(static_cast<NodeId::Rep>(found - snapshot.nodes.begin()));
}

Result<void> pin_collection(ClusterSnapshot& snapshot, const std::string& name) {
  const auto found = std::find(snapshot.collections.begin(), snapshot.collections.end(), name);
  if (found == snapshot.collections.end()) {
    return fail("no collection \"{}\"{}", name, hint(name, snapshot.collections));
  }
  const auto id = static_cast<CollectionId::Rep>(found - snapshot.collections.begin());
  for (dist::ShardView& shard : snapshot.view.shards) {
    shard.pinned = shard.pinned || shard.collection == CollectionId(id);
  }
  return {};
}

/// A zone by one of its nodes.
Result<NodeId> find_zone(const ClusterSnapshot& snapshot, const std::string& zone) {
  const auto found = std::find(snapshot.zones.begin(), snapshot.zones.end(), zone);
  if (found == snapshot.zones.end())
    return fail("no zone \"{}\"{}", zone, hint(zone, snapshot.zones));
  return NodeId(static_cast<NodeId::Rep>(found - snapshot.zones.begin()));
}

/// The first node of the zone with the fewest nodes that take copies.
NodeId smallest_zone(const ClusterSnapshot& snapshot) {
  struct Zone {
    std::size_t nodes = 0;
    NodeId first{};
  };
  std::map<std::uint64_t, Zone> zones;
  for (const dist::NodeView& node : snapshot.view.nodes) {
    if (!dist::takes_copies(node)) continue;
    const auto [entry, is_new] =
        zones.try_emplace(domain_key(node.domain, DomainLevel::Zone), Zone{0, node.id});
    ++entry->second.nodes;
  }
  if (zones.empty()) return NodeId(0);
  const auto least = std::min_element(zones.begin(), zones.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.nodes, a.second.first) < std::pair(b.second.nodes, b.second.first);
  });
  return least->second.first;
}

NodeId first_that_takes_copies(const ClusterSnapshot& snapshot) {
  for (const dist::NodeView& node : snapshot.view.nodes) {
    if (dist::takes_copies(node)) return node.id;
  }
  return NodeId(0);
}

Result<void> add_nodes(ClusterSnapshot& snapshot, const AddedNodes& added, std::uint32_t& number) {
  NodeId like = first_that_takes_copies(snapshot);
  if (!added.like.empty()) {
    const auto found = find_node(snapshot, added.like);
    if (!found) return Unexpected{found.error()};
    like = *found;
  }
  for (std::uint32_t i = 0; i < added.count; ++i) {
    NodeId beside = smallest_zone(snapshot);
    if (!added.zone.empty()) {
      const auto found = find_zone(snapshot, added.zone);
      if (!found) return Unexpected{found.error()};
      beside = *found;
    }
    const std::string name = fmt::format("new-{}", number++);
    if (std::find(snapshot.nodes.begin(), snapshot.nodes.end(), name) != snapshot.nodes.end()) {
      return fail("there is a node \"{}\" already", name);
    }
    std::uint16_t rack = 0;
    for (const dist::NodeView& node : snapshot.view.nodes) rack = std::max(rack, node.domain.rack);
    if (rack == std::numeric_limits<std::uint16_t>::max()) return fail("too many racks");
    dist::NodeView node;
    node.id = NodeId(static_cast<NodeId::Rep>(snapshot.nodes.size()));
    node.capacity = snapshot.view.node(like).capacity;
    node.domain = snapshot.view.node(beside).domain;
    node.domain.rack = static_cast<std::uint16_t>(rack + 1);
    snapshot.view.nodes.push_back(node);
    snapshot.zones.push_back(snapshot.zones[beside.value()]);
    snapshot.nodes.push_back(name);
  }
  return {};
}

}  // namespace

Result<ClusterSnapshot> changed(ClusterSnapshot snapshot, const MembershipChange& change) {
  for (const auto& [name, disk] : change.weigh) {
    const auto node = find_node(snapshot, name);
    if (!node) return Unexpected{node.error()};
    snapshot.view.nodes[node->value()].capacity.disk = disk;
  }
  for (const std::string& name : change.drain) {
    const auto node = find_node(snapshot, name);
    if (!node) return Unexpected{node.error()};
    dist::NodeView& view = snapshot.view.nodes[node->value()];
    if (view.state == NodeState::Removed) return fail("node \"{}\" is down: it cannot drain", name);
    view.state = NodeState::Draining;
  }
  for (const std::string& name : change.remove) {
    const auto node = find_node(snapshot, name);
    if (!node) return Unexpected{node.error()};
    dist::NodeView& view = snapshot.view.nodes[node->value()];
    if (view.state == NodeState::Draining) {
      return fail("node \"{}\" cannot both drain and be removed", name);
    }
    view.state = NodeState::Removed;
    view.alive = false;
    view.load = {};
  }
  for (const std::string& name : change.exclude) {
    const auto node = find_node(snapshot, name);
    if (!node) return Unexpected{node.error()};
    dist::NodeView& view = snapshot.view.nodes[node->value()];
    if (view.state != NodeState::Active) {
      return fail("node \"{}\" is excluded, and drains, is down or removed", name);
    }
    view.state = NodeState::Maintenance;
  }
  for (const std::string& name : change.pin) {
    if (auto pinned = pin_collection(snapshot, name); !pinned) return Unexpected{pinned.error()};
  }
  if (auto kept = forget_removed(snapshot); !kept) {
    return fail("removing nodes would lose {}: drain them instead", kept.error().message);
  }
  std::uint32_t number = 0;
  for (const AddedNodes& added : change.add) {
    if (auto grown = add_nodes(snapshot, added, number); !grown) return Unexpected{grown.error()};
  }
  const auto& nodes = snapshot.view.nodes;
  if (std::none_of(nodes.begin(), nodes.end(),
                   [](const auto& n) { return dist::takes_copies(n); })) {
    return fail("no node is left that takes copies");
  }
  return snapshot;
}

}  // namespace shardproof::sim
