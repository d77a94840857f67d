// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/scylla.hpp"

#include <algorithm>
#include <map>

#include "core/base/check.hpp"
#include "core/distribution/optimum/packing.hpp"

namespace shardproof::sim::peers {

std::optional<double> overcommit(Loads loads, Loads capacities) {
  SHARDPROOF_CHECK(loads.size() == capacities.size());
  const double total = total_of(loads);
  if (loads.empty() || total == 0) return std::nullopt;
  const std::vector<double> ideal = shares_of(total, capacities);
  double most = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    most = std::max(most, static_cast<double>(loads[i]) / ideal[i]);
  }
  return most;
}

std::optional<double> table_overcommit(std::span<const std::vector<std::uint64_t>> tables,
                                       Loads capacities, Loads racks) {
  SHARDPROOF_CHECK(racks.size() == capacities.size());
  std::map<std::uint64_t, std::vector<std::size_t>> nodes_of;
  for (std::size_t i = 0; i < racks.size(); ++i) nodes_of[racks[i]].push_back(i);
  std::optional<double> worst;
  std::vector<std::uint64_t> held;
  std::vector<std::uint64_t> sizes;
  for (const std::vector<std::uint64_t>& table : tables) {
    for (const auto& [rack, nodes] : nodes_of) {
      held.clear();
      sizes.clear();
      for (const std::size_t node : nodes) {
        held.push_back(table[node]);
        sizes.push_back(capacities[node]);
      }
      const auto here = overcommit(held, sizes);
      if (here) worst = std::max(worst.value_or(0), *here);
    }
  }
  return worst;
}

void OvercommitHistory::add(Loads loads, Loads capacities) {
  const auto now = overcommit(loads, capacities);
  if (!now) return;
  if (!init_) init_ = now;
  worst_ = std::max(worst_.value_or(0), *now);
}

std::vector<std::uint64_t> pack_largest_first(const std::vector<Tablet>& tablets,
                                              Loads capacities) {
  if (capacities.empty()) return {};
  distribution::ClusterView view;
  for (const std::uint64_t capacity : capacities) {
    distribution::NodeView& node = view.nodes.emplace_back();
    node.id = NodeId(static_cast<NodeId::Rep>(view.nodes.size() - 1));
    node.capacity.disk = Bytes(capacity);
  }
  for (const Tablet& tablet : tablets) {
    distribution::ShardView& shard = view.shards.emplace_back();
    shard.bytes = Bytes(tablet.bytes);
    // Where the copies are does not matter, only how many there are.
    for (std::uint32_t copy = 0; copy < tablet.copies; ++copy) {
      shard.replicas.push_back(NodeId(copy));
    }
  }
  const std::vector<bool> everybody(capacities.size(), true);
  return distribution::pack(view, everybody, distribution::PackedLoad::Bytes).loads;
}

std::optional<double> best_overcommit(const std::vector<Tablet>& tablets, Loads capacities) {
  return overcommit(pack_largest_first(tablets, capacities), capacities);
}

std::optional<double> size_imbalance(Loads loads) {
  if (loads.empty() || total_of(loads) == 0) return std::nullopt;
  return (largest_of(loads) - smallest_of(loads)) / largest_of(loads);
}

}  // namespace shardproof::sim::peers
