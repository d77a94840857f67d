// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// HBase's stochastic load balancer.
namespace shardproof::sim::peers {

/// A cost in [0, 1] and its multiplier.
struct Cost {
  double cost = 0;
  double multiplier = 0;
};

/// Sum of multiplier x cost over the sum of multipliers: it balances above minCostNeedBalance.
/// Nothing if no multiplier is above zero.
std::optional<double> weighted_cost(std::span<const Cost> costs);

/// The cost of uneven counts: sum |x - mean|, scaled from what the evenest whole counts have (0) to
/// all on one server (1). Of counts that cannot be less even than they are: 0. (The scaling is
/// recalled, not read.) Nothing without a count.
std::optional<double> count_skew_cost(Loads counts);

/// Multipliers of the costs of region counts and of tables' (the second recalled, not read).
inline constexpr double kRegionCountMultiplier = 500;
inline constexpr double kTableSkewMultiplier = 35;

}  // namespace shardproof::sim::peers
