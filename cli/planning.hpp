// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "core/base/result.hpp"
#include "sim/observe/plan_result.hpp"

namespace shardproof::cli {

/// Why there is no plan: the message, and what the program ends with.
struct NoPlan {
  std::string message;
  ExitCode code = ExitCode::kUsage;
};

/// Lets every policy plan for every cluster.
Result<sim::PlanResult, NoPlan> plan_moves(const PlanCommand& command);

}  // namespace shardproof::cli
