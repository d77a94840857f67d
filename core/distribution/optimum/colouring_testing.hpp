// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "core/distribution/optimum/colouring.hpp"

namespace shardproof::distribution::test {

inline void add_transfers(TransferGraph& graph, std::uint32_t a, std::uint32_t b, int times = 1) {
  for (; times > 0; --times) graph.transfers.push_back({NodeId(a), NodeId(b), Bytes(1)});
}

inline TransferGraph empty_graph(std::size_t nodes, std::uint32_t capacity) {
  return {std::vector<std::uint32_t>(nodes, capacity), {}};
}

/// Tries all ways to put the transfers into so many rounds; for a dozen of transfers. Rounds are
/// alike until used, so a transfer goes into a used one or the first that is not.
class Backtracking {
 public:
  Backtracking(const TransferGraph& graph, std::size_t rounds)
      : graph_(graph), busy_(rounds, std::vector<std::uint32_t>(graph.capacities.size())) {}

  bool succeeds(std::size_t transfer = 0, std::size_t used = 0) {
    if (transfer == graph_.transfers.size()) return true;
    const auto& [source, target, bytes] = graph_.transfers[transfer];
    for (std::size_t round = 0; round < std::min(used + 1, busy_.size()); ++round) {
      auto& busy = busy_[round];
      if (busy[source.value()] == graph_.capacities[source.value()]) continue;
      if (busy[target.value()] == graph_.capacities[target.value()]) continue;
      ++busy[source.value()];
      ++busy[target.value()];
      if (succeeds(transfer + 1, std::max(used, round + 1))) return true;
      --busy[source.value()];
      --busy[target.value()];
    }
    return false;
  }

 private:
  const TransferGraph& graph_;
  std::vector<std::vector<std::uint32_t>> busy_;  // by round and node
};

/// The fewest rounds, by trying.
inline std::size_t fewest_rounds(const TransferGraph& graph) {
  std::size_t rounds = round_bounds(graph).degree;
  while (!Backtracking(graph, rounds).succeeds()) ++rounds;
  return rounds;
}

struct BestSchedule {
  RoundSchedule schedule;
  std::string_view scheduler{};  ///< whose schedule it is: of equally short ones, the first
  RoundBounds bounds;

  /// No schedule has fewer rounds.
  bool is_proven() const { return schedule.length() == bounds.rounds(); }
};

/// The shortest schedule of all schedulers, with the bounds beside it.
inline BestSchedule best_schedule(const TransferGraph& graph) {
  BestSchedule best;
  best.bounds = round_bounds(graph);
  for (const RoundScheduler& scheduler : round_schedulers()) {
    const auto schedule = scheduler.schedule(graph);
    if (!schedule) continue;
    if (!best.scheduler.empty() && schedule->length() >= best.schedule.length()) continue;
    best.schedule = *schedule;
    best.scheduler = scheduler.name;
  }
  return best;
}

}  // namespace shardproof::distribution::test
