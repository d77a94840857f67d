// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/kudu.hpp"

namespace shardproof::sim::peers {

std::optional<std::uint64_t> table_skew(Loads replicas) {
  if (replicas.empty()) return std::nullopt;
  const auto [least, most] = std::minmax_element(replicas.begin(), replicas.end());
  return *most - *least;
}

double location_load(std::uint64_t replicas, std::uint64_t servers) {
  return static_cast<double>(replicas) / static_cast<double>(servers);
}

}  // namespace shardproof::sim::peers
