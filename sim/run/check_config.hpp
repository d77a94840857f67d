// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/config.hpp"
#include "sim/check/check_config.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// What the checks have to know of a run of the scenario, whose nodes are started with one of these
/// configurations (at least one). Where versions differ, a bound that has to hold whoever was at
/// work is the loosest of theirs.
check::CheckConfig make_check_config(const ScenarioSpec& spec,
                                     const std::vector<NodeConfig>& versions, bool is_watching);

}  // namespace shardproof::sim
