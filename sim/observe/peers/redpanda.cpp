// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/redpanda.hpp"

#include <cmath>

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
