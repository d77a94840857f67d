// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "sim/clock_wobble.hpp"

namespace shardproof::sim {

/// The wobbles that are on for a while, beside that which a clock has always. Those of one clock
/// may overlap in any way: the one that began last counts, and when it ends, the one that began
/// last of those that are still on. Everything is linear in the wobbles of one node.
class Wobbles {
 public:
  /// Numbers the wobble, which counts from now on.
  std::uint64_t begin(NodeId node, const ClockWobble& wobble) {
    on_[node].push_back({++last_, wobble});
    return last_;
  }
  /// That wobble is over. What counts from now on, if that changes: another one, or `own`, the
  /// clock's own.
  std::optional<ClockWobble> end(NodeId node, std::uint64_t number, const ClockWobble& own) {
    auto& on = on_[node];
    const bool counted = !on.empty() && on.back().first == number;
    std::erase_if(on, [&](const auto& one) { return one.first == number; });
    if (!counted) return std::nullopt;
    return on.empty() ? own : on.back().second;
  }

 private:
  std::uint64_t last_ = 0;
  /// In order of their beginning.
  std::map<NodeId, std::vector<std::pair<std::uint64_t, ClockWobble>>> on_;
};

}  // namespace shardproof::sim
