// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "core/base/result.hpp"
#include "reports/recorded_run.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::cli {

/// A run that can be done again.
struct ReplaySource {
  sim::ScenarioSpec spec;                        ///< with the run's seed
  std::optional<reports::RecordedRun> recorded;  ///< of a result
  std::vector<std::string> arguments;            ///< what names it on the command line
};

/// What the user names: a scenario file, or a result of `run --out`.
struct ReplayTarget {
  std::string path;
  std::optional<std::uint64_t> seed;   ///< of a scenario only
  std::vector<std::string> rules_off;  ///< of a scenario only
};

/// Reads it. What is wrong is told on stderr; the error is the exit code.
Result<ReplaySource, ExitCode> load_replay_source(const ReplayTarget& target);

/// "shardproof COMMAND ARGUMENTS", as a shell reads it.
std::string command_line(const std::string& command, const ReplaySource& source);

}  // namespace shardproof::cli
