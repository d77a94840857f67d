// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/terminal.hpp"
#include "reports/plan_report.hpp"

namespace shardproof::cli {

namespace {

/// A cluster in which the first policy has left copies without a place is a finding; the others are
/// there to compare it with.
ExitCode plan_code(const sim::PlanResult& result) {
  const bool all_placed = std::all_of(
      result.clusters.begin(), result.clusters.end(),
      [](const sim::PlannedCluster& one) { return one.policies.front().cost.unplaced == 0; });
  return all_placed ? ExitCode::kOk : ExitCode::kFinding;
}

}  // namespace

ExitCode execute(const PlanCommand& command) {
  const auto result = plan_moves(command);
  if (!result) {
    print_error(fmt::format("shardproof: {}\n", result.error().message));
    return result.error().code;
  }
  if (command.json) {
    print(reports::plan_json(*result));
  } else if (command.markdown) {
    print(reports::plan_markdown(*result));
  } else {
    print(reports::plan_text(*result, stdout_style()));
  }
  return plan_code(*result);
}

}  // namespace shardproof::cli
