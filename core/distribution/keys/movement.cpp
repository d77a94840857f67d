// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/movement.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/wide.hpp"

namespace shardproof::distribution {

std::vector<std::uint64_t> balanced_targets(std::uint64_t keys, std::span<const std::uint64_t> held,
                                            std::uint32_t nodes_after,
                                            std::span<const std::uint64_t> weights_after) {
  const auto weight = [&](std::uint32_t node) {
    return weights_after.empty() ? std::uint64_t{1} : weights_after[node];
  };
  std::uint64_t total_weight = 0;
  for (std::uint32_t node = 0; node < nodes_after; ++node) total_weight += weight(node);
  std::vector<std::uint64_t> targets;
  std::uint64_t rest = keys;
  for (std::uint32_t node = 0; node < nodes_after; ++node) {
    const UInt128 scaled = static_cast<UInt128>(keys) * weight(node);
    targets.push_back(static_cast<std::uint64_t>(scaled / total_weight));
    rest -= targets.back();
  }
  for (const bool of_givers : {true, false}) {
    for (std::uint32_t node = 0; node < nodes_after && rest > 0; ++node) {
      const UInt128 scaled = static_cast<UInt128>(keys) * weight(node);
      const auto floor = static_cast<std::uint64_t>(scaled / total_weight);
      const bool gives = node < held.size() && held[node] > floor;
      if (scaled % total_weight == 0 || gives != of_givers) continue;
      ++targets[node];
      --rest;
    }
  }
  return targets;
}

std::uint64_t least_moved(std::span<const std::uint64_t> counts, std::uint32_t nodes_after,
                          std::span<const std::uint64_t> weights_after) {
  const auto keys = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  auto targets = balanced_targets(keys, counts, nodes_after, weights_after);
  targets.resize(std::max<std::size_t>(targets.size(), counts.size()));
  std::uint64_t given = 0;
  for (std::size_t node = 0; node < counts.size(); ++node) {
    given += counts[node] - std::min(counts[node], targets[node]);
  }
  return given;
}

}  // namespace shardproof::distribution
