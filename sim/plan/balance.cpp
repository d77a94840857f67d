// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/balance.hpp"

#include <algorithm>

#include "core/distribution/overload.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

using Loads = std::vector<std::uint64_t>;

/// Packing more copies anew takes longer than a person waits for a figure of comparison.
constexpr std::uint64_t kPackedCopiesMax = 300'000;

dist::LoadMeasure measure_of(SkewDimension dimension) {
  switch (dimension) {
    case SkewDimension::kShards: return dist::LoadMeasure::Copies;
    case SkewDimension::kLeaders: return dist::LoadMeasure::Leaders;
    case SkewDimension::kBytes: return dist::LoadMeasure::Bytes;
    case SkewDimension::kRequests: return dist::LoadMeasure::Requests;
    case SkewDimension::kCpu: break;
  }
  return dist::LoadMeasure::Cpu;
}

/// What the nodes over which evenness is judged hold: those that take copies, and others that still
/// hold some.
struct Weighed {
  std::vector<NodeId> nodes;
  std::vector<dist::Holding> holdings;

  explicit Weighed(const dist::ClusterView& view) {
    const dist::Holdings all = dist::holdings_of(view);
    for (const dist::NodeView& node : view.nodes) {
      const dist::Holding& holding = all.nodes[node.id.value()];
      if (!holding.takes_copies && holding.copies == 0) continue;
      nodes.push_back(node.id);
      holdings.push_back(holding);
    }
  }

  Loads loads(SkewDimension dimension) const {
    Loads loads;
    for (const dist::Holding& holding : holdings) {
      loads.push_back(holding.amount(measure_of(dimension)));
    }
    return loads;
  }
};

/// The largest load by weight; there is a node.
dist::WeightedLoad fullest(const Loads& loads, const Loads& weights) {
  dist::WeightedLoad most{loads.front(), weights.front()};
  for (std::size_t i = 1; i < loads.size(); ++i) {
    most = std::max(most, dist::WeightedLoad{loads[i], weights[i]});
  }
  return most;
}

/// `full` over the mean load by weight; nothing without a load.
std::optional<ExactValue> over_mean(const dist::WeightedLoad& full, UInt128 total,
                                    UInt128 weights) {
  if (total == 0) return std::nullopt;
  return ExactValue::fraction(full.amount * weights, full.weight * total);
}

std::optional<ExactValue> over_share(const Loads& loads, const Loads& weights) {
  UInt128 total = 0;
  UInt128 weight = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    total += loads[i];
    weight += weights[i];
  }
  return over_mean(fullest(loads, weights), total, weight);
}

/// The disks' sizes; nothing if one has no limit.
std::optional<Loads> disks_of(const dist::ClusterView& view, const std::vector<NodeId>& nodes) {
  Loads disks;
  for (const NodeId node : nodes) {
    disks.push_back(view.node(node).capacity.disk.count());
    if (disks.back() == 0) return std::nullopt;
  }
  return disks;
}

/// Without disks all nodes weigh the same.
dist::ClusterView of_nodes_alike(dist::ClusterView view) {
  for (dist::NodeView& node : view.nodes) node.capacity.disk = Bytes(0);
  return view;
}

}  // namespace

PlanSkew plan_skew(const dist::ClusterView& view, bool knows_bytes) {
  PlanSkew skew;
  const Weighed weighed(view);
  if (weighed.nodes.empty()) return skew;
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    skew.of[i] = skew_of(weighed.loads(static_cast<SkewDimension>(i)));
  }
  const std::vector<std::uint64_t> all_weights = dist::node_weights(view);
  Loads weights;
  for (const NodeId node : weighed.nodes) weights.push_back(all_weights[node.value()]);
  skew.copies_over_share = over_share(weighed.loads(SkewDimension::kShards), weights);
  if (!knows_bytes) return skew;
  const Loads bytes = weighed.loads(SkewDimension::kBytes);
  skew.bytes_over_share = over_share(bytes, weights);
  const auto disks = disks_of(view, weighed.nodes);
  if (!disks) return skew;
  skew.bytes_by_capacity = weighted_skew_of(bytes, *disks);
  const dist::WeightedLoad full = fullest(bytes, *disks);
  skew.fullest_disk = ExactValue::fraction(full.amount, full.weight);
  return skew;
}

std::optional<BestBalance> best_balance(const dist::ClusterView& view,
                                        const std::vector<bool>& members, dist::PackedLoad load) {
  const auto nodes = static_cast<std::size_t>(std::count(members.begin(), members.end(), true));
  UInt128 total = 0;
  std::uint64_t copies = 0;
  for (const dist::ShardView& shard : view.shards) {
    const std::size_t placed = std::min(dist::planned_copies(shard).size(), nodes);
    copies += placed;
    total += dist::packed_load(shard, load, placed);
  }
  const std::vector<std::uint64_t> weights = dist::node_weights(view);
  UInt128 weight = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) weight += members[i] ? weights[i] : 0;
  const auto bound = over_mean(dist::packing_bound(view, members, load), total, weight);
  if (!bound) return std::nullopt;
  BestBalance best{*bound, std::nullopt};
  if (copies <= kPackedCopiesMax) {
    best.found = over_mean(dist::pack(view, members, load).fullest, total, weight);
  }
  return best;
}

std::optional<BestBalance> best_balance_of_leaders(const dist::ClusterView& view,
                                                   const std::vector<bool>& members,
                                                   dist::PackedLoad load) {
  dist::ClusterView led = of_nodes_alike(view);
  std::erase_if(led.shards, [](const dist::ShardView& shard) { return shard.leader.is_none(); });
  for (dist::ShardView& shard : led.shards) {
    shard.replicas.assign(1, shard.leader);
    shard.learners.clear();
    shard.move.reset();
  }
  return best_balance(led, members, load);
}

std::optional<BestBalance> best_balance_of_cpu(const dist::ClusterView& view,
                                               const std::vector<bool>& members) {
  return best_balance(of_nodes_alike(view), members, dist::PackedLoad::Cpu);
}

}  // namespace shardproof::sim
