// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/units.hpp"
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::sim {

struct PlanOptions {
  distribution::RebalanceOptions rebalance{};
  std::uint32_t rounds_max = 100;  ///< plans carried out before a policy counts as restless
  std::uint32_t moves_per_node = 2;
  Bandwidth bandwidth{};          ///< of each node, in each direction; a node's own, if less
  std::uint64_t moves_shown = 0;  ///< how many moves a result names
};

}  // namespace shardproof::sim
