// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::cli {

struct ScenarioFile {
  std::string path;
  sim::ScenarioSpec spec;
  std::vector<std::string> warnings;
};

/// The scenarios that could be read; what is wrong with the others is told on stderr.
struct ScenarioFiles {
  std::vector<ScenarioFile> scenarios;
  std::size_t warnings = 0;
  std::size_t errors = 0;
  ExitCode code = ExitCode::kOk;
};

/// Reads all files, in order, and tells all that is wrong with them, warnings too unless
/// `is_quiet`. `trace`: instead of the one that a scenario names, unless empty.
ScenarioFiles load_scenarios(const std::vector<std::string>& paths, const std::string& trace,
                             bool is_quiet);

/// What says on a command line that these rules are off; nothing for no names.
std::vector<std::string> rules_off_arguments(const std::vector<std::string>& names);

}  // namespace shardproof::cli
