// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/recorded_run.hpp"
#include "reports/style.hpp"
#include "reports/trace_report.hpp"

namespace shardproof::reports {

/// What a replay has found out; what it was not asked for is absent.
struct Replay {
  std::string scenario;  ///< the name
  std::uint64_t seed = 0;
  std::string command;                  ///< "shardproof replay results": options can follow
  std::optional<RecordedRun> recorded;  ///< of a result
  std::optional<sim::RunResult> run;    ///< the whole run, if it was made
  sim::StreamUses streams;              ///< of `run`
  std::optional<std::vector<sim::TraceLine>> trace;
  std::uint64_t marked = 0;  ///< the event that the trace is around
  TraceLevel level = TraceLevel::kFacts;
  std::optional<sim::WorldState> state;
};

/// Where the replayed run and the recorded one part, as their checkpoints tell; nothing if they are
/// the same, or if there is nothing to compare.
std::optional<sim::Divergence> divergence_of(const Replay& replay);

std::string replay_text(const Replay& replay, const Style& style);
/// One object.
std::string replay_json(const Replay& replay);

}  // namespace shardproof::reports
