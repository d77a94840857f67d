// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.hpp"
#include "sim/observe/recording.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// Makes the directory, with those above it, and proves that files can be made there, so that a run
/// is not for nothing. Errors name the path and the reason.
Result<void> prepare_directory(const std::filesystem::path& directory);

/// Writes events.jsonl, series.csv, scopes.csv, stores.csv and, last, result.json. Each file is
/// written beside its name and renamed, so that it is there whole or not at all; an older
/// result.json goes first, so that one which is there belongs to the others.
Result<void> write_results(const sim::RunResult& result, const sim::Recording& recording,
                           const std::filesystem::path& directory);

/// Writes one file whole or not at all, replacing what was there.
Result<void> write_file(const std::filesystem::path& path, std::string_view content);

/// The whole content of a file.
Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace shardproof::reports
