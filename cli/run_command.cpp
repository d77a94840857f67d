// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.hpp"
#include "cli/fatal_signals.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/run_crash.hpp"
#include "cli/scenario_files.hpp"
#include "cli/stopwatch.hpp"
#include "cli/terminal.hpp"
#include "reports/peers_report.hpp"
#include "reports/result_directory.hpp"
#include "reports/result_json.hpp"
#include "reports/runs_summary.hpp"
#include "reports/text_findings.hpp"
#include "reports/text_report.hpp"
#include "sim/run/runner.hpp"
#include "sim/scenario/printer.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::cli {
namespace {

namespace fs = std::filesystem;

/// One run of several, maybe.
struct Job {
  const ScenarioFile* file = nullptr;
  std::uint64_t seed = 0;
  fs::path directory;  ///< empty: nothing is written
};

/// Whether the whole report is printed, as text.
bool is_for_people(const RunCommand& command) {
  return !command.json && !command.markdown && !command.quiet;
}

/// Options that change a run, for the line that replays it.
std::vector<std::string> replay_arguments(const RunCommand& command) {
  std::vector<std::string> arguments = rules_off_arguments(command.rules_off);
  if (!command.trace.empty()) {
    arguments.insert(arguments.begin(), {"--trace", command.trace});
  }
  return arguments;
}

std::vector<Job> jobs_to_run(const RunCommand& command, const std::vector<ScenarioFile>& files) {
  std::vector<Job> jobs;
  for (const ScenarioFile& file : files) {
    const SeedRange own{file.spec.seed, file.spec.seed};
    const SeedRange range = command.seeds.value_or(own);
    // Not "<= last": the last seed may be the largest number there is.
    for (std::uint64_t seed = range.first;; ++seed) {
      jobs.push_back({&file, seed, command.out});
      if (seed == range.last) break;
    }
  }
  if (command.out.empty() || jobs.size() == 1) return jobs;
  for (Job& job : jobs) {
    job.directory /= fmt::format("{}-seed-{}", fs::path(job.file->path).stem().string(), job.seed);
  }
  return jobs;
}

/// Two runs that would write to one place: files of the same name in different directories.
std::optional<std::string> collision(const std::vector<Job>& jobs) {
  std::map<fs::path, const Job*> taken;
  for (const Job& job : jobs) {
    if (job.directory.empty()) continue;
    const auto [found, is_new] = taken.emplace(job.directory, &job);
    if (is_new) continue;
    return fmt::format("'{}' and '{}' would both write to '{}'", found->second->file->path,
                       job.file->path, job.directory.string());
  }
  return std::nullopt;
}

/// The report of one run of one or more. Of several, those that passed and those that found what an
/// earlier one had found already get a line: thousands of seeds must leave something to read.
void report(const RunCommand& command, const sim::RunResult& result, const std::string& directory,
            bool is_only, bool is_known) {
  const reports::Style style = stdout_style();
  if (command.json) {
    print(reports::verdict_json(result, is_only ? 2 : -1) + "\n");
  } else if (command.markdown) {
    print(reports::markdown_report(result));
    if (command.peers) print("\n" + reports::peers_markdown(result));
    if (!is_only) print("\n");
  } else if (!is_only && is_known) {
    print(reports::verdict_line(result, style) + reports::refusals_text(result, style));
    for (const std::string& finding : reports::findings_of(result)) {
      print(fmt::format("  as before: {}\n", finding));
    }
  } else if (command.quiet) {
    print(reports::verdict_line(result, style) + reports::refusals_text(result, style) +
          reports::findings_text(result, style, directory));
  } else {
    print(reports::text_report(result, style, directory));
    if (command.peers) print("\n" + reports::peers_text(result, style));
  }
}

/// What can be said of a run that has no result.
sim::RunResult place_of(const RunCommand& command, const Job& job) {
  sim::RunResult place;
  place.scenario = job.file->spec.name;
  place.file = job.file->path;
  place.seed = job.seed;
  place.arguments = replay_arguments(command);
  return place;
}

ExitCode run_one(const RunCommand& command, const Job& job, bool is_only,
                 reports::RunsSummary& summary) {
  FatalSignals signals(commands_for(place_of(command, job)));
  sim::RunOptions options;
  options.place = signals.place();
  options.seed = job.seed;
  options.file = job.file->path;
  sim::Recording recording;
  if (!job.directory.empty()) options.draws = &recording.streams;
  ProgressReporter progress(job.file->spec.name, command.quiet);
  options.on_progress = [&](const sim::Progress& state) {
    progress.update(state);
    return !is_interrupted();
  };
  auto done = sim::run(job.file->spec, options);
  if (!done) {
    print_error(fmt::format("shardproof: {}: {}\n", job.file->path, done.error().message));
    summary.add_error(place_of(command, job), done.error().message);
    return code_of(done.error());
  }
  sim::RunResult& result = *done;
  result.wall_ns = progress.elapsed_ns();
  result.arguments = replay_arguments(command);
  result.warnings.insert(result.warnings.begin(), job.file->warnings.begin(),
                         job.file->warnings.end());
  report(command, result, job.directory.string(), is_only, summary.is_known(result));
  summary.add(result, job.directory.string());
  if (result.interrupted) {
    print_error(
        fmt::format("shardproof: interrupted; the results of '{}' are partial\n", result.scenario));
  }
  if (job.directory.empty()) return code_of(result);
  sim::ScenarioSpec spec = job.file->spec;
  spec.seed = job.seed;
  recording.scenario_toml = sim::to_toml(spec, job.directory.string());
  if (const auto written = reports::write_results(result, recording, job.directory); !written) {
    print_error(fmt::format("shardproof: {}\n", written.error().message));
    return worse(code_of(result), ExitCode::kInternal);
  }
  if (is_only && is_for_people(command)) {
    const std::string directory = job.directory.string();
    const std::string replay = stdout_style().command(reports::replay_command(result, directory));
    const bool is_said = result.verdict != sim::Verdict::kPass;
    print(fmt::format("\nResults: {}\n{}", directory, is_said ? "" : "  " + replay + "\n"));
  }
  return code_of(result);
}

/// Runs one job; a failed check of our own, or no memory, ends only it.
ExitCode run_guarded(const RunCommand& command, const Job& job, bool is_only,
                     reports::RunsSummary& summary) {
  try {
    return run_one(command, job, is_only, summary);
  } catch (const std::exception& error) {
    const sim::RunResult place = place_of(command, job);
    summary.add_error(place, internal_error_text(error));
    print_error("shardproof: " + crash_text(error, commands_for(place), stderr_style()));
    return ExitCode::kInternal;
  }
}

}  // namespace

ExitCode execute(const RunCommand& command) {
  ScenarioFiles files = load_scenarios(command.files, command.trace, command.quiet);
  if (files.code != ExitCode::kOk) return files.code;
  for (ScenarioFile& file : files.scenarios) switch_rules_off(command.rules_off, file.spec);
  const std::vector<Job> jobs = jobs_to_run(command, files.scenarios);
  if (const auto clash = collision(jobs)) {
    print_error(fmt::format("shardproof: {}\n", *clash));
    return ExitCode::kUsage;
  }
  std::vector<fs::path> made;
  for (const Job& job : jobs) {
    if (job.directory.empty()) continue;
    std::error_code ignored;
    if (!fs::exists(job.directory, ignored)) made.push_back(job.directory);
    if (const auto prepared = reports::prepare_directory(job.directory); !prepared) {
      print_error(fmt::format("shardproof: {}\n", prepared.error().message));
      return ExitCode::kInternal;
    }
  }
  catch_interrupts();
  const Stopwatch stopwatch;
  reports::RunsSummary summary(jobs.size());
  ExitCode code = ExitCode::kOk;
  for (const Job& job : jobs) {
    code = worse(code, run_guarded(command, job, jobs.size() == 1, summary));
    if (is_interrupted()) break;
  }
  if (is_interrupted()) code = worse(code, ExitCode::kInterrupted);
  // Of runs that were never begun, or ended without a result.
  for (const fs::path& directory : made) {
    std::error_code not_empty;
    fs::remove(directory, not_empty);
  }
  if (jobs.size() == 1) return code;
  if (command.json) {
    print(summary.json() + "\n");
  } else {
    const std::string text = summary.text(stopwatch.elapsed_ns(), stdout_style());
    print(command.markdown ? "## Together\n\n```text\n" + text + "```\n" : "\n" + text);
    if (!command.out.empty() && is_for_people(command)) {
      print(fmt::format("\nResults, of each run in a directory of its own: {}\n", command.out));
    }
  }
  return code;
}

}  // namespace shardproof::cli
