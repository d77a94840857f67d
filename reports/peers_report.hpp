// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// What other systems would report of the final state, under their own names: a table by system,
/// "-" where it cannot be computed.
std::string peers_text(const sim::RunResult& result, const Style& style);
/// The same for the summary of a job or a pull request.
std::string peers_markdown(const sim::RunResult& result);

}  // namespace shardproof::reports
