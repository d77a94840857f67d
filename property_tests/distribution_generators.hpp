// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <rapidcheck.h>

#include "core/base/random.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {

/// Everything random in these tests comes from one number, which RapidCheck draws and shrinks.
inline Random any_stream() { return Random(*rc::gen::arbitrary<std::uint64_t>()); }

inline std::uint32_t any_below(Random& random, std::uint32_t bound) {
  return static_cast<std::uint32_t>(random.below(bound));
}

/// `count` distinct ids below `bound`.
inline std::vector<NodeId> any_nodes(Random& random, std::uint32_t count, std::uint32_t bound) {
  std::vector<NodeId> nodes;
  while (nodes.size() < count) {
    const NodeId node(any_below(random, bound));
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
  }
  return nodes;
}

struct Shape {
  std::uint32_t nodes = 1;
  std::uint32_t zones = 1;
  std::uint32_t copies = 1;
  std::uint32_t shards = 0;
};

inline Shape any_shape() {
  const auto nodes = *rc::gen::inRange<std::uint32_t>(1, 13).as("nodes");
  const auto zones = *rc::gen::inRange<std::uint32_t>(1, 6).as("zones");
  const auto copies = *rc::gen::inRange<std::uint32_t>(1, std::min(nodes, 4u) + 1).as("copies");
  const auto shards = *rc::gen::inRange<std::uint32_t>(0, 60).as("shards");
  return {nodes, zones, copies, shards};
}

/// Nodes in random places of a small tree of domains, all active, all of unstated capacity.
inline ClusterView any_nodes_of(Random& random, const Shape& shape) {
  ClusterView view;
  for (std::uint32_t i = 0; i < shape.nodes; ++i) {
    NodeView& node = test::add_node(view);
    node.domain.region = static_cast<std::uint16_t>(random.below(2));
    node.domain.zone = static_cast<std::uint16_t>(random.below(shape.zones));
    node.domain.rack = static_cast<std::uint16_t>(random.below(3));
  }
  return view;
}

inline void add_any_shards(Random& random, const Shape& shape, ClusterView& view) {
  for (std::uint32_t i = 0; i < shape.shards; ++i) {
    ShardView& shard = test::add_shard(view, any_nodes(random, shape.copies, shape.nodes));
    shard.bytes = Bytes(random.below(1000));
  }
}

inline ClusterView any_cluster(Random& random, const Shape& shape) {
  ClusterView view = any_nodes_of(random, shape);
  add_any_shards(random, shape, view);
  return view;
}

/// Gives some nodes another state and some shards an operation.
inline void disturb(Random& random, ClusterView& view) {
  for (NodeView& node : view.nodes) {
    const std::uint32_t what = any_below(random, 12);
    if (what == 0) node.state = NodeState::Draining;
    if (what == 1) node.state = NodeState::Maintenance;
    if (what == 2) node.alive = false;
  }
  for (ShardView& shard : view.shards) {
    if (random.below(8) == 0) shard.frozen = true;
  }
}

/// Disks of different sizes, so different weights, but far larger than all data.
inline void give_roomy_disks(Random& random, ClusterView& view) {
  for (NodeView& node : view.nodes)
    node.capacity.disk = Bytes(1'000'000'000 * (1 + random.below(4)));
}

inline bool has_duplicates(std::vector<NodeId> nodes) {
  std::sort(nodes.begin(), nodes.end());
  return std::adjacent_find(nodes.begin(), nodes.end()) != nodes.end();
}

}  // namespace shardproof::distribution
