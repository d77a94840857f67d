// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "reports/style.hpp"
#include "sim/cluster/run_place.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::cli {

/// What has ended a command or a run from inside, for the one who has to do something about it, in
/// one line.
std::string internal_error_text(const std::exception& error);

/// Command lines for a run; what does not know how to make it is empty.
struct RunCommands {
  std::string again;
  std::string replay;  ///< options can follow
  std::string shrink;
};
/// Of a run, by its command, file, seed and arguments.
RunCommands commands_for(const sim::RunResult& place);

/// The same of a run, in lines: where it stood, what had happened there before, and the commands
/// that go on from it.
std::string crash_text(const std::exception& error, const RunCommands& commands,
                       const reports::Style& style);
/// The same, for what is no exception. `look`: the options with which a replay shows what led
/// there.
std::string death_text(const std::string& reason, const sim::RunPlace& place,
                       const std::vector<sim::PastEvent>& last_events, const RunCommands& commands,
                       const std::string& look, const reports::Style& style);

}  // namespace shardproof::cli
