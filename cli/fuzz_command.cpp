// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/campaign.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_files.hpp"
#include "cli/shrinking.hpp"
#include "cli/terminal.hpp"
#include "reports/campaign_report.hpp"
#include "reports/result_directory.hpp"
#include "reports/result_json.hpp"
#include "reports/text_report.hpp"
#include "sim/campaign/swarm.hpp"
#include "sim/run/runner.hpp"
#include "sim/scenario/printer.hpp"

namespace shardproof::cli {
namespace {

using Make = std::function<sim::ScenarioSpec(std::uint64_t seed)>;

/// Options that change a run, for the line that replays it.
std::vector<std::string> replay_arguments(const FuzzCommand& command) {
  if (command.rules_off.empty()) return {};
  return {"--rules-off", fmt::format("{}", fmt::join(command.rules_off, ","))};
}

ExitCode show(const FuzzCommand& command, const Make& make) {
  print(sim::to_toml(make(*command.one)));
  return ExitCode::kOk;
}

ExitCode run_one(const FuzzCommand& command, const Make& make) {
  const sim::ScenarioSpec spec = make(*command.one);
  sim::RunOptions options;
  options.file = command.file;
  ProgressReporter progress(spec.name, command.quiet);
  options.on_progress = [&](const sim::Progress& state) {
    progress.update(state);
    return !is_interrupted();
  };
  auto result = sim::run(spec, options);
  if (!result) {
    print_error(fmt::format("shardproof: seed {}: {}\n", *command.one, result.error().message));
    return ExitCode::kInternal;
  }
  result->command = "fuzz";
  result->arguments = replay_arguments(command);
  result->wall_ns = progress.elapsed_ns();
  print(command.json ? reports::verdict_json(*result, 2) + "\n"
                     : reports::text_report(*result, stdout_style()));
  return code_of(*result);
}

CampaignOptions options_of(const FuzzCommand& command, const Make& make) {
  constexpr SeedRange kNoEnd{1, std::numeric_limits<std::uint64_t>::max()};
  CampaignOptions options;
  options.seeds = command.seeds.value_or(kNoEnd);
  options.time_limit = command.time_limit;
  options.jobs = jobs_of(command.jobs);
  options.stops_at_finding = command.stops_at_finding;
  options.is_quiet = command.quiet;
  options.make = make;
  options.file = command.file;
  options.arguments = replay_arguments(command);
  return options;
}

/// A bug that nearly every scenario shows: a campaign that misses it is blind.
sim::Canary release_canary(const FuzzCommand& command) {
  static constexpr std::string_view kRule = "replicas_before_ack";
  CampaignOptions options;
  options.seeds = {1, 20};
  options.jobs = jobs_of(command.jobs);
  options.stops_at_finding = true;
  options.is_quiet = true;
  options.make = [](std::uint64_t seed) { return sim::make_swarm_without(kRule, seed); };
  const sim::CampaignResult result = run_campaign(options);
  sim::Canary canary{std::string(kRule), std::nullopt};
  if (result.has_findings()) canary.seed = result.findings.front().seeds.front();
  return canary;
}

/// A crash is kept as it is, and so is what a single run does not show (two digests of one seed).
/// False if it could not be written, which is told.
bool keep_scenario(const sim::ScenarioSpec& spec, const std::string& file, bool is_crash,
                   const ShrinkingOptions& options) {
  if (!is_crash) {
    if (const auto shrunk = shrink_to_file(spec, file, options)) return shrunk->is_written;
  }
  const auto written = reports::write_file(file, sim::to_sparse_toml(spec));
  if (!written) print_error(fmt::format("shardproof: {}\n", written.error().message));
  return written.has_value();
}

/// Of each finding the lowest seed's scenario, as small as it gets; that of a crash as it is.
void keep_scenarios(const FuzzCommand& command, const Make& make, sim::CampaignResult& result) {
  ShrinkingOptions options;
  options.jobs = jobs_of(command.jobs);
  options.limit = seconds(30);
  options.is_quiet = command.quiet;
  for (sim::CampaignFinding& finding : result.findings) {
    if (is_interrupted()) return;
    const std::uint64_t seed = finding.seeds.front();
    const std::string file =
        (std::filesystem::path(command.out) / fmt::format("seed-{}.toml", seed)).string();
    if (keep_scenario(make(seed), file, finding.is_crash, options)) finding.scenario = file;
  }
}

ExitCode run_all(const FuzzCommand& command, const Make& make) {
  if (!command.out.empty()) {
    if (const auto prepared = reports::prepare_directory(command.out); !prepared) {
      print_error(fmt::format("shardproof: {}\n", prepared.error().message));
      return ExitCode::kInternal;
    }
  }
  const sim::Canary canary = release_canary(command);
  sim::CampaignResult result = run_campaign(options_of(command, make));
  result.canary = canary;
  if (!command.out.empty()) keep_scenarios(command, make, result);
  print(command.json ? reports::campaign_json(result)
                     : reports::campaign_text(result, stdout_style()));
  if (result.interrupted) return ExitCode::kInterrupted;
  const bool is_lost = !command.out.empty() &&
                       std::any_of(result.findings.begin(), result.findings.end(),
                                   [](const auto& finding) { return finding.scenario.empty(); });
  if (is_lost) return ExitCode::kInternal;
  if (result.has_findings()) return ExitCode::kFinding;
  return canary.seed ? ExitCode::kOk : ExitCode::kInconclusive;
}

}  // namespace

ExitCode execute(const FuzzCommand& command) {
  Make make = sim::make_swarm;
  if (!command.file.empty()) {
    ScenarioFiles files = load_scenarios({command.file}, "", command.quiet);
    if (files.code != ExitCode::kOk) return files.code;
    make = [base = std::move(files.scenarios.front().spec)](std::uint64_t seed) {
      return sim::make_swarm_around(base, seed);
    };
  }
  if (!command.rules_off.empty()) {
    make = [whole = std::move(make), off = command.rules_off](std::uint64_t seed) {
      sim::ScenarioSpec spec = whole(seed);
      switch_rules_off(off, spec);
      return spec;
    };
  }
  if (command.shows_scenario) return show(command, make);
  catch_interrupts();
  return command.one ? run_one(command, make) : run_all(command, make);
}

}  // namespace shardproof::cli
