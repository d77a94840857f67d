// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/distribution/placement/placement.hpp"
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// A selectable policy: its name in scenarios and on the command line, and one line about it.
struct PolicyInfo {
  std::string_view name{};
  std::string_view description{};
};

/// All policies, the default first.
std::vector<PolicyInfo> placement_policies();
std::vector<PolicyInfo> rebalance_policies();

/// The policy of that name, or null. Policies are stateless and live as long as the program.
const PlacementPolicy* find_placement_policy(std::string_view name);
const RebalancePolicy* find_rebalance_policy(std::string_view name);

}  // namespace shardproof::distribution
