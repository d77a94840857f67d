// SPDX-License-Identifier: Apache-2.0
#include "sim/plan/scheduling.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "core/distribution/optimum/colouring.hpp"
#include "core/distribution/optimum/timed_schedule.hpp"

namespace shardproof::sim {
namespace {

namespace dist = distribution;

/// The scheduler that costs least: it takes the moves as they come.
constexpr std::string_view kCheapest = "fifo";

/// The orders of schedules in time.
constexpr const char* kAsPlanned = "as planned";
constexpr const char* kLargestFirst = "largest first";

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

bool is_large(const dist::TransferGraph& graph) { return graph.transfers.size() > kManyTransfers; }

std::string too_large() { return fmt::format("more than {} moves", kManyTransfers); }

void schedule_in_rounds(const dist::TransferGraph& graph, PolicyPlan& plan) {
  for (const dist::RoundScheduler& scheduler : dist::round_schedulers()) {
    if (is_large(graph) && scheduler.name != kCheapest) {
      plan.schedules_left_out.push_back({std::string(scheduler.name), too_large()});
      continue;
    }
    if (const auto rounds = scheduler.schedule(graph)) {
      plan.schedules.push_back({std::string(scheduler.name), rounds->length(), std::nullopt});
    } else {
      plan.schedules_left_out.push_back(
          {std::string(scheduler.name), fmt::format("needs {}", scheduler.needs)});
    }
  }
  const dist::RoundBounds bounds = dist::round_bounds(graph);
  plan.rounds_bound_degree = bounds.degree;
  plan.rounds_bound_density = bounds.density;
}

void schedule_in_time(const dist::TransferGraph& graph, const dist::TransferRates& rates,
                      const dist::ClusterView& view, PolicyPlan& plan) {
  const std::pair<const char*, dist::TransferOrder> orders[] = {
      {kAsPlanned, dist::TransferOrder::AsGiven},
      {kLargestFirst, dist::TransferOrder::LargestFirst}};
  for (const auto& [name, order] : orders) {
    if (is_large(graph) && order != dist::TransferOrder::AsGiven) {
      plan.schedules_left_out.push_back({name, too_large()});
      continue;
    }
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
  if (snapshot.knows_bytes && is_limited) return schedule_in_time(graph, rates, view, plan);
  const char* unknown = snapshot.knows_bytes ? "needs a bandwidth" : "needs sizes";
  for (const char* name : {kAsPlanned, kLargestFirst}) {
    plan.schedules_left_out.push_back({name, unknown});
  }
}

}  // namespace shardproof::sim
