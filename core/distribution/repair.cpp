// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/repair.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/contains.hpp"
#include "core/distribution/placement/placement.hpp"
#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {
namespace {

/// What the repairs planned so far add to the view.
class RepairPlanner {
 public:
  RepairPlanner(const ClusterView& view, Ratio disk_watermark)
      : view_(view),
        disk_watermark_(disk_watermark),
        weights_(node_weights(view)),
        incoming_(incoming_bytes(view)),
        counts_(view.nodes.size()) {
    for (const ShardView& shard : view.shards) {
      for (const NodeId node : planned_copies(shard)) ++counts_[node.value()];
    }
  }

  /// Shards that need and allow a repair, the most urgent first.
  std::vector<const ShardView*> most_urgent_first() const {
    std::vector<std::tuple<std::uint32_t, ShardId, const ShardView*>> order;
    for (const ShardView& shard : view_.shards) {
      if (shard.frozen || shard.move || source_of(shard).is_none()) continue;
      if (living_copies(view_, shard) >= shard.replication_factor) continue;
      order.emplace_back(living_replicas(view_, shard), shard.id, &shard);
    }
    std::sort(order.begin(), order.end());
    std::vector<const ShardView*> shards;
    for (const auto& entry : order) shards.push_back(std::get<2>(entry));
    return shards;
  }

  void repair(const ShardView& shard) {
    std::vector<NodeId> copies = planned_copies(shard);
    std::erase_if(copies, [&](NodeId node) { return !keeps_copies(view_.node(node)); });
    while (copies.size() < shard.replication_factor) {
      const NodeId target = best_target(shard, copies);
      if (target.is_none()) {
        plan_.unplaceable.push_back({shard.id, NodeId::none()});
        return;
      }
      copies.push_back(target);
      incoming_[target.value()] += shard.bytes;
      ++counts_[target.value()];
      plan_.moves.push_back({shard.id, source_of(shard), target, MoveKind::Add, MoveReason::Repair,
                             false, living_replicas(view_, shard), shard.bytes});
    }
  }

  Plan take_plan() { return std::move(plan_); }

 private:
  NodeId source_of(const ShardView& shard) const {
    if (shard.leader.has_value() && view_.node(shard.leader).alive) return shard.leader;
    NodeId lowest;
    for (const NodeId node : shard.replicas) {
      if (view_.node(node).alive && (lowest.is_none() || node < lowest)) lowest = node;
    }
    return lowest;
  }

  NodeId best_target(const ShardView& shard, const std::vector<NodeId>& copies) const {
    NodeId best;
    std::tuple<Crowding, bool, WeightedLoad> best_score;
    for (const NodeView& node : view_.nodes) {
      const std::size_t i = node.id.value();
      if (!takes_copies(node) || contains(copies, node.id)) continue;
      if (!has_space(node, incoming_[i] + shard.bytes, disk_watermark_)) continue;
      const std::tuple score{crowding(view_, node.id, copies),
                             !contains(shard.stale_holders, node.id),
                             WeightedLoad{counts_[i] + 1, weights_[i]}};
      if (best.is_none() || score < best_score)
        std::tie(best, best_score) = std::tie(node.id, score);
    }
    return best;
  }

  const ClusterView& view_;
  Ratio disk_watermark_;
  std::vector<std::uint64_t> weights_;
  std::vector<Bytes> incoming_;
  std::vector<std::uint64_t> counts_;
  Plan plan_;
};

}  // namespace

Plan plan_repairs(const ClusterView& view, Ratio disk_watermark) {
  RepairPlanner planner(view, disk_watermark);
  for (const ShardView* shard : planner.most_urgent_first()) planner.repair(*shard);
  return planner.take_plan();
}

}  // namespace shardproof::distribution
