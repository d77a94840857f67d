// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/scenario_files.hpp"
#include "cli/terminal.hpp"
#include "core/base/humanise.hpp"
#include "sim/scenario/printer.hpp"

namespace shardproof::cli {

ExitCode execute(const CheckCommand& command) {
  if (command.resolved && command.files.size() != 1) {
    print_error("shardproof: --resolved takes one scenario at a time\n");
    return ExitCode::kUsage;
  }
  const ScenarioFiles files = load_scenarios(command.files, command.trace, false);
  if (files.code != ExitCode::kOk) {
    print_error(fmt::format("{}, {}\n", human_number_of(files.errors, "error"),
                            human_number_of(files.warnings, "warning")));
    return files.code;
  }
  if (command.resolved) {
    print(sim::to_toml(files.scenarios.front().spec));
    return ExitCode::kOk;
  }
  for (const ScenarioFile& file : files.scenarios) {
    const std::string remark =
        file.warnings.empty() ? "" : ", " + human_number_of(file.warnings.size(), "warning");
    print(fmt::format("{}: ok, '{}'{}\n", file.path, file.spec.name, remark));
  }
  return ExitCode::kOk;
}

}  // namespace shardproof::cli
