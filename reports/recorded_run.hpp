// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sim/observe/recording.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// What a result.json says of the run that wrote it, as far as the run can be done again and
/// compared.
struct RecordedRun {
  std::string scenario;       ///< the name
  std::string scenario_toml;  ///< resolved; names of files in it start from the result's directory
  std::uint64_t seed = 0;
  std::uint32_t trace_format = 0;
  std::string verdict;  ///< "pass", "fail", "inconclusive"
  bool interrupted = false;
  std::uint64_t events = 0;  ///< of the experiment; setting up and coming to rest are none
  std::uint64_t digest = 0;
  std::vector<sim::Checkpoint> checkpoints;  ///< the last is the run's end; at least one
  sim::StreamUses streams;
  std::optional<std::uint64_t> violation_event;  ///< of the first violation
};

/// Why there is none.
struct UnreadableRun {
  std::string message;  ///< names the file
  bool is_io = false;   ///< the file cannot be read at all; else it is not what it should be
};

/// Reads what `write_results` has written: `path` is the directory or the result.json in it.
Result<RecordedRun, UnreadableRun> read_recorded_run(const std::filesystem::path& path);

/// An error that says that the file is no result, and why.
Unexpected<UnreadableRun> no_result(const std::filesystem::path& file, std::string_view why);

/// The file that `path` stands for: the result.json of a directory, else itself.
std::filesystem::path result_file(const std::filesystem::path& path);

}  // namespace shardproof::reports
