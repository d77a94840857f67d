// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/transfer_graph.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace shardproof::distribution {

TransferGraph transfer_graph(const Plan& plan, std::size_t nodes, std::uint32_t capacity) {
  TransferGraph graph{std::vector<std::uint32_t>(nodes, capacity), {}};
  for (const Move& move : plan.moves) {
    if (move.kind == MoveKind::LeaderTransfer) continue;
    graph.transfers.push_back({move.source, move.target, move.bytes});
  }
  return graph;
}

std::vector<std::uint32_t> degrees(const TransferGraph& graph) {
  std::vector<std::uint32_t> result(graph.capacities.size());
  for (const Transfer& transfer : graph.transfers) {
    ++result[transfer.source.value()];
    ++result[transfer.target.value()];
  }
  return result;
}

RoundSchedule rounds_of(const std::vector<std::uint32_t>& colours, std::size_t count) {
  RoundSchedule schedule{std::vector<std::vector<std::uint32_t>>(count)};
  for (std::uint32_t i = 0; i < colours.size(); ++i) schedule.rounds[colours[i]].push_back(i);
  std::erase_if(schedule.rounds, [](const auto& round) { return round.empty(); });
  return schedule;
}

std::string flaw_of(const TransferGraph& graph, const RoundSchedule& schedule) {
  std::vector<std::uint32_t> times(graph.transfers.size());
  for (std::size_t round = 0; round < schedule.length(); ++round) {
    std::vector<std::uint32_t> busy(graph.capacities.size());
    for (const std::uint32_t index : schedule.rounds[round]) {
      if (index >= times.size()) return fmt::format("round {}: no transfer {}", round, index);
      ++times[index];
      for (const NodeId node : {graph.transfers[index].source, graph.transfers[index].target}) {
        if (++busy[node.value()] <= graph.capacities[node.value()]) continue;
        return fmt::format("round {}: {} is over its capacity of {}", round, node,
                           graph.capacities[node.value()]);
      }
    }
  }
  const auto wrong = std::find_if(times.begin(), times.end(), [](auto n) { return n != 1; });
  if (wrong == times.end()) return "";
  return fmt::format("transfer {} is there {} times", wrong - times.begin(), *wrong);
}

}  // namespace shardproof::distribution
