// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

/// What the formulas of other systems have in common. They are printed, and decide nothing; they
/// use only operations that every machine rounds alike.
namespace shardproof::sim::peers {

using Loads = std::span<const std::uint64_t>;

/// O(n).
inline double total_of(Loads loads) {
  double sum = 0;
  for (const std::uint64_t load : loads) sum += static_cast<double>(load);
  return sum;
}

/// Of at least one load.
inline double mean_of(Loads loads) { return total_of(loads) / static_cast<double>(loads.size()); }
inline double largest_of(Loads loads) {
  return static_cast<double>(*std::max_element(loads.begin(), loads.end()));
}
inline double smallest_of(Loads loads) {
  return static_cast<double>(*std::min_element(loads.begin(), loads.end()));
}

/// Shares of `total` by capacity, all of them above zero.
inline std::vector<double> shares_of(double total, Loads capacities) {
  const double all = total_of(capacities);
  std::vector<double> shares;
  shares.reserve(capacities.size());
  for (const std::uint64_t capacity : capacities) {
    shares.push_back(total * static_cast<double>(capacity) / all);
  }
  return shares;
}

}  // namespace shardproof::sim::peers
