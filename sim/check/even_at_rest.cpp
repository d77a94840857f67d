// SPDX-License-Identifier: Apache-2.0
#include "sim/check/even_at_rest.hpp"

#include <algorithm>

#include "sim/check/plan_sight.hpp"
#include "sim/check/shared_domains.hpp"

namespace shardproof::sim::check {

void EvenAtRest::on(const fact::PlanMade& plan, const At& at) {
  if (!plan.for_evenness || plan.balance_moves != 0 || plan.other_moves != 0) return;
  // Whoever plans by an older table cannot know what has changed since.
  if (plan.revision < oracle_.holdings().changed_in()) return;
  const auto bound = oracle_.traits_of_plan(at.node, plan.revision).balance_bound;
  // A disk that was full is taken for full until its node has told otherwise.
  if (!bound || !oracle_.is_well_known(at) || !is_free_to_move(plan)) return;
  evaluated();
  check_copies(plan, bound->count_gap, at);
  if (bound->leader_gap && plan.transfers == 0) check_leaders(plan, *bound->leader_gap, at);
}

/// Without limit, or so large that nothing in a scenario fills it.
bool EvenAtRest::is_disk_ample(const NodeRecord& node) const {
  const NodeFacts& facts = oracle_.node(node.id);
  const Bytes capacity = std::max(node.capacity.disk, facts.capacity);
  return capacity == Bytes(0) || facts.used < capacity / 1000;
}

bool EvenAtRest::is_free_to_move(const fact::PlanMade& plan) const {
  const auto& nodes = plan.basis->holdings.nodes;
  if (plan.basis->holdings.free_shards != plan.basis->shards) return false;
  for (const NodeRecord& node : oracle_.table().nodes()) {
    if (node.id.is_none() || node.state == NodeState::Removed) continue;
    const bool takes = node.id.value() < nodes.size() && nodes[node.id.value()].takes_copies;
    if (!is_disk_ample(node) || !takes) return false;
  }
  const auto& shards = oracle_.table().shards();
  return std::all_of(shards.begin(), shards.end(), [&](const ShardInfo& shard) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) return true;
    const std::uint32_t wanted = oracle_.collection_of(shard.id).replication_factor;
    return shard.learners.empty() && !shard.migration && shard.replicas.size() >= wanted;
  });
}

NodeId EvenAtRest::find_target(const ShardInfo& shard, NodeId source, const fact::PlanBasis& basis,
                               std::uint32_t gap) const {
  const auto& nodes = basis.holdings.nodes;
  NodeList others = shard.replicas;
  erase_node(others, source);
  const int shared = shared_levels(oracle_.table(), source, others);
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const NodeId target(i);
    if (!nodes[i].takes_copies || contains(shard.replicas, target)) continue;
    const UInt128 after = UInt128{nodes[i].copies + gap} * basis.weights[source.value()];
    const UInt128 before = UInt128{nodes[source.value()].copies} * basis.weights[i];
    if (after < before && shared_levels(oracle_.table(), target, others) <= shared) return target;
  }
  return NodeId::none();
}

void EvenAtRest::check_copies(const fact::PlanMade& plan, std::uint32_t gap, const At& at) {
  if (are_counts_within(*plan.basis, gap)) return;
  const auto& nodes = plan.basis->holdings.nodes;
  for (const ShardInfo& shard : oracle_.table().shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    for (const NodeId source : shard.replicas) {
      const NodeId target = find_target(shard, source, *plan.basis, gap);
      if (target.is_none()) continue;
      return report(
          at, {shard.id, {at.node, source, target}, {}},
          fmt::format("{} plans no move ({}), although {} has {} copies, {} only {}, and "
                      "nothing stands in the way of that of {}",
                      at.node, to_string(plan.cause), source, nodes[source.value()].copies, target,
                      nodes[target.value()].copies, shard.id));
    }
  }
}

void EvenAtRest::check_leaders(const fact::PlanMade& plan, std::uint32_t gap, const At& at) {
  const ShardTable& table = oracle_.table();
  const std::vector<std::uint64_t>& weights = plan.basis->weights;
  std::vector<std::uint32_t> leads(table.nodes().size());
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    const CollectionConfig& collection = oracle_.collection_of(shard.id);
    // With fewer acknowledgements than copies a leader may be the only one that has everything.
    const bool may_stay =
        collection.write_concern != 0 && collection.write_concern < collection.replication_factor;
    const RecordKey key{RecordKind::Shard, shard.id.value()};
    if (may_stay || shard.leader.is_none() || table.modified(key) > plan.revision) return;
    ++leads[shard.leader.value()];
  }
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    for (const NodeId node : shard.replicas) {
      const UInt128 more = UInt128{leads[node.value()]} + gap;
      const UInt128 most = leads[shard.leader.value()];
      if (more * weights[shard.leader.value()] >= most * weights[node.value()]) continue;
      return report(at, {shard.id, {at.node, shard.leader, node}, {}},
                    fmt::format("{} plans nothing ({}), although {} leads {} shards and {}, which "
                                "could lead {}, only {}",
                                at.node, to_string(plan.cause), shard.leader,
                                leads[shard.leader.value()], node, shard.id, leads[node.value()]));
    }
  }
}

}  // namespace shardproof::sim::check
