// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/placement_result.hpp"

namespace shardproof::reports {

/// One table: a row for each algorithm.
std::string placement_text(const sim::PlacementResult& result, const Style& style);
/// One object; see docs/cli.md.
std::string placement_json(const sim::PlacementResult& result);

}  // namespace shardproof::reports
