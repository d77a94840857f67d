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

std::optional<CountStats> count_stats(Loads counts) {
  if (counts.empty()) return std::nullopt;
  CountStats stats{mean_of(counts), largest_of(counts), smallest_of(counts), 0};
  double squares = 0;
  for (const std::uint64_t count : counts) {
    const double off = static_cast<double>(count) - stats.avg;
    squares += off * off;
  }
  stats.st_dev = std::sqrt(squares / static_cast<double>(counts.size()));
  return stats;
}

std::optional<CountStats> topic_stats(std::span<const std::vector<std::uint64_t>> topics) {
  std::optional<CountStats> all;
  for (const std::vector<std::uint64_t>& topic : topics) {
    const auto stats = count_stats(topic);
    if (!stats) return std::nullopt;
    if (!all) all = CountStats{0, stats->max, stats->min, 0};
    all->avg += stats->avg;
    all->st_dev += stats->st_dev;
    all->max = std::max(all->max, stats->max);
    all->min = std::min(all->min, stats->min);
  }
  if (!all) return std::nullopt;
  all->avg /= static_cast<double>(topics.size());
  all->st_dev /= static_cast<double>(topics.size());
  return all;
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
