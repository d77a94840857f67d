// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/distribution/placement/placement.hpp"
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// A selectable policy: its name in scenarios and on the command line, one line about it, and what
/// can be set of it.
struct PolicyInfo {
  std::string_view name{};
  std::string_view description{};
  std::vector<PolicyOption> options{};
};

/// All policies, the default first.
std::vector<PolicyInfo> placement_policies();
std::vector<PolicyInfo> rebalance_policies();

/// Those of both kinds of which something can be set, in the order of their names.
std::vector<PolicyInfo> policies_with_options();
/// What can be set of the policies of that name, of either kind; nothing if there is none.
std::optional<std::vector<PolicyOption>> options_of_policy(std::string_view name);

/// The policy of that name, or null. Policies are stateless and live as long as the program.
const PlacementPolicy* find_placement_policy(std::string_view name);
const RebalancePolicy* find_rebalance_policy(std::string_view name);

}  // namespace shardproof::distribution
