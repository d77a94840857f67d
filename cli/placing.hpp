// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/options.hpp"
#include "core/base/result.hpp"
#include "sim/observe/placement_result.hpp"

namespace shardproof::cli {

/// Places the keys by each algorithm and measures what came of it, and how long it took. Fails
/// where an option or a number of nodes does not fit an algorithm.
Result<sim::PlacementResult> place_keys(const PlaceCommand& command);

}  // namespace shardproof::cli
