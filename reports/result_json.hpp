// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/observe/recording.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// The document that `--json` prints: verdict, scenario, seed, digest, events, simulated_ns,
/// checks, violations, expectations, metrics, in this order and nothing else. Metrics are flat;
/// what cannot be computed is null. It depends on nothing but the run: no wall time, no machine.
/// `indent`: of nested lines, or -1 for one line. Without a final newline.
std::string verdict_json(const sim::RunResult& result, int indent);

/// The document of result.json: the same and all else that is known, so that the run can be done
/// again, with a final newline.
std::string result_json(const sim::RunResult& result, const sim::Recording& recording);

}  // namespace shardproof::reports
