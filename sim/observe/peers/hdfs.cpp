// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/hdfs.hpp"

#include <cmath>

#include "core/base/check.hpp"

namespace shardproof::sim::peers {
namespace {

double usage(Loads used, Loads capacities, std::size_t i) {
  return 100 * static_cast<double>(used[i]) / static_cast<double>(capacities[i]);
}

double largest_distance(Loads used, Loads capacities, double from) {
  double most = 0;
  for (std::size_t i = 0; i < used.size(); ++i) {
    most = std::max(most, std::fabs(usage(used, capacities, i) - from));
  }
  return most;
}

}  // namespace

std::optional<double> usage_deviation(Loads used, Loads capacities) {
  SHARDPROOF_CHECK(used.size() == capacities.size());
  if (used.empty()) return std::nullopt;
  return largest_distance(used, capacities, 100 * total_of(used) / total_of(capacities));
}

std::optional<double> data_density(Loads used, Loads capacities) {
  SHARDPROOF_CHECK(used.size() == capacities.size());
  if (used.empty()) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < used.size(); ++i) sum += usage(used, capacities, i);
  return largest_distance(used, capacities, sum / static_cast<double>(used.size()));
}

}  // namespace shardproof::sim::peers
