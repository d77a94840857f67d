// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/colouring.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/base/stable_hash.hpp"
#include "core/distribution/optimum/split_colouring.hpp"

namespace shardproof::distribution {
namespace {

/// Attempts of kempe_schedule, times transfers.
constexpr std::size_t kTransfersTried = 20'000;

constexpr std::array kSchedulers{
    RoundScheduler{"fifo", "in the order of the plan, without overtaking", "",
                   [](const TransferGraph& graph) { return std::optional(fifo_schedule(graph)); }},
    RoundScheduler{"list", "each transfer in the first round with a place for it", "",
                   [](const TransferGraph& graph) { return std::optional(list_schedule(graph)); }},
    RoundScheduler{"kempe", "as many colours as the bounds ask for, by Kempe chains", "",
                   [](const TransferGraph& graph) { return std::optional(kempe_schedule(graph)); }},
    RoundScheduler{"bipartite", "optimal where nodes only give or only receive (Koenig)",
                   "moves without an odd cycle of nodes", &bipartite_schedule},
    RoundScheduler{"even", "optimal where capacities are even (Euler tours)",
                   "an even number of moves at once on each node", &even_schedule},
    RoundScheduler{"rounded", "odd capacities rounded down to even ones",
                   "two moves at once or more on each node", &rounded_schedule},
};

std::vector<KempeColouring::Edge> edges_among(const TransferGraph& graph,
                                              const std::vector<std::uint32_t>& transfers) {
  std::vector<KempeColouring::Edge> edges;
  for (const std::uint32_t i : transfers) {
    edges.emplace_back(graph.transfers[i].source.value(), graph.transfers[i].target.value());
  }
  return edges;
}

TransferGraph part_of(const TransferGraph& graph, const std::vector<std::uint32_t>& transfers) {
  TransferGraph part{graph.capacities, {}};
  for (const std::uint32_t i : transfers) part.transfers.push_back(graph.transfers[i]);
  return part;
}

/// The transfers in the order in which an attempt colours them: at first as they are, then shuffled
/// by a hash.
std::vector<std::uint32_t> order_of_attempt(const TransferGraph& graph, std::uint64_t attempt) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  for (std::uint32_t i = 0; i < graph.transfers.size(); ++i) {
    keys.emplace_back(attempt == 0 ? i : mix64(combine64(attempt, i)), i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint32_t> order;
  for (const auto& [key, i] : keys) order.push_back(i);
  return order;
}

RoundSchedule coloured_in_order(const TransferGraph& graph, std::vector<std::uint32_t> left) {
  std::vector<std::uint32_t> colours(graph.transfers.size());
  std::uint32_t used = 0;
  while (!left.empty()) {
    const auto more = static_cast<std::uint32_t>(round_bounds(part_of(graph, left)).rounds());
    const auto nodes = static_cast<std::uint32_t>(graph.capacities.size());
    const auto found = split_colouring(nodes, edges_among(graph, left), more);
    std::vector<std::uint32_t> failed;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (found[i] == KempeColouring::kNone) {
        failed.push_back(left[i]);
      } else {
        colours[left[i]] = used + found[i];
      }
    }
    used += more;
    left = std::move(failed);
  }
  return rounds_of(colours, used);
}

}  // namespace

RoundSchedule kempe_schedule(const TransferGraph& graph) {
  RoundSchedule best = coloured_in_order(graph, order_of_attempt(graph, 0));
  const std::uint64_t bound = round_bounds(graph).rounds();
  const std::size_t attempts = kTransfersTried / std::max<std::size_t>(graph.transfers.size(), 1);
  for (std::uint64_t i = 1; i < attempts && best.length() > bound; ++i) {
    RoundSchedule other = coloured_in_order(graph, order_of_attempt(graph, i));
    if (other.length() < best.length()) best = std::move(other);
  }
  return best;
}

std::optional<RoundSchedule> rounded_schedule(const TransferGraph& graph) {
  TransferGraph rounded = graph;
  const std::vector<std::uint32_t> all = degrees(graph);
  for (std::size_t node = 0; node < all.size(); ++node) {
    std::uint32_t& capacity = rounded.capacities[node];
    if (all[node] > 0 && capacity == 1) return std::nullopt;
    if (capacity > 1) capacity -= capacity % 2;
  }
  return even_schedule(rounded);
}

std::span<const RoundScheduler> round_schedulers() { return kSchedulers; }

}  // namespace shardproof::distribution
