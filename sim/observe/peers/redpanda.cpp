// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/redpanda.hpp"

#include <cmath>
#include <map>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim::peers {

std::vector<double> expected_replicas(Loads replicas, Loads capacities) {
  SHARDPROOF_CHECK(replicas.size() == capacities.size());
  return shares_of(total_of(replicas), capacities);
}

std::uint64_t unbalanced_nodes(Loads replicas, Loads capacities, std::uint32_t percent) {
  const std::vector<double> expected = expected_replicas(replicas, capacities);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    const double tolerance = std::ceil(expected[i] * percent / 100);
    count += std::fabs(static_cast<double>(replicas[i]) - expected[i]) > tolerance ? 1 : 0;
  }
  return count;
}

std::optional<PairFrequency> pair_frequency(std::span<const std::vector<std::uint32_t>> sets,
                                            std::size_t nodes) {
  if (nodes < 2) return std::nullopt;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> together;
  std::uint64_t total = 0;
  for (const std::vector<std::uint32_t>& set : sets) {
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) ++together[std::minmax(set[i], set[j])];
    }
    total += set.size() * (set.size() - 1) / 2;
  }
  const std::size_t pairs = nodes * (nodes - 1) / 2;
  PairFrequency frequency;
  frequency.min = together.size() < pairs ? 0 : total;
  for (const auto& [pair, count] : together) {
    frequency.min = std::min(frequency.min, count);
    frequency.max = std::max(frequency.max, count);
  }
  frequency.average = static_cast<double>(total) / static_cast<double>(pairs);
  return frequency;
}

std::optional<double> disk_used_max(Loads used, Loads capacities) {
  SHARDPROOF_CHECK(used.size() == capacities.size());
  std::optional<double> most;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const double part = static_cast<double>(used[i]) / static_cast<double>(capacities[i]);
    most = std::max(most.value_or(0), part);
  }
  return most;
}

}  // namespace shardproof::sim::peers
