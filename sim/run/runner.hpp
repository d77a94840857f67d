// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "sim/cluster/run_place.hpp"
#include "sim/observe/run_result.hpp"
#include "sim/observe/stream_uses.hpp"
#include "sim/run/run_watch.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// How far a run is.
struct Progress {
  Nanoseconds simulated;
  Nanoseconds duration;
  std::uint64_t events = 0;
  std::uint64_t violations = 0;
};

struct RunOptions {
  /// Instead of the scenario's seed.
  std::optional<std::uint64_t> seed;
  /// The scenario's path as the user gave it, for the replay line.
  std::string file;
  /// Called between two events, every `progress_every` of them. Answers whether to go on; after a
  /// no the run ends at once, in order, with `interrupted` set. It cannot change anything in the
  /// run.
  std::function<bool(const Progress&)> on_progress;
  std::uint64_t progress_every = 1u << 10;
  /// False: nobody watches inside, and only the history of the clients is judged, if the scenario
  /// has it kept. No loss is excused then. For measuring what checks cost, and for tests of that
  /// judgement.
  bool with_checks = true;
  /// Where to put how often each random stream was drawn from, at about a nanosecond for each draw;
  /// not owned, null if nobody wants to know.
  StreamUses* draws = nullptr;
  /// Follows the run event by event; not owned, null for nobody.
  RunWatch* watch = nullptr;
  /// Where to keep, event by event, where the run stands; not owned, null if nobody wants to know.
  RunPlace* place = nullptr;
};

/// Why there is no result.
struct RunError : Error {
  /// The cluster could not be set up as the scenario has it; else an input cannot be read (a trace,
  /// an inventory).
  bool is_of_set_up = false;
};
using RunOutcome = Result<RunResult, RunError>;

/// Thrown instead of what ends a run from inside: a failed check of our own, if the process's
/// handler throws.
class RunCrash final : public std::exception {
 public:
  RunCrash(std::string what, const RunPlace& place, std::vector<PastEvent> last_events)
      : what_(std::move(what)), place_(place), last_events_(std::move(last_events)) {}

  /// Of what was thrown first.
  const char* what() const noexcept override { return what_.c_str(); }
  const RunPlace& place() const { return place_; }
  /// Of the shard and the node in question, oldest first.
  const std::vector<PastEvent>& last_events() const { return last_events_; }

 private:
  std::string what_;
  RunPlace place_;
  std::vector<PastEvent> last_events_;
};

/// Runs the scenario to its end, or until it is told to stop, and judges it. A violation is part of
/// the result, not an error. Throws RunCrash, or std::bad_alloc if memory is out.
RunOutcome run(const ScenarioSpec& spec, const RunOptions& options);

}  // namespace shardproof::sim
