// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "cli/branching.hpp"
#include "cli/campaign.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/replay_source.hpp"
#include "cli/status_line.hpp"
#include "cli/terminal.hpp"
#include "reports/odds_report.hpp"
#include "sim/campaign/failure.hpp"
#include "sim/run/runner.hpp"

namespace shardproof::cli {
namespace {

namespace campaign = sim::campaign;

/// A course may take so many times the events of the run that failed, and so many more, until it
/// counts as unknown.
constexpr std::uint64_t kEventsFactor = 8;
constexpr std::uint64_t kEventsMore = 100'000;

/// Which event is the first of the scenario's time.
class BeginWatch final : public sim::RunWatch {
 public:
  bool after_event(sim::World& world) override {
    if (event_ == 0 && world.has_begun()) event_ = world.events();
    return !is_interrupted();
  }
  std::uint64_t event() const { return std::max<std::uint64_t>(event_, 1); }

 private:
  std::uint64_t event_ = 0;
};

/// The answers of a course of events.
enum class Course : char { kFailing = 'f', kOtherwise = 'o', kPassing = 'p', kUnknown = 'u' };

std::vector<std::uint64_t> spread(std::uint64_t first, std::uint64_t last, std::uint64_t points) {
  std::vector<std::uint64_t> events;
  for (std::uint64_t i = 0; i < points; ++i) {
    const std::uint64_t event = points == 1 ? first : first + (last - first) * i / (points - 1);
    if (events.empty() || event > events.back()) events.push_back(event);
  }
  return events;
}

/// Finds out how likely the run was to fail.
class OddsMaker {
 public:
  OddsMaker(const OddsCommand& command, ReplaySource source)
      : command_(command), source_(std::move(source)), status_(command.quiet) {}

  ExitCode make();

 private:
  ExitCode run_whole();
  ExitCode choose_points();
  ExitCode branch();
  Course course_of(const sim::RunOptions& options, const Branching& branching,
                   bool& is_original) const;
  bool begin_point(std::size_t point, sim::World& world);
  void count(const Branch& course, const std::optional<std::string>& answer);
  void tell_what_happened();

  const OddsCommand& command_;
  ReplaySource source_;
  StatusLine status_;
  sim::RunResult whole_;
  std::uint64_t begin_ = 0;
  campaign::Failure failure_;
  std::vector<std::uint64_t> events_;
  std::uint64_t done_ = 0;
  sim::OddsResult odds_;
};

ExitCode refuse(const std::string& message, ExitCode code) {
  print_error(fmt::format("shardproof: {}\n", message));
  return code;
}

ExitCode OddsMaker::run_whole() {
  BeginWatch watch;
  sim::RunOptions options;
  options.watch = &watch;
  auto result = sim::run(source_.spec, options);
  if (!result && result.error().is_of_set_up) {
    return refuse(
        fmt::format("there are no odds to tell, for the run does not come to its beginning: "
                    "{}",
                    result.error().message),
        code_of(result.error()));
  }
  if (!result) return refuse(result.error().message, code_of(result.error()));
  if (is_interrupted()) return ExitCode::kInterrupted;
  whole_ = std::move(*result);
  begin_ = watch.event();
  if (source_.recorded && source_.recorded->digest != whole_.digest) {
    print_error(
        fmt::format("shardproof: warning: this is not the run that was recorded; see `{}`\n",
                    stderr_style().command(command_line("replay", source_))));
  }
  const auto failure = campaign::failure_of(whole_);
  if (!failure) {
    return refuse(fmt::format("{} does not fail with seed {}: there are no odds to tell",
                              command_.target, source_.spec.seed),
                  ExitCode::kUsage);
  }
  failure_ = *failure;
  return ExitCode::kOk;
}

ExitCode OddsMaker::choose_points() {
  const std::uint64_t end = failure_.event == 0 ? whole_.checkpoints.back().events : failure_.event;
  const std::uint64_t last_possible = std::max<std::uint64_t>(end, 2) - 1;
  // What failed while the cluster was set up did so before the scenario began.
  const std::uint64_t first = command_.from.value_or(begin_ <= last_possible ? begin_ : 1);
  const std::uint64_t last = command_.to.value_or(last_possible);
  if (first > last || last > last_possible) {
    return refuse(fmt::format("--from and --to: the run fails at event {}, so points lie in 1..{}, "
                              "not in {}..{}",
                              end, last_possible, first, last),
                  ExitCode::kUsage);
  }
  events_ = spread(first, last, command_.points);
  odds_.scenario = source_.spec.name;
  odds_.seed = source_.spec.seed;
  odds_.odds_seed = command_.seed;
  odds_.branches = command_.branches;
  odds_.failure = to_string(failure_.fingerprint);
  odds_.title = failure_.title;
  odds_.failure_event = end;
  odds_.failure_time = Instant(failure_.time.value_or(whole_.simulated));
  odds_.points.resize(events_.size());
  return ExitCode::kOk;
}

bool OddsMaker::begin_point(std::size_t point, sim::World& world) {
  odds_.points[point].event = world.events();
  odds_.points[point].time = world.time();
  return !is_interrupted();
}

void OddsMaker::count(const Branch& course, const std::optional<std::string>& answer) {
  sim::OddsPoint& point = odds_.points[course.point];
  const char letter = answer && !answer->empty() ? answer->front() : 'u';
  switch (static_cast<Course>(letter)) {
    case Course::kFailing: ++point.failing; break;
    case Course::kOtherwise: ++point.otherwise; break;
    case Course::kPassing: ++point.passing; break;
    case Course::kUnknown: ++point.unknown; break;
  }
  ++done_;
  if (!status_.is_due()) return;
  status_.draw(fmt::format("{} of {} courses, at point {} of {}", done_,
                           events_.size() * command_.branches, course.point + 1, events_.size()));
}

/// Runs until the original's run or that of a copy is over, and judges it.
Course OddsMaker::course_of(const sim::RunOptions& options, const Branching& branching,
                            bool& is_original) const {
  std::optional<campaign::Failure> failure;
  bool is_cut = false;
  try {
    const auto result = sim::run(source_.spec, options);
    is_original = !branching.is_branch();
    if (!result) {
      failure = campaign::failure_of_set_up(result.error().message);
    } else {
      failure = campaign::failure_of(*result);
      is_cut = result->interrupted;
    }
  } catch (const std::exception& error) {
    is_original = !branching.is_branch();
    if (is_original) throw;
    failure = campaign::failure_of(error);
  }
  if (!failure) return is_cut ? Course::kUnknown : Course::kPassing;
  return campaign::is_same_bug(failure->fingerprint, failure_.fingerprint) ? Course::kFailing
                                                                           : Course::kOtherwise;
}

ExitCode OddsMaker::branch() {
  Branching::Plan plan;
  plan.points = events_;
  plan.branches = command_.branches;
  plan.seed = command_.seed;
  plan.events_max = kEventsFactor * odds_.failure_event + kEventsMore;
  plan.jobs = jobs_of(command_.jobs);
  Branching branching(
      plan, [this](std::size_t point, sim::World& world) { return begin_point(point, world); },
      [this](const Branch& course, const std::optional<std::string>& answer) {
        count(course, answer);
      });
  sim::RunOptions options;
  options.watch = &branching;
  bool is_original = true;
  const Course course = course_of(options, branching, is_original);
  if (!is_original) branching.answer(std::string(1, static_cast<char>(course)));
  if (!is_interrupted()) branching.wait_for_all();
  return is_interrupted() ? ExitCode::kInterrupted : ExitCode::kOk;
}

void OddsMaker::tell_what_happened() {
  const auto from = odds_.inevitable_from();
  if (!from || *from == 0) return;
  const std::uint64_t after = odds_.points[*from - 1].event;
  const std::uint64_t until = odds_.points[*from].event;
  for (const sim::LogRecord* record : whole_.log.records()) {
    if (record->event <= after || record->event > until) continue;
    odds_.what_happened.push_back(
        fmt::format("{} #{} {}", record->time, record->event, text_of(*record)));
  }
}

ExitCode OddsMaker::make() {
  for (const auto step : {&OddsMaker::run_whole, &OddsMaker::choose_points, &OddsMaker::branch}) {
    const ExitCode code = (this->*step)();
    if (code != ExitCode::kOk) return code;
  }
  tell_what_happened();
  print(command_.json ? reports::odds_json(odds_) : reports::odds_text(odds_, stdout_style()));
  return ExitCode::kOk;
}

}  // namespace

ExitCode execute(const OddsCommand& command) {
  auto source = load_replay_source({command.target, command.scenario_seed, command.rules_off});
  if (!source) return source.error();
  catch_interrupts();
  return OddsMaker(command, std::move(*source)).make();
}

}  // namespace shardproof::cli
