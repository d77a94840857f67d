// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/greedy_ancestor.hpp"

#include <algorithm>
#include <utility>

namespace shardproof::distribution {
namespace {

std::vector<std::uint32_t> copies_per_node(const ClusterView& view) {
  std::vector<std::uint32_t> counts(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : planned_copies(shard)) ++counts[node.value()];
  }
  return counts;
}

}  // namespace

CopyList least_loaded(const std::vector<NodeId>& eligible, const std::vector<std::uint32_t>& counts,
                      std::uint32_t wanted) {
  CopyList order = eligible;
  const auto emptier = [&](NodeId a, NodeId b) {
    const std::uint32_t count_a = counts[a.value()];
    const std::uint32_t count_b = counts[b.value()];
    return count_a != count_b ? count_a < count_b : a < b;
  };
  const std::size_t kept = std::min<std::size_t>(wanted, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    emptier);
  order.resize(kept);
  return order;
}

Result<std::vector<CopyList>> AncestorPlacement::place_all(const ClusterView& view,
                                                           const std::vector<NewShard>& shards,
                                                           const PlacementOptions& options) const {
  std::vector<std::uint32_t> counts = copies_per_node(view);
  std::vector<Bytes> incoming = incoming_bytes(view);
  std::vector<CopyList> result;
  for (const NewShard& shard : shards) {
    const auto eligible = eligible_nodes(view, shard, incoming, options);
    if (!eligible) return Unexpected{eligible.error()};
    CopyList chosen = least_loaded(*eligible, counts, options.replication_factor);
    for (const NodeId node : chosen) {
      ++counts[node.value()];
      incoming[node.value()] += shard.bytes;
    }
    result.push_back(std::move(chosen));
  }
  return result;
}

}  // namespace shardproof::distribution
