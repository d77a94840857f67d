// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/replication.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/check.hpp"
#include "core/coordinator/cluster_view_builder.hpp"
#include "core/coordinator/tenure.hpp"
#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/draft.hpp"

namespace shardproof {
namespace {

using Stage = Progress::Stage;

std::uint32_t count_active(const ShardTable& table) {
  return static_cast<std::uint32_t>(
      std::count_if(table.nodes().begin(), table.nodes().end(), [](const NodeRecord& node) {
        return node.id.has_value() && node.state == NodeState::Active;
      }));
}

/// Why the collection cannot have so many copies; empty if it can.
std::string why_not(std::uint32_t wanted, const CollectionConfig& collection,
                    const ShardTable& table) {
  if (collection.moving_to.has_value()) {
    return fmt::format("documents of {} are being moved", collection.full_name());
  }
  const std::uint32_t active = count_active(table);
  if (wanted == 0 || (wanted > collection.replication_factor && wanted > active)) {
    return fmt::format("replication_factor is {}: 1 to {} (the active nodes) are possible", wanted,
                       active);
  }
  if (wanted < collection.replication_factor && collection.write_concern != 0) {
    return fmt::format(
        "a write to {} is acknowledged with {} of {} copies: none can be spared, for nobody knows "
        "which of them have it",
        collection.full_name(), collection.write_concern, collection.replication_factor);
  }
  return {};
}

/// The size of the node's disk, or 1 for every holder if one of them states none.
std::uint64_t weight_of(NodeId node, const ShardInfo& shard, const ShardTable& table) {
  const auto disk = [&](NodeId holder) { return table.find_node(holder)->capacity.disk; };
  const bool all_stated = std::none_of(shard.replicas.begin(), shard.replicas.end(),
                                       [&](NodeId holder) { return disk(holder) == Bytes(0); });
  return all_stated ? disk(node).count() : 1;
}

}  // namespace

Progress set_replication(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  const std::uint32_t wanted = request.collection.replication_factor;
  const CollectionConfig* known =
      step.table.find_collection(request.collection.database, request.collection.name);
  if (known == nullptr) {
    return {Stage::Refused, fmt::format("{} does not exist", request.collection.full_name())};
  }
  // Of a change that is under way nobody can say whether it will be.
  if (tenure.proposals.is_busy(key_of(*known))) return waiting("the commit of its last change");
  if (known->replication_factor == wanted) {
    return {Stage::Done,
            fmt::format("shards of {} are to have {} copies", known->full_name(), wanted)};
  }
  // Whether there are nodes enough depends on who stays.
  if (is_any_node_changing(tenure, step.table)) return waiting("the commit of a member's change");
  if (std::string reason = why_not(wanted, *known, step.table); !reason.empty()) {
    return {Stage::Refused, std::move(reason)};
  }
  CollectionConfig after = *known;
  after.replication_factor = wanted;
  tenure.proposals.propose(std::vector<Record>{after}, "replication", step);
  return waiting("its commit");
}

NodeId surplus_replica(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  using Rank = std::tuple<bool, bool, distribution::Crowding, distribution::WeightedLoad, NodeId>;
  const distribution::ClusterView view = build_node_view(tenure, step);
  const std::vector<NodeId> copies(shard.replicas.begin(), shard.replicas.end());
  const auto rank_of = [&](NodeId node) {
    const distribution::WeightedLoad load{tenure.copies.staying_at(node),
                                          weight_of(node, shard, step.table)};
    return Rank{!tenure.detector.is_alive(node), node_state(step.table, node) != NodeState::Active,
                distribution::crowding(view, node, copies, node), load, node};
  };
  NodeId chosen;
  for (const NodeId node : shard.replicas) {
    if (node == shard.leader) continue;
    if (chosen.is_none() || rank_of(node) > rank_of(chosen)) chosen = node;
  }
  SHARDPROOF_CHECK(chosen.has_value(), "{}: nobody but {} has a copy", shard.id, shard.leader);
  return chosen;
}

}  // namespace shardproof
