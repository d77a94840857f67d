// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/fatal_signals.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/replay_source.hpp"
#include "cli/run_crash.hpp"
#include "cli/terminal.hpp"
#include "reports/replay_report.hpp"
#include "sim/run/runner.hpp"
#include "sim/run/trace_recorder.hpp"

namespace shardproof::cli {
namespace {

/// Ends the run behind an event, and keeps where the world stands then.
class StateAfter final : public sim::RunWatch {
 public:
  explicit StateAfter(std::uint64_t event) : event_(event) {}

  bool after_event(sim::World& world) override {
    events_ = world.events();
    if (events_ < event_) return true;
    state_ = world.state();
    return false;
  }
  std::uint64_t events() const { return events_; }
  std::optional<sim::WorldState>& state() { return state_; }

 private:
  std::uint64_t event_;
  std::uint64_t events_ = 0;
  std::optional<sim::WorldState> state_;
};

/// Ends the run behind the first event at a time, or later.
class FirstEventFrom final : public sim::RunWatch {
 public:
  explicit FirstEventFrom(Nanoseconds since_start) : time_(since_start) {}

  bool after_event(sim::World& world) override {
    if (!world.has_begun() || world.time() < time_) return true;
    event_ = world.events();
    return false;
  }
  std::optional<std::uint64_t> event() const { return event_; }

 private:
  Instant time_;
  std::optional<std::uint64_t> event_;
};

/// One replay: as many runs as there are things to look at.
class Replayer {
 public:
  Replayer(const ReplayCommand& command, ReplaySource source)
      : command_(command), source_(std::move(source)) {}

  ExitCode replay();

 private:
  ExitCode replay_to_end();
  /// What was found out until the run ended from inside.
  ExitCode print_up_to(const sim::RunCrash& crash) const;
  bool needs_whole_run() const {
    return source_.recorded || command_.is_around_violation ||
           (!command_.until && !command_.around && !command_.around_time);
  }
  RunCommands commands() const;
  std::optional<StateAfter> end_of_recorded() const;
  sim::RunOutcome run(sim::RunWatch* watch, sim::StreamUses* draws);
  Result<void, sim::RunError> run_whole();
  Result<void> trace_around(std::uint64_t event);
  Result<void> stop_after(std::uint64_t event);
  Result<std::uint64_t> event_at(Nanoseconds time);
  Result<std::uint64_t> event_to_look_at();
  Result<void> look();
  ExitCode code() const;

  const ReplayCommand& command_;
  ReplaySource source_;
  reports::Replay replay_;
};

/// One that was interrupted is compared as far as it went.
std::optional<StateAfter> Replayer::end_of_recorded() const {
  if (!source_.recorded || !source_.recorded->interrupted) return std::nullopt;
  return StateAfter(source_.recorded->checkpoints.back().events);
}

RunCommands Replayer::commands() const {
  const std::string again = command_line("replay", source_);
  return {again, again, command_line("shrink", source_)};
}

sim::RunOutcome Replayer::run(sim::RunWatch* watch, sim::StreamUses* draws) {
  FatalSignals signals(commands());
  sim::RunOptions options;
  options.place = signals.place();
  options.watch = watch;
  options.draws = draws;
  ProgressReporter progress(source_.spec.name, command_.quiet);
  options.on_progress = [&](const sim::Progress& state) {
    progress.update(state);
    return !is_interrupted();
  };
  return sim::run(source_.spec, options);
}

Result<void, sim::RunError> Replayer::run_whole() {
  auto end = end_of_recorded();
  auto result = run(end ? &*end : nullptr, &replay_.streams);
  if (!result) return Unexpected{result.error()};
  replay_.run = std::move(*result);
  return {};
}

Unexpected<Error> no_such_event(std::uint64_t event, std::uint64_t last) {
  return fail("there is no event {}: the run has {}", event, last);
}

Result<std::uint64_t> Replayer::event_at(Nanoseconds time) {
  FirstEventFrom watch(time);
  const auto result = run(&watch, nullptr);
  if (!result) return Unexpected<Error>{result.error()};
  if (!watch.event()) return fail("there is no event from {} on", time);
  return *watch.event();
}

Result<std::uint64_t> Replayer::event_to_look_at() {
  if (command_.around_time) return event_at(*command_.around_time);
  if (command_.around) return *command_.around;
  if (!replay_.run->violations.empty()) return replay_.run->violations.front().event;
  if (source_.recorded && source_.recorded->violation_event) {
    return fail("the recorded run violated an invariant at event {}, this one does not",
                *source_.recorded->violation_event);
  }
  return fail("the run violates no invariant; say around which event");
}

Result<void> Replayer::trace_around(std::uint64_t event) {
  const std::uint64_t before = std::min(command_.before, event - 1);
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - event;
  sim::TraceRecorder recorder(source_.spec,
                              {event - before, event + std::min(command_.after, room)});
  const auto result = [&] {
    try {
      return run(&recorder, nullptr);
    } catch (const sim::RunCrash&) {
      replay_.trace = recorder.lines(sim::EventLog());
      replay_.marked = event;
      throw;
    }
  }();
  if (!result) return Unexpected<Error>{result.error()};
  auto lines = recorder.lines(result->log);
  const std::uint64_t last = result->checkpoints.back().events;
  if (lines.empty() || lines.back().event < event) return no_such_event(event, last);
  replay_.trace = std::move(lines);
  replay_.marked = event;
  return {};
}

Result<void> Replayer::stop_after(std::uint64_t event) {
  StateAfter watch(event);
  const auto result = run(&watch, nullptr);
  if (!result) return Unexpected<Error>{result.error()};
  if (!watch.state()) return no_such_event(event, watch.events());
  replay_.state = std::move(watch.state());
  return {};
}

Result<void> Replayer::look() {
  if (command_.around || command_.around_time || command_.is_around_violation) {
    const auto event = event_to_look_at();
    if (!event) return Unexpected{event.error()};
    if (auto done = trace_around(*event); !done) return done;
  }
  return command_.until ? stop_after(*command_.until) : Result<void>();
}

ExitCode Replayer::code() const {
  if (is_interrupted()) return ExitCode::kInterrupted;
  if (!replay_.run) return ExitCode::kOk;
  const ExitCode own = code_of(replay_.run->verdict);
  return reports::divergence_of(replay_) ? worse(own, ExitCode::kFinding) : own;
}

ExitCode Replayer::print_up_to(const sim::RunCrash& crash) const {
  if (replay_.trace) {
    print(command_.json ? reports::replay_json(replay_)
                        : reports::replay_text(replay_, stdout_style()));
  }
  print_error("shardproof: " + crash_text(crash, commands(), stderr_style()));
  return ExitCode::kInternal;
}

ExitCode Replayer::replay() {
  try {
    return replay_to_end();
  } catch (const sim::RunCrash& crash) {
    return print_up_to(crash);
  }
}

ExitCode Replayer::replay_to_end() {
  replay_.scenario = source_.spec.name;
  replay_.seed = source_.spec.seed;
  replay_.command = command_line("replay", source_);
  replay_.recorded = source_.recorded;
  replay_.level = command_.level;
  if (needs_whole_run()) {
    if (const auto done = run_whole(); !done) {
      print_error(fmt::format("shardproof: {}\n", done.error().message));
      return code_of(done.error());
    }
  }
  const auto looked = is_interrupted() ? Result<void>() : look();
  if (is_interrupted()) return ExitCode::kInterrupted;
  print(command_.json ? reports::replay_json(replay_)
                      : reports::replay_text(replay_, stdout_style()));
  if (looked) return code();
  print_error(fmt::format("shardproof: {}\n", looked.error().message));
  return ExitCode::kUsage;
}

}  // namespace

ExitCode execute(const ReplayCommand& command) {
  auto source = load_replay_source({command.target, command.seed, command.rules_off});
  if (!source) return source.error();
  catch_interrupts();
  return Replayer(command, std::move(*source)).replay();
}

}  // namespace shardproof::cli
