// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/hbase.hpp"

#include <cmath>

namespace shardproof::sim::peers {

std::optional<double> weighted_cost(std::span<const Cost> costs) {
  double sum = 0;
  double multipliers = 0;
  for (const Cost& cost : costs) {
    sum += cost.multiplier * cost.cost;
    multipliers += cost.multiplier;
  }
  if (multipliers <= 0) return std::nullopt;
  return sum / multipliers;
}

std::optional<double> count_skew_cost(Loads counts) {
  const double total = total_of(counts);
  if (counts.empty() || total == 0) return std::nullopt;
  const auto n = static_cast<double>(counts.size());
  const double mean = total / n;
  double off = 0;
  for (const std::uint64_t count : counts) off += std::fabs(static_cast<double>(count) - mean);
  const double high = total - std::floor(mean) * n;  // servers with one more
  const double least =
      high * (std::floor(mean) + 1 - mean) + (n - high) * (mean - std::floor(mean));
  const double most = (n - 1) * mean + (total - mean);
  if (most <= least) return 0;
  return std::clamp((off - least) / (most - least), 0.0, 1.0);
}

}  // namespace shardproof::sim::peers
