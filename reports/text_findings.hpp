// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// The violations in full, the broken expectations and what was never decided, with the commands
/// that go on from there; empty if there is none of them. `directory`: of the run's results; empty
/// if they are not kept.
std::string findings_text(const sim::RunResult& result, const Style& style,
                          const std::string& directory = {});

/// The command that does the run again: from the directory of its results, or from its scenario if
/// that is empty.
std::string replay_command(const sim::RunResult& result, const std::string& directory);

/// What a violated invariant asks for, in lines of their own; empty if it is.
std::string statement_text(const std::string& statement, const Style& style);

/// How many of the operators' commands were refused, and why the first of them, in a line; empty if
/// none was.
std::string refusals_text(const sim::RunResult& result, const Style& style);

/// What was checked and expected, what fired and what struck, in a few lines.
std::string judged_text(const sim::RunResult& result, const Style& style);

}  // namespace shardproof::reports
