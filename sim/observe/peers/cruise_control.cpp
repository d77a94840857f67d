// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/cruise_control.hpp"

#include <cmath>

#include "core/base/check.hpp"

namespace shardproof::sim::peers {

std::optional<ResourceStats> resource_stats(Loads utilisation, Loads capacities,
                                            double balance_threshold) {
  SHARDPROOF_CHECK(utilisation.size() == capacities.size());
  if (utilisation.empty()) return std::nullopt;
  ResourceStats stats{mean_of(utilisation), largest_of(utilisation), smallest_of(utilisation), 0,
                      0};
  const std::vector<double> wanted = shares_of(total_of(utilisation), capacities);
  double squares = 0;
  for (std::size_t i = 0; i < utilisation.size(); ++i) {
    const auto used = static_cast<double>(utilisation[i]);
    squares += (used - wanted[i]) * (used - wanted[i]);
    const bool is_balanced =
        used >= wanted[i] * (2 - balance_threshold) && used <= wanted[i] * balance_threshold;
    stats.balanced_brokers += is_balanced ? 1 : 0;
  }
  stats.st_dev = std::sqrt(squares / static_cast<double>(utilisation.size()));
  return stats;
}

double balancedness(std::span<const Goal> goals, double priority_weight, double strictness_weight) {
  double weight = 1;
  double all = 0;
  double violated = 0;
  for (std::size_t i = goals.size(); i-- > 0;) {
    const double cost = weight * (goals[i].is_hard ? strictness_weight : 1);
    all += cost;
    if (goals[i].is_violated) violated += cost;
    weight *= priority_weight;
  }
  return goals.empty() ? 100 : 100 - 100 * violated / all;
}

}  // namespace shardproof::sim::peers
