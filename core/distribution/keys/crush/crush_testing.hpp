// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <vector>

/// What the buckets of CRUSH keep in place when the weights of their items change, by the chances
/// of their definitions.
namespace shardproof::distribution {

using CrushWeights = std::vector<std::uint64_t>;

/// The part of the keys that a list of as many items keeps: those for which all items from the last
/// on decide alike. An item is taken with the chance of its weight over the sum of the weights so
/// far.
inline double kept_by_list(const CrushWeights& before, const CrushWeights& after) {
  double kept = 0;
  double passed = 1;  // both, with the same draws
  for (std::size_t i = before.size(); i-- > 0;) {
    const auto chance = [i](const CrushWeights& weights) {
      const auto end = weights.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      const auto sum = std::accumulate(weights.begin(), end, std::uint64_t{0});
      return static_cast<double>(weights[i]) / static_cast<double>(sum);
    };
    kept += passed * std::min(chance(before), chance(after));
    passed *= 1 - std::max(chance(before), chance(after));
  }
  return kept;
}

/// The part of the keys at the vertex above `size` leaves from `first` on, size a power of two,
/// that a tree keeps.
inline double kept_below(const CrushWeights& before, const CrushWeights& after, std::size_t first,
                         std::size_t size) {
  if (size == 1) return 1;
  const auto weight = [](const CrushWeights& weights, std::size_t from, std::size_t count) {
    double sum = 0;
    for (std::size_t i = from; i < std::min(from + count, weights.size()); ++i)
      sum += static_cast<double>(weights[i]);
    return sum;
  };
  const auto left = [&](const CrushWeights& weights) {
    const double all = weight(weights, first, size);
    return all == 0 ? 0 : weight(weights, first, size / 2) / all;
  };
  return std::min(left(before), left(after)) * kept_below(before, after, first, size / 2) +
         std::min(1 - left(before), 1 - left(after)) *
             kept_below(before, after, first + size / 2, size / 2);
}

/// Of a tree, also where items come or go at the end.
inline double kept_by_tree(const CrushWeights& before, const CrushWeights& after) {
  return kept_below(before, after, 0, std::bit_ceil(std::max(before.size(), after.size())));
}

}  // namespace shardproof::distribution
