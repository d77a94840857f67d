// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/scheduling.hpp"

#include <algorithm>

#include "core/distribution/optimum/colouring.hpp"
#include "core/distribution/optimum/timed_schedule.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

constexpr std::size_t kManyTransfers = 100'000;
/// The scheduler that costs least: it takes the moves as they come.
constexpr std::string_view kCheapest = "fifo";

/// The lesser of two, of which zero is none.
Bandwidth lesser(Bandwidth a, Bandwidth b) {
  if (a.is_unlimited()) return b;
  return b.is_unlimited() || a < b ? a : b;
}

dist::TransferRates rates_of(const dist::ClusterView& view, Bandwidth each) {
  dist::TransferRates rates = dist::equal_rates(view.nodes.size(), each);
  for (const dist::NodeView& node : view.nodes) {
    const Bandwidth rate = lesser(each, node.capacity.network);
    rates.out[node.id.value()] = rate;
    rates.in[node.id.value()] = rate;
  }
  return rates;
}

void schedule_in_rounds(const dist::TransferGraph& graph, PolicyPlan& plan) {
  for (const dist::RoundScheduler& scheduler : dist::round_schedulers()) {
    if (graph.transfers.size() > kManyTransfers && scheduler.name != kCheapest) continue;
    const auto rounds = scheduler.schedule(graph);
    if (!rounds) continue;
    plan.schedules.push_back({std::string(scheduler.name), rounds->length(), std::nullopt});
  }
  const dist::RoundBounds bounds = dist::round_bounds(graph);
  plan.rounds_bound_degree = bounds.degree;
  plan.rounds_bound_density = bounds.density;
}

void schedule_in_time(const dist::TransferGraph& graph, const dist::TransferRates& rates,
                      const dist::ClusterView& view, PolicyPlan& plan) {
  const std::pair<const char*, dist::TransferOrder> orders[] = {
      {"as planned", dist::TransferOrder::AsGiven},
      {"largest first", dist::TransferOrder::LargestFirst}};
  for (const auto& [name, order] : orders) {
    plan.schedules.push_back(
        {name, std::nullopt, dist::timed_schedule(graph, rates, order).makespan});
  }
  plan.time_bound = dist::time_bounds(graph, rates, view).time();
}

}  // namespace

void schedule(const ClusterSnapshot& snapshot, const std::vector<dist::Move>& moves,
              const PlanOptions& options, PolicyPlan& plan) {
  const dist::ClusterView& view = snapshot.view;
  const dist::TransferGraph graph =
      dist::transfer_graph({moves, {}}, view.nodes.size(), options.moves_per_node);
  schedule_in_rounds(graph, plan);
  const dist::TransferRates rates = rates_of(view, options.bandwidth);
  const bool is_limited = std::any_of(rates.out.begin(), rates.out.end(),
                                      [](Bandwidth rate) { return !rate.is_unlimited(); });
  if (snapshot.knows_bytes && is_limited) schedule_in_time(graph, rates, view, plan);
}

}  // namespace shardproof::sim
