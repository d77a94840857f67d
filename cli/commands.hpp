// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

/// One function for each command. Each prints what it has to say and returns the exit code.
namespace shardproof::cli {

ExitCode execute(const RunCommand& command);
ExitCode execute(const FuzzCommand& command);
ExitCode execute(const ReplayCommand& command);
ExitCode execute(const OddsCommand& command);
ExitCode execute(const ShrinkCommand& command);
ExitCode execute(const PowerCommand& command);
ExitCode execute(const CheckCommand& command);
ExitCode execute(const ListCommand& command);
ExitCode execute(const InitCommand& command);
ExitCode execute(const ExplainCommand& command);
ExitCode execute(const PlaceCommand& command);
ExitCode execute(const PlanCommand& command);
ExitCode execute(const CompareCommand& command);
ExitCode execute(const PrintCommand& command);

}  // namespace shardproof::cli
