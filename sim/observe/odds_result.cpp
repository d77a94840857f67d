// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/odds_result.hpp"

namespace shardproof::sim {

std::optional<std::size_t> OddsResult::inevitable_from() const {
  const auto is_inevitable = [](const OddsPoint& point) {
    return point.judged() > 0 && point.failing * 20 >= point.judged() * 19;
  };
  std::size_t first = points.size();
  while (first > 0 && is_inevitable(points[first - 1])) --first;
  return first == points.size() ? std::nullopt : std::optional(first);
}

}  // namespace shardproof::sim
