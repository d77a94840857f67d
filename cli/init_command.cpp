// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "reports/result_directory.hpp"
#include "sim/observe/shell_word.hpp"
#include "sim/scenario/starter.hpp"

namespace shardproof::cli {

ExitCode execute(const InitCommand& command) {
  if (command.file.empty()) {
    print(sim::starter_scenario());
    return ExitCode::kOk;
  }
  std::error_code error;
  if (std::filesystem::exists(command.file, error)) {
    print_error(
        fmt::format("shardproof: '{}' is there already; choose another name\n", command.file));
    return ExitCode::kUsage;
  }
  if (const auto written = reports::write_file(command.file, sim::starter_scenario()); !written) {
    print_error(fmt::format("shardproof: {}\n", written.error().message));
    return ExitCode::kInternal;
  }
  const std::string run = "shardproof run " + sim::shell_word(command.file);
  print(fmt::format("wrote {}; run it with: {}\n", command.file, stdout_style().command(run)));
  return ExitCode::kOk;
}

}  // namespace shardproof::cli
