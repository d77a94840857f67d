// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/slicer.hpp"

namespace shardproof::sim::peers {

std::optional<double> load_imbalance(Loads loads) {
  if (loads.empty() || total_of(loads) == 0) return std::nullopt;
  return largest_of(loads) / mean_of(loads);
}

std::optional<double> key_churn(std::uint64_t moved, std::uint64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(moved) / static_cast<double>(all);
}

}  // namespace shardproof::sim::peers
