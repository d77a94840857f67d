// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/check/check_config.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::check {

/// Judged by whoever runs a scenario twice, in one process or two.
inline constexpr InvariantInfo kDeterminism{
    37, "determinism",
    "the same scenario and seed give the same run, whatever else the process does"};

/// Nothing if the two results, checkpoints and all, are of the same run, else a finding that says
/// where they part. O(checkpoints).
std::optional<ViolationRecord> compare_runs(const RunResult& first, const RunResult& second);

}  // namespace shardproof::sim::check
