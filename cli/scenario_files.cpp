// SPDX-License-Identifier: Apache-2.0
#include "cli/scenario_files.hpp"

#include <fmt/ranges.h>

#include "cli/terminal.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::cli {
namespace {

void tell(const std::vector<sim::Diagnostic>& diagnostics, bool is_quiet, ScenarioFiles& files) {
  for (const sim::Diagnostic& diagnostic : diagnostics) {
    const bool is_error = diagnostic.severity == sim::Diagnostic::Severity::kError;
    (is_error ? files.errors : files.warnings) += 1;
    if (is_error || !is_quiet) print_error(to_string(diagnostic) + "\n");
  }
}

}  // namespace

ScenarioFiles load_scenarios(const std::vector<std::string>& paths, const std::string& trace,
                             bool is_quiet) {
  ScenarioFiles files;
  sim::ReadOptions options;
  if (!trace.empty()) options.trace = trace;
  for (const std::string& path : paths) {
    const auto loaded = sim::read_scenario_file(path, options);
    if (!loaded) {
      tell(loaded.error().diagnostics, is_quiet, files);
      files.code =
          worse(files.code, loaded.error().unreadable ? ExitCode::kInternal : ExitCode::kUsage);
      continue;
    }
    tell(loaded->warnings, is_quiet, files);
    ScenarioFile file{path, loaded->spec, {}};
    for (const sim::Diagnostic& warning : loaded->warnings) {
      file.warnings.push_back(fmt::format("line {}: {}", warning.at.line, warning.message));
    }
    files.scenarios.push_back(std::move(file));
  }
  return files;
}

std::vector<std::string> rules_off_arguments(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  return {"--rules-off", fmt::format("{}", fmt::join(names, ","))};
}

}  // namespace shardproof::cli
