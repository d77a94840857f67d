// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/elasticsearch.hpp"

#include <cmath>

#include "core/base/check.hpp"

namespace shardproof::sim::peers {

double allocation_weight(const WeightInput& node, const WeightFactors& factors) {
  const double sum = factors.shard + factors.index + factors.write_load + factors.disk_usage;
  return (factors.shard * (node.shards - node.shards_average) +
          factors.index * (node.index_shards - node.index_shards_average) +
          factors.write_load * (node.write_load - node.write_load_average) +
          factors.disk_usage * (node.disk_bytes - node.disk_bytes_average)) /
         sum;
}

std::optional<double> overage_percent(Loads loads) {
  if (loads.empty() || total_of(loads) == 0) return std::nullopt;
  const double mean = mean_of(loads);
  return std::ceil(1000 * (largest_of(loads) - mean) / mean) / 10;
}

std::optional<AllocationStats> allocation_stats(Loads loads) {
  if (loads.empty()) return std::nullopt;
  AllocationStats stats{total_of(loads), smallest_of(loads), largest_of(loads), mean_of(loads), 0};
  double squares = 0;
  for (const std::uint64_t load : loads) {
    const double off = static_cast<double>(load) - stats.average;
    squares += off * off;
  }
  stats.std_dev = std::sqrt(squares / static_cast<double>(loads.size()));
  return stats;
}

std::uint64_t undesired_allocations(std::span<const std::vector<std::uint32_t>> current,
                                    std::span<const std::vector<std::uint32_t>> desired) {
  SHARDPROOF_CHECK(current.size() == desired.size());
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < current.size(); ++i) {
    for (const std::uint32_t node : current[i]) {
      const auto& wanted = desired[i];
      count += std::find(wanted.begin(), wanted.end(), node) == wanted.end() ? 1 : 0;
    }
  }
  return count;
}

}  // namespace shardproof::sim::peers
