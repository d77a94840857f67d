// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/movement.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/wide.hpp"

namespace shardproof::distribution {

std::uint64_t least_moved(std::span<const std::uint64_t> counts, std::uint32_t nodes_after,
                          std::span<const std::uint64_t> weights_after) {
  const auto weight = [&](std::uint32_t node) {
    return weights_after.empty() ? std::uint64_t{1} : weights_after[node];
  };
  const auto keys = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  std::uint64_t total_weight = 0;
  for (std::uint32_t node = 0; node < nodes_after; ++node) total_weight += weight(node);

  std::uint64_t given = 0;   // if every share is rounded down
  std::uint64_t floors = 0;  // sum of the shares rounded down
  std::uint64_t givers = 0;  // nodes that give one less if theirs is rounded up
  for (std::uint32_t node = 0; node < nodes_after; ++node) {
    const UInt128 share = static_cast<UInt128>(keys) * weight(node) / total_weight;
    const bool is_whole = static_cast<UInt128>(keys) * weight(node) % total_weight == 0;
    const auto floor = static_cast<std::uint64_t>(share);
    floors += floor;
    const std::uint64_t before = node < counts.size() ? counts[node] : 0;
    if (before <= floor) continue;
    given += before - floor;
    if (!is_whole) ++givers;
  }
  for (std::size_t node = nodes_after; node < counts.size(); ++node) given += counts[node];
  return given - std::min(keys - floors, givers);
}

}  // namespace shardproof::distribution
