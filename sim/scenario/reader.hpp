// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "sim/scenario/diagnostics.hpp"
#include "sim/scenario/names.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

struct ReadOptions {
  Vocabulary vocabulary = default_vocabulary();
  /// What relative names of files in the scenario start from; empty: where the program runs.
  std::string directory;
  /// Instead of the file that the scenario's only trace names; used as it is.
  std::optional<std::string> trace;
  /// Further errors are only counted.
  std::size_t errors_max = 20;
};

/// A scenario that may run, and what the linter finds strange in it.
struct LoadedScenario {
  ScenarioSpec spec;
  std::vector<Diagnostic> warnings;
};

/// Why there is no scenario.
struct ReadFailure {
  std::vector<Diagnostic> diagnostics;  ///< errors, and warnings among them, in order of place
  /// A file (the scenario, a trace, an inventory) cannot be read at all: exit code 4, else 2.
  bool unreadable = false;
};

/// Reads, checks and lints a scenario: every name, unit and reference is checked, every file that
/// it names is read through once. `file` is what messages call the text. All errors of a file are
/// reported, unless the text is not even TOML.
Result<LoadedScenario, ReadFailure> read_scenario(std::string_view text, const std::string& file,
                                                  const ReadOptions& options = {});

/// As above, for a file; relative names of files start from its directory, whatever `options` says.
Result<LoadedScenario, ReadFailure> read_scenario_file(const std::string& path,
                                                       ReadOptions options = {});

}  // namespace shardproof::sim
