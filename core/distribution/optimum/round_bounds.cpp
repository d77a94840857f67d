// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/round_bounds.hpp"

#include <bit>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/check.hpp"
#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::size_t kNodesForAllSets = 16;

/// Rounds that `transfers` need inside a set of that capacity.
std::uint64_t rounds_for(std::uint64_t transfers, std::uint64_t capacity) {
  if (transfers == 0) return 0;
  const std::uint64_t at_once = capacity / 2;
  return (transfers + at_once - 1) / at_once;
}

class Densest {
 public:
  explicit Densest(const TransferGraph& graph) : graph_(graph), degrees_(degrees(graph)) {
    for (std::uint32_t node = 0; node < degrees_.size(); ++node) {
      if (degrees_[node] > 0) busy_.push_back(node);
    }
  }

  bool can_try_all() const { return busy_.size() <= kNodesForAllSets; }

  std::uint64_t of_all_sets() const {
    const auto between = transfers_between();
    const std::size_t count = busy_.size();
    std::vector<std::uint32_t> inside(std::size_t{1} << count);
    std::vector<std::uint64_t> capacity(inside.size());
    std::uint64_t most = 0;
    for (std::size_t set = 1; set < inside.size(); ++set) {
      const auto lowest = static_cast<std::size_t>(std::countr_zero(set));
      const std::size_t rest = set & (set - 1);
      inside[set] = inside[rest];
      for (std::size_t other = lowest + 1; other < count; ++other) {
        if ((rest >> other) & 1) inside[set] += between[lowest * count + other];
      }
      capacity[set] = capacity[rest] + graph_.capacities[busy_[lowest]];
      most = std::max(most, rounds_for(inside[set], capacity[set]));
    }
    return most;
  }

  std::uint64_t of_pairs() const {
    std::vector<std::pair<NodeId, NodeId>> ends;
    for (const Transfer& transfer : graph_.transfers) {
      ends.push_back(std::minmax(transfer.source, transfer.target));
    }
    std::sort(ends.begin(), ends.end());
    std::uint64_t most = 0;
    for (auto first = ends.begin(); first != ends.end();) {
      const auto end = std::find_if(first, ends.end(), [&](const auto& e) { return e != *first; });
      const std::uint64_t capacity = std::uint64_t{graph_.capacities[first->first.value()]} +
                                     graph_.capacities[first->second.value()];
      most = std::max(most, rounds_for(static_cast<std::uint64_t>(end - first), capacity));
      first = end;
    }
    return most;
  }

  std::uint64_t of_peeled_sets() const {
    std::vector<std::vector<std::uint32_t>> neighbours(degrees_.size());
    for (const auto& [source, target, bytes] : graph_.transfers) {
      neighbours[source.value()].push_back(target.value());
      neighbours[target.value()].push_back(source.value());
    }
    std::vector<std::uint32_t> left = degrees_;
    const auto sparsest_first = [&](std::uint32_t a, std::uint32_t b) {
      const WeightedLoad of_a{left[a], graph_.capacities[a]};
      const WeightedLoad of_b{left[b], graph_.capacities[b]};
      const auto order = of_a <=> of_b;
      return order != 0 ? order < 0 : a < b;
    };
    std::set<std::uint32_t, decltype(sparsest_first)> nodes(busy_.begin(), busy_.end(),
                                                            sparsest_first);
    std::uint64_t transfers = graph_.transfers.size();
    std::uint64_t capacity = 0;
    for (const std::uint32_t node : busy_) capacity += graph_.capacities[node];
    std::uint64_t most = 0;
    while (!nodes.empty()) {
      most = std::max(most, rounds_for(transfers, capacity));
      const std::uint32_t node = *nodes.begin();
      nodes.erase(nodes.begin());
      transfers -= left[node];
      capacity -= graph_.capacities[node];
      for (const std::uint32_t other : neighbours[node]) {
        if (nodes.erase(other) == 0) continue;
        --left[other];
        nodes.insert(other);
      }
    }
    return most;
  }

 private:
  /// By pairs of positions in busy_.
  std::vector<std::uint32_t> transfers_between() const {
    std::vector<std::size_t> position(degrees_.size());
    for (std::size_t i = 0; i < busy_.size(); ++i) position[busy_[i]] = i;
    std::vector<std::uint32_t> between(busy_.size() * busy_.size());
    for (const auto& [source, target, bytes] : graph_.transfers) {
      const std::size_t a = position[source.value()];
      const std::size_t b = position[target.value()];
      ++between[a * busy_.size() + b];
      ++between[b * busy_.size() + a];
    }
    return between;
  }

  const TransferGraph& graph_;
  std::vector<std::uint32_t> degrees_;
  std::vector<std::uint32_t> busy_;  // nodes with transfers, ascending
};

}  // namespace

RoundBounds round_bounds(const TransferGraph& graph) {
  RoundBounds bounds;
  const std::vector<std::uint32_t> all = degrees(graph);
  for (std::size_t node = 0; node < all.size(); ++node) {
    const std::uint64_t capacity = graph.capacities[node];
    SHARDPROOF_CHECK(capacity > 0);
    bounds.degree = std::max(bounds.degree, (all[node] + capacity - 1) / capacity);
  }
  const Densest densest(graph);
  bounds.density_is_exact = densest.can_try_all();
  bounds.density = bounds.density_is_exact ? densest.of_all_sets()
                                           : std::max(densest.of_pairs(), densest.of_peeled_sets());
  return bounds;
}

}  // namespace shardproof::distribution
