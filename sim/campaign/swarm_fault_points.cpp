// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {

void draw_fault_points(std::uint64_t seed, ScenarioSpec& spec) {
  const auto& present = spec.fault_points;
  if (std::any_of(present.begin(), present.end(), [](const auto& one) { return one; })) return;
  Dice dice(seed, 0, "fault points");
  if (!dice.coin()) return;
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    const auto place = static_cast<std::size_t>(info.point);
    Dice own(seed, place, "fault point");
    if (own.one_in(4)) spec.fault_points[place] = info.usual;
  }
}

}  // namespace shardproof::sim::swarm
