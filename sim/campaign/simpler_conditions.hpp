// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/scenario/condition.hpp"

namespace shardproof::sim::campaign {

/// The conditions that have one `and` or `or` less: of one of them, only an operand is left. In the
/// order of the operators, the left operand first. O(steps^2).
std::vector<Condition> simpler_conditions(const Condition& condition);

}  // namespace shardproof::sim::campaign
