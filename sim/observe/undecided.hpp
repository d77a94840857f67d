// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/observe/run_result.hpp"

namespace shardproof::sim {

/// Why a run came to no verdict, without what differs from run to run: "crash: n# was down
/// already", "an expectation was never evaluated"; each once, in the order of the result's reasons.
std::vector<std::string> undecided_kinds(const RunResult& result);

}  // namespace shardproof::sim
