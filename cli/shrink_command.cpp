// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/replay_source.hpp"
#include "cli/shrinking.hpp"
#include "cli/stopwatch.hpp"
#include "cli/terminal.hpp"
#include "core/base/humanise.hpp"
#include "reports/result_directory.hpp"
#include "reports/table.hpp"
#include "sim/campaign/shrunk_text.hpp"
#include "sim/observe/run_result.hpp"
#include "sim/scenario/amounts.hpp"

namespace shardproof::cli {
namespace {

namespace campaign = sim::campaign;
namespace fs = std::filesystem;
using Align = reports::Table::Align;
using Json = nlohmann::ordered_json;

/// What is printed where the scenario goes to stdout, for a name that is not known.
constexpr const char* kUnnamed = "shrunk.toml";

/// Everything that is known when shrinking is over.
struct Outcome {
  const ShrinkCommand& command;
  sim::ScenarioSpec original;
  campaign::Shrunk shrunk;
  campaign::Failure failure;
  std::uint64_t wall_ns = 0;
  std::string text;
};

std::string toml_of(const Outcome& outcome) {
  const std::string& out = outcome.command.out;
  return campaign::shrunk_toml({outcome.original, outcome.shrunk.spec, outcome.failure,
                                outcome.command.file, out.empty() ? kUnnamed : out,
                                fs::path(out).parent_path().string(), outcome.shrunk.runs});
}

std::string summary_text(const Outcome& outcome, const reports::Style& style) {
  const campaign::ScenarioSize before = campaign::size_of(outcome.original);
  const campaign::ScenarioSize after = campaign::size_of(outcome.shrunk.spec);
  reports::Table table({Align::kLeft, Align::kRight, Align::kRight});
  table.heading({"", "before", "after"});
  const auto row = [&](const char* what, std::uint64_t from, std::uint64_t to) {
    table.row({what, human_count(from), human_count(to)});
  };
  row("events", before.events, after.events);
  row("traffic", before.traffic, after.traffic);
  row("settings", before.settings, after.settings);
  row("nodes", before.nodes, after.nodes);
  row("shards", before.shards, after.shards);
  row("documents", before.documents, after.documents);
  table.row({"duration", sim::to_text(before.duration), sim::to_text(after.duration)});
  const std::string text = fmt::format(
      "{}: {}\n{}  {} in {}{}\n", style.bold(outcome.shrunk.spec.name), outcome.failure.title,
      table.text(style), human_number_of(outcome.shrunk.runs, "run"),
      human_duration(static_cast<double>(outcome.wall_ns)),
      outcome.shrunk.is_minimal ? "" : "; not at its end, there may be a smaller one");
  if (outcome.command.out.empty()) return text;
  sim::RunResult place;
  place.file = outcome.command.out;
  place.seed = outcome.shrunk.spec.seed;
  return text + fmt::format("Replay it:\n  {}\n", style.bold(style.command(place.replay_line())));
}

Json size_json(const campaign::ScenarioSize& size) {
  return {{"events", size.events},
          {"traffic", size.traffic},
          {"settings", size.settings},
          {"nodes", size.nodes},
          {"shards", size.shards},
          {"documents", size.documents},
          {"duration_ns", size.duration.count()}};
}

std::string summary_json(const Outcome& outcome) {
  const campaign::Failure& failure = outcome.failure;
  const Json time = failure.time ? Json(failure.time->count()) : Json(nullptr);
  const Json document = {{"failure", to_string(failure.fingerprint)},
                         {"title", failure.title},
                         {"message", failure.detail},
                         {"statement", failure.statement},
                         {"time_ns", time},
                         {"event", failure.event},
                         {"seed", outcome.shrunk.spec.seed},
                         {"before", size_json(campaign::size_of(outcome.original))},
                         {"after", size_json(campaign::size_of(outcome.shrunk.spec))},
                         {"runs", outcome.shrunk.runs},
                         {"wall_ns", outcome.wall_ns},
                         {"is_minimal", outcome.shrunk.is_minimal},
                         {"toml", outcome.text}};
  // Messages may quote bytes of a file that are no UTF-8.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// The scenario goes to the file, or else to stdout; the summary to stdout, unless the scenario is
/// there. As JSON all of it is one document.
ExitCode hand_over(const Outcome& outcome) {
  const ShrinkCommand& command = outcome.command;
  ExitCode code = is_interrupted() ? ExitCode::kInterrupted : ExitCode::kOk;
  bool is_written = false;
  if (!command.out.empty()) {
    const auto written = reports::write_file(command.out, outcome.text);
    is_written = written.has_value();
    if (!is_written) {
      print_error(fmt::format("shardproof: {}\n", written.error().message));
      code = worse(code, ExitCode::kInternal);
    }
  }
  if (command.json) {
    print(summary_json(outcome));
  } else if (is_written) {
    print(summary_text(outcome, stdout_style()));
  } else {
    print(outcome.text);
    print_error(summary_text(outcome, stderr_style()));
  }
  return code;
}

ExitCode shrink_file(const ShrinkCommand& command, const sim::ScenarioSpec& spec) {
  const Stopwatch stopwatch;
  ShrinkingOptions options;
  options.runs_max = command.runs_max;
  options.limit = command.limit;
  auto shrinking = shrink_failing(spec, options);
  if (!shrinking) {
    if (is_interrupted()) return ExitCode::kInterrupted;
    print_error(fmt::format("shardproof: nothing to minimise: {} does not fail with seed {}\n",
                            command.file, spec.seed));
    return ExitCode::kUsage;
  }
  Outcome outcome{command,
                  spec,
                  std::move(shrinking->result),
                  std::move(shrinking->failure),
                  stopwatch.elapsed_ns(),
                  {}};
  outcome.text = toml_of(outcome);
  return hand_over(outcome);
}

}  // namespace

ExitCode execute(const ShrinkCommand& command) {
  const auto source = load_replay_source({command.file, command.seed, command.rules_off});
  if (!source) return source.error();
  const fs::path directory = fs::path(command.out).parent_path();
  std::error_code error;
  if (!directory.empty() && !fs::is_directory(directory, error)) {
    print_error(fmt::format("shardproof: '{}' is no directory\n", directory.string()));
    return ExitCode::kInternal;
  }
  catch_interrupts();
  return shrink_file(command, source->spec);
}

}  // namespace shardproof::cli
