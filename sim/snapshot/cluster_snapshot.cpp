// SPDX-License-Identifier: Apache-2.0
#include "sim/snapshot/cluster_snapshot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

constexpr std::size_t kShownShardsMax = 3;

/// Takes the copies on removed nodes out of a shard; false if none is left.
bool forget_removed(const dist::ClusterView& view, dist::ShardView& shard) {
  const auto is_gone = [&](NodeId node) { return view.node(node).state == NodeState::Removed; };
  std::erase_if(shard.replicas, is_gone);
  std::erase_if(shard.learners, is_gone);
  if (shard.move && (is_gone(shard.move->source) || is_gone(shard.move->target)))
    shard.move.reset();
  if (shard.replicas.empty()) return false;
  if (shard.leader.is_none() || is_gone(shard.leader)) shard.leader = shard.replicas.front();
  return true;
}

}  // namespace

Result<void> forget_removed(ClusterSnapshot& snapshot) {
  std::vector<std::string> lost;
  std::size_t count = 0;
  for (std::size_t i = 0; i < snapshot.shards.size(); ++i) {
    dist::ShardView& shard = snapshot.view.shards[i];
    if (forget_removed(snapshot.view, shard)) continue;
    if (++count > kShownShardsMax) continue;
    lost.push_back(
        fmt::format("{}/{}", snapshot.collections[shard.collection.value()], snapshot.shards[i]));
  }
  if (count == 0) return {};
  return fail("{} shard{} without another copy ({}{})", count, count == 1 ? "" : "s",
              fmt::join(lost, ", "), count > kShownShardsMax ? ", ..." : "");
}

ClusterSnapshot snapshot_of(dist::ClusterView view) {
  ClusterSnapshot snapshot;
  for (const dist::NodeView& node : view.nodes) {
    snapshot.nodes.push_back(fmt::format("{}", node.id));
    snapshot.zones.push_back(fmt::format("zone-{}", node.domain.zone));
  }
  for (std::size_t i = 0; i < view.shards.size(); ++i) {
    SHARDPROOF_CHECK(view.shards[i].id.value() == i, "shard {} at {}", view.shards[i].id, i);
    snapshot.shards.push_back(fmt::format("{}", view.shards[i].id));
    const std::size_t collection = view.shards[i].collection.value();
    while (snapshot.collections.size() <= collection) {
      snapshot.collections.push_back(fmt::format("c{}", snapshot.collections.size()));
    }
  }
  snapshot.view = std::move(view);
  return snapshot;
}

}  // namespace shardproof::sim
