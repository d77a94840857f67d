// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/humanise.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// A metric's value for a person, with the unit's scale; "-" if there is none.
std::string human_value(sim::MetricUnit unit, const std::optional<sim::ExactValue>& value);

}  // namespace shardproof::reports
