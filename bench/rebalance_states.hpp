// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"
#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// A cluster to which empty nodes have been added.
struct GrownCluster {
  std::uint32_t shards = 1'000'000;
  std::uint32_t nodes = 1000;
  std::uint32_t new_nodes = 100;  ///< of these, the last
  std::uint32_t copies = 1;
  bool lognormal = false;  ///< else all shards have the median
  std::uint32_t zones = 10;
  bool new_zone = false;  ///< the new nodes are a zone of their own, else spread over all
  std::uint64_t median_bytes = 64ULL << 20;
};

/// The median times e^x, x normal with deviation 1: the largest of a million is about 100 times
/// that.
inline Bytes any_size(Random& random, const GrownCluster& cluster) {
  if (!cluster.lognormal) return Bytes(cluster.median_bytes);
  constexpr std::int64_t kLog2OfE_q32 = 6196328019;
  const std::int64_t exponent_q32 = multiply_q32(random.normal_q32(), kLog2OfE_q32);
  return Bytes(static_cast<std::uint64_t>(
      (static_cast<UInt128>(cluster.median_bytes) * exp2_q32(exponent_q32)) >> 32));
}

/// Nodes in zones of ten racks each; the copies of a shard in different zones, dealt out so
/// that the old nodes hold equally many (by shuffled rounds over them), the first one leading.
inline ClusterView view_of(const GrownCluster& cluster) {
  ClusterView view;
  for (std::uint32_t i = 0; i < cluster.nodes; ++i) {
    NodeView node;
    node.id = NodeId(i);
    const bool apart = cluster.new_zone && i >= cluster.nodes - cluster.new_nodes;
    const std::uint32_t zone = apart ? cluster.zones : i % cluster.zones;
    node.domain = {0, static_cast<std::uint16_t>(zone),
                   static_cast<std::uint16_t>(i / cluster.zones % 10)};
    view.nodes.push_back(node);
  }
  Random random = Random::named(1, "bench", 0, "states");
  const std::uint32_t old_nodes = cluster.nodes - cluster.new_nodes;
  std::vector<std::uint32_t> round;
  for (std::uint32_t i = 0; i < cluster.shards; ++i) {
    ShardView shard;
    shard.id = ShardId(i);
    shard.collection = CollectionId(0);
    shard.replication_factor = cluster.copies;
    shard.bytes = any_size(random, cluster);
    if (round.empty()) {
      for (std::uint32_t node = 0; node < old_nodes; ++node) round.push_back(node);
      for (std::uint32_t k = old_nodes; k > 1; --k) std::swap(round[k - 1], round[random.below(k)]);
    }
    // The first goes where the round says, the others beside it, into the next zones.
    for (std::uint32_t copy = 0; copy < cluster.copies; ++copy) {
      shard.replicas.push_back(NodeId((round.back() + copy * (old_nodes / 3 + 1)) % old_nodes));
    }
    round.pop_back();
    shard.leader = shard.replicas.front();
    for (const NodeId node : shard.replicas) view.nodes[node.value()].load.disk_used += shard.bytes;
    view.shards.push_back(std::move(shard));
  }
  return view;
}

}  // namespace shardproof::distribution
