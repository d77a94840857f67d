// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/scenario_files.hpp"
#include "sim/observe/comparison_result.hpp"

namespace shardproof::cli {

/// Runs the scenario under each policy with each seed, in processes of their own; how many there
/// are changes no result. Seeds that some side has not done when it is interrupted are left out.
/// Fails, running nothing, where no policy has what `--option` sets.
Result<sim::ComparisonResult> compare_policies(const CompareCommand& command,
                                               const ScenarioFile& file);

/// The names of the policies that are compared: those of the command, or else the scenario's own
/// and those of its `compare`, with the controls that every comparison has. Each once.
std::vector<std::string> compared_policies(const CompareCommand& command,
                                           const sim::PolicySpec& policy);

}  // namespace shardproof::cli
