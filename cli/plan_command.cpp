// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/terminal.hpp"
#include "reports/plan_report.hpp"

namespace shardproof::cli {

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
  return ExitCode::kOk;
}

}  // namespace shardproof::cli
