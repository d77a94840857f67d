// SPDX-License-Identifier: Apache-2.0
#include "cli/run_crash.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "sim/run/runner.hpp"

namespace shardproof::cli {

std::string internal_error_text(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return "out of memory: this takes more than the process may have; ask for fewer nodes, shards, "
           "documents, keys or jobs";
  }
  return std::string("internal error: ") + error.what();
}

RunCommands commands_for(const sim::RunResult& place) {
  RunCommands commands{place.replay_line(), {}, {}};
  const auto& given = place.arguments;
  const bool has_trace = std::find(given.begin(), given.end(), "--trace") != given.end();
  if (has_trace || place.command != "run") return commands;
  sim::RunResult related = place;
  related.command = "replay";
  commands.replay = related.replay_line();
  related.command = "shrink";
  commands.shrink = related.replay_line();
  return commands;
}

std::string crash_text(const std::exception& error, const RunCommands& commands,
                       const reports::Style& style) {
  const auto* crash = dynamic_cast<const sim::RunCrash*>(&error);
  if (crash == nullptr) return death_text(internal_error_text(error), {}, {}, commands, {}, style);
  const std::string options = fmt::format("--around {}", crash->place().event);
  return death_text(internal_error_text(error), crash->place(), crash->last_events(), commands,
                    options, style);
}

std::string death_text(const std::string& reason, const sim::RunPlace& place,
                       const std::vector<sim::PastEvent>& last_events, const RunCommands& commands,
                       const std::string& look, const reports::Style& style) {
  std::string text = reason + "\n";
  const auto step = [&](const char* what, const std::string& line) {
    if (!line.empty()) text += fmt::format("{}:\n  {}\n", what, style.command(line));
  };
  if (place.event > 0) text += fmt::format("  {}\n", sim::text_of(place));
  if (!last_events.empty()) text += "  before it:\n";
  for (const sim::PastEvent& event : last_events) text += fmt::format("    {}\n", to_string(event));
  step("Replay it", commands.again);
  if (place.event == 0) return text;
  if (!commands.replay.empty()) step("See what led there", commands.replay + " " + look);
  step("Make it small", commands.shrink);
  return text;
}

}  // namespace shardproof::cli
