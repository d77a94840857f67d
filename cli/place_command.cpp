// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/placing.hpp"
#include "cli/terminal.hpp"
#include "reports/placement_report.hpp"

namespace shardproof::cli {

ExitCode execute(const PlaceCommand& command) {
  const auto result = place_keys(command);
  if (!result) {
    print_error(fmt::format("shardproof: {}\n", result.error().message));
    return ExitCode::kUsage;
  }
  print(command.json ? reports::placement_json(*result)
                     : reports::placement_text(*result, stdout_style()));
  for (const std::string& reason : result->left_out) {
    print_error(fmt::format("shardproof: left out: {}\n", reason));
  }
  return ExitCode::kOk;
}

}  // namespace shardproof::cli
