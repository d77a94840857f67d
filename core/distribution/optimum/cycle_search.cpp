// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/cycle_search.hpp"

#include <algorithm>
#include <map>

#include "core/base/check.hpp"

namespace shardproof::distribution {

CycleSearch::CycleSearch(const FlowState& flow)
    : flow_(flow),
      sink_(flow.node_count()),
      distances_(sink_ + 1),
      previous_(sink_ + 1),
      predecessors_(sink_ + 1),
      has_changed_(sink_ + 1) {
  std::map<std::uint64_t, std::vector<std::uint32_t>> racks;
  for (std::uint32_t node = 0; node < sink_; ++node) {
    if (flow.receives(node)) racks[flow.rack(node)].push_back(node);
  }
  for (auto& [rack, nodes] : racks) receivers_.push_back(std::move(nodes));
}

std::vector<PassCycle> CycleSearch::run() {
  for (std::uint32_t round = 0; relax(); ++round) {
    // Shortest paths without cycles have fewer arcs than there are vertices.
    SHARDPROOF_CHECK(round <= sink_ + 1);
    auto cycles = cycles_of_predecessors();
    if (!cycles.empty()) return cycles;
  }
  return {};
}

bool CycleSearch::relax() {
  for (std::uint32_t node = 0; node <= sink_; ++node) {
    has_changed_[node] = is_first_round_ || previous_[node] != distances_[node];
  }
  is_first_round_ = false;
  previous_ = distances_;
  relax_through_sink();
  relax_candidates();
  relax_returns();
  return previous_ != distances_;
}

bool CycleSearch::improve(std::uint32_t node, FlowCost distance, Predecessor by) {
  if (!(distance < distances_[node])) return false;
  distances_[node] = distance;
  predecessors_[node] = by;
  return true;
}

void CycleSearch::relax_through_sink() {
  for (std::uint32_t node = 0; node < sink_; ++node) {
    improve(sink_, previous_[node] + flow_.cost_of_arrival(node), {node, kNone});
    if (flow_.count(node) == 0) continue;
    improve(node, previous_[sink_] - flow_.gain_of_departure(node), {sink_, kNone});
  }
}

std::optional<CycleSearch::Offer> CycleSearch::offer(std::uint32_t node,
                                                     std::uint32_t index) const {
  const auto& arrived = flow_.arrived(node);
  if (index < arrived.size()) return Offer{previous_[node], arrived[index], node, index};
  const auto& own = flow_.candidates(node);
  for (std::size_t i = index - arrived.size(); i < own.size(); ++i) {
    if (flow_.has_moved(own[i])) continue;
    return Offer{previous_[node] + flow_.cost_of_moving(own[i]), own[i], node,
                 static_cast<std::uint32_t>(arrived.size() + i)};
  }
  return std::nullopt;
}

const CycleSearch::Candidate* CycleSearch::candidate(std::size_t rank) {
  while (candidates_.size() <= rank && !offers_.empty()) {
    const Offer next = offers_.top();
    offers_.pop();
    candidates_.push_back({next.distance, next.copy});
    if (const auto more = offer(next.node, next.index + 1)) offers_.push(*more);
  }
  return rank < candidates_.size() ? &candidates_[rank] : nullptr;
}

void CycleSearch::relax_candidates() {
  candidates_.clear();
  offers_ = {};
  for (std::uint32_t node = 0; node < sink_; ++node) {
    if (!has_changed_[node]) continue;
    if (const auto first = offer(node, 0)) offers_.push(*first);
  }
  for (const auto& nodes : receivers_) relax_rack(nodes);
}

/// Where a shard may have one more copy is the same for all nodes of a rack.
void CycleSearch::relax_rack(const std::vector<std::uint32_t>& nodes) {
  FlowCost furthest = furthest_of(nodes);
  for (std::size_t rank = 0;; ++rank) {
    const Candidate* next = candidate(rank);
    if (next == nullptr || !(next->distance < furthest)) return;
    if (!flow_.may_cross_to(next->copy, nodes.front())) continue;
    for (const std::uint32_t node : nodes) {
      if (!(next->distance < distances_[node]) || !flow_.may_go(next->copy, node)) continue;
      improve(node, next->distance, {flow_.place(next->copy), next->copy});
    }
    furthest = furthest_of(nodes);
  }
}

FlowCost CycleSearch::furthest_of(const std::vector<std::uint32_t>& nodes) const {
  FlowCost furthest = distances_[nodes.front()];
  for (const std::uint32_t node : nodes) furthest = std::max(furthest, distances_[node]);
  return furthest;
}

/// A place that a copy has left may have one of its shard's copies again, which takes back the
/// cost.
void CycleSearch::relax_returns() {
  for (const std::uint32_t gone : flow_.moved()) {
    const std::uint32_t home = flow_.origin(gone);
    const std::uint32_t shard = flow_.shard_of(gone);
    const FlowCost gain = flow_.cost_of_moving(gone);
    for (std::uint32_t copy = flow_.first_copy(shard); copy < flow_.first_copy(shard + 1); ++copy) {
      const std::uint32_t source = flow_.place(copy);
      if (!has_changed_[source]) continue;
      FlowCost distance = previous_[source] - gain;
      if (!flow_.has_moved(copy)) distance = distance + flow_.cost_of_moving(copy);
      if (!(distance < distances_[home])) continue;
      if (!flow_.has_moved(copy) && !flow_.may_leave(copy)) continue;
      if (flow_.may_go(copy, home)) improve(home, distance, {source, copy});
    }
  }
}

std::vector<PassCycle> CycleSearch::cycles_of_predecessors() const {
  std::vector<PassCycle> cycles;
  std::vector<std::uint32_t> seen(sink_ + 1, kNone);  // by whose walk
  for (std::uint32_t start = 0; start <= sink_; ++start) {
    std::uint32_t at = start;
    while (at != kNone && seen[at] == kNone) {
      seen[at] = start;
      at = predecessors_[at].node;
    }
    if (at != kNone && seen[at] == start) cycles.push_back(passes_of(at));
  }
  return cycles;
}

PassCycle CycleSearch::passes_of(std::uint32_t on_cycle) const {
  PassCycle cycle;
  std::uint32_t at = on_cycle;
  do {
    const Predecessor& by = predecessors_[at];
    if (by.copy != kNone) cycle.push_back({flow_.shard_of(by.copy), by.node, at});
    at = by.node;
  } while (at != on_cycle);
  std::reverse(cycle.begin(), cycle.end());
  return cycle;
}

}  // namespace shardproof::distribution
