// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/stable_hash.hpp"

namespace shardproof::distribution {

/// The part of the key space that each node has on the circle of MultiProbeMap, for probes that are
/// independent.
///
/// A key has its places at random; F(d) = sum of min(gap, d) is the chance that one of them is not
/// further than d before a point. The nearest is in the gap of node i, at distance x, with density
/// k (1 - F(x))^(k - 1), for x below the gap.
inline std::vector<double> multiprobe_parts(std::uint32_t nodes, double probes,
                                            std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> points;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    points.emplace_back(stable_hash(fmt::format("node-{}", node), seed), node);
  }
  std::sort(points.begin(), points.end());
  std::vector<std::pair<double, std::uint32_t>> gaps;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::uint64_t before = points[(i + points.size() - 1) % points.size()].first;
    const std::uint64_t gap = points[i].first - before;
    gaps.emplace_back(gap == 0 ? 1 : std::ldexp(static_cast<double>(gap), -64), points[i].second);
  }
  std::sort(gaps.begin(), gaps.end());
  std::vector<double> parts(nodes);
  double none = 1;  // (1 - F)^k at the last gap
  double part = 0;
  double start = 0;
  double covered = 0;  // F
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const auto longer = static_cast<double>(gaps.size() - i);
    covered += longer * (gaps[i].first - start);
    start = gaps[i].first;
    const double none_now = std::pow(std::max(0.0, 1 - covered), probes);
    part += (none - none_now) / longer;
    none = none_now;
    parts[gaps[i].second] = part;
  }
  return parts;
}

}  // namespace shardproof::distribution
