// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/placement/placement.hpp"

#include <algorithm>
#include <utility>

namespace shardproof::distribution {

Result<CopyList> PlacementPolicy::place(const ClusterView& view, const NewShard& shard,
                                        const PlacementOptions& options) const {
  auto lists = place_all(view, {shard}, options);
  if (!lists) return Unexpected{lists.error()};
  return std::move(lists->front());
}

Result<std::vector<NodeId>> eligible_nodes(const ClusterView& view, const NewShard& shard,
                                           const std::vector<Bytes>& incoming,
                                           const PlacementOptions& options) {
  std::vector<NodeId> eligible;
  std::size_t without_space = 0;
  for (const NodeView& node : view.nodes) {
    if (!takes_copies(node)) continue;
    if (has_space(node, incoming[node.id.value()] + shard.bytes, options.disk_watermark)) {
      eligible.push_back(node.id);
    } else {
      ++without_space;
    }
  }
  if (eligible.size() >= options.replication_factor) return eligible;
  return fail(
      "shard {} needs {} nodes that are active, alive and below the disk watermark of {}, "
      "but there are {} ({} more are too full)",
      shard.id, options.replication_factor, options.disk_watermark, eligible.size(), without_space);
}

std::vector<Bytes> incoming_bytes(const ClusterView& view) {
  std::vector<Bytes> incoming(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId learner : shard.learners) incoming[learner.value()] += shard.bytes;
    if (!shard.move) continue;
    const NodeId target = shard.move->target;
    const auto& learners = shard.learners;
    const bool counted = std::find(learners.begin(), learners.end(), target) != learners.end();
    if (!counted) incoming[target.value()] += shard.bytes;
  }
  return incoming;
}

}  // namespace shardproof::distribution
