// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/campaign.hpp"
#include "cli/commands.hpp"
#include "cli/fatal_signals.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/run_crash.hpp"
#include "cli/scenario_files.hpp"
#include "cli/shrinking.hpp"
#include "cli/terminal.hpp"
#include "core/base/stable_hash.hpp"
#include "reports/campaign_report.hpp"
#include "reports/result_directory.hpp"
#include "reports/result_json.hpp"
#include "reports/text_report.hpp"
#include "sim/campaign/swarm.hpp"
#include "sim/run/runner.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/printer.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::cli {
namespace {

using Make = std::function<sim::ScenarioSpec(std::uint64_t seed)>;

ExitCode show(const FuzzCommand& command, const Make& make) {
  print(sim::to_toml(make(*command.one)));
  return ExitCode::kOk;
}

ExitCode run_one(const FuzzCommand& command, const sim::ScenarioSpec& spec,
                 const RunCommands& commands) {
  FatalSignals signals(commands);
  sim::RunOptions options;
  options.place = signals.place();
  options.file = command.file;
  ProgressReporter progress(spec.name, command.quiet);
  options.on_progress = [&](const sim::Progress& state) {
    progress.update(state);
    return !is_interrupted();
  };
  auto result = sim::run(spec, options);
  if (!result) {
    print_error(fmt::format("shardproof: seed {}: {}\n", *command.one, result.error().message));
    return code_of(result.error());
  }
  result->command = "fuzz";
  result->arguments = rules_off_arguments(command.rules_off);
  result->wall_ns = progress.elapsed_ns();
  print(command.json ? reports::verdict_json(*result, 2) + "\n"
                     : reports::text_report(*result, stdout_style()));
  return code_of(*result);
}

/// The same; a failed check of our own ends it with what is known of that.
ExitCode run_one_guarded(const FuzzCommand& command, const Make& make) {
  const sim::ScenarioSpec spec = make(*command.one);
  sim::RunResult place;
  place.command = "fuzz";
  place.file = command.file;
  place.seed = *command.one;
  place.arguments = rules_off_arguments(command.rules_off);
  const RunCommands commands = commands_for(place);
  try {
    return run_one(command, spec, commands);
  } catch (const sim::RunCrash& crash) {
    print_error("shardproof: " + crash_text(crash, commands, stderr_style()));
    return ExitCode::kInternal;
  }
}

constexpr SeedRange kNoEnd{1, std::numeric_limits<std::uint64_t>::max()};

std::string shard_text(const FuzzCommand& command) {
  const SeedShard shard = command.shard.value_or(SeedShard{});
  return fmt::format("{}/{}", shard.index, shard.count);
}

/// The command line that goes on with this campaign.
std::vector<std::string> arguments_of(const FuzzCommand& command) {
  std::vector<std::string> words = {"fuzz"};
  const auto add = [&](const char* option, std::string value) {
    words.emplace_back(option);
    words.push_back(std::move(value));
  };
  if (!command.file.empty()) words.push_back(command.file);
  if (command.seeds)
    add("--seeds", fmt::format("{}..{}", command.seeds->first, command.seeds->last));
  if (command.time_limit) add("--for", sim::to_text(*command.time_limit));
  if (command.shard) add("--shard", shard_text(command));
  for (std::string& argument : rules_off_arguments(command.rules_off)) {
    words.push_back(std::move(argument));
  }
  if (command.stops_at_finding) words.emplace_back("--first");
  add("--out", command.out);
  return words;
}

/// Of the program that is running: another one may run the same seeds otherwise.
std::uint64_t program_digest() {
  const auto content = reports::read_file("/proc/self/exe");
  return content ? stable_hash(*content) : 0;
}

CampaignIdentity identity_of(const FuzzCommand& command, std::uint64_t base) {
  const SeedRange seeds = command.seeds.value_or(kNoEnd);
  CampaignIdentity identity;
  identity.arguments = arguments_of(command);
  identity.program = program_digest();
  identity.base = base;
  identity.first_seed = seeds.first;
  identity.last_seed = seeds.last;
  identity.rules_off = fmt::format("{}", fmt::join(command.rules_off, ","));
  identity.shard = shard_text(command);
  return identity;
}

CampaignOptions options_of(const FuzzCommand& command, const Make& make) {
  CampaignOptions options;
  options.seeds = command.seeds.value_or(kNoEnd);
  options.shard = command.shard.value_or(SeedShard{});
  options.time_limit = command.time_limit;
  options.jobs = jobs_of(command.jobs);
  options.stops_at_finding = command.stops_at_finding;
  options.is_quiet = command.quiet;
  options.make = make;
  options.file = command.file;
  options.arguments = rules_off_arguments(command.rules_off);
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
  const sim::CampaignResult result = *run_campaign(options);
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

ExitCode internal_error(const std::string& message) {
  print_error(fmt::format("shardproof: {}\n", message));
  return ExitCode::kInternal;
}

Result<Journal> open_journal(const FuzzCommand& command, std::uint64_t base) {
  if (const auto prepared = reports::prepare_directory(command.out); !prepared) {
    return fail("{}", prepared.error().message);
  }
  return Journal::open(command.out, identity_of(command, base));
}

/// `base`: digest of the scenario around which the campaign is.
ExitCode run_all(const FuzzCommand& command, const Make& make, std::uint64_t base) {
  CampaignOptions options = options_of(command, make);
  std::optional<Journal> journal;
  if (!command.out.empty()) {
    auto opened = open_journal(command, base);
    if (!opened) return internal_error(opened.error().message);
    options.journal = &journal.emplace(std::move(*opened));
  }
  const sim::Canary canary = release_canary(command);
  auto done = run_campaign(options);
  if (!done) return internal_error(done.error().message);
  sim::CampaignResult result = std::move(*done);
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

/// The command that a journal was begun by; a usage error if this program does not know it.
Result<FuzzCommand> command_of(const CampaignIdentity& identity) {
  std::vector<const char*> words = {"shardproof"};
  for (const std::string& word : identity.arguments) words.push_back(word.c_str());
  const Command command = parse_command_line(static_cast<int>(words.size()), words.data());
  if (const auto* fuzz = std::get_if<FuzzCommand>(&command)) return *fuzz;
  return fail("its command line is not understood: {}", fmt::join(words, " "));
}

ExitCode resume(const FuzzCommand& command) {
  const auto content = Journal::read(command.resume);
  if (!content) return internal_error(content.error().message);
  auto original = command_of(content->identity);
  if (!original) return internal_error(original.error().message);
  original->out = command.resume;
  original->jobs = command.jobs;
  original->json = command.json;
  original->quiet = command.quiet;
  return execute(*original);
}

/// The scenarios that the parts have kept of their findings.
void find_scenarios(const std::vector<std::string>& directories, sim::CampaignResult& result) {
  for (sim::CampaignFinding& finding : result.findings) {
    for (const std::string& directory : directories) {
      const auto file =
          std::filesystem::path(directory) / fmt::format("seed-{}.toml", finding.seeds.front());
      if (std::filesystem::exists(file)) finding.scenario = file.string();
    }
  }
}

/// The seeds of the whole that no part has done, at most as many as are told; nothing to compare
/// with where the campaign had an end in time only.
std::vector<std::uint64_t> missing_seeds(const CampaignIdentity& whole,
                                         std::vector<SeedOutcome>& done) {
  constexpr std::size_t kTold = 5;
  std::vector<std::uint64_t> missing;
  if (whole.last_seed == std::numeric_limits<std::uint64_t>::max()) return missing;
  std::sort(done.begin(), done.end(),
            [](const SeedOutcome& a, const SeedOutcome& b) { return a.seed < b.seed; });
  std::uint64_t seed = whole.first_seed;
  for (const SeedOutcome& one : done) {
    for (; seed < one.seed && missing.size() < kTold; ++seed) missing.push_back(seed);
    seed = one.seed + 1;
  }
  for (; seed <= whole.last_seed && missing.size() < kTold; ++seed) missing.push_back(seed);
  return missing;
}

ExitCode merge(const FuzzCommand& command) {
  std::optional<CampaignIdentity> whole;
  std::vector<SeedOutcome> done;
  for (const std::string& directory : command.merge) {
    auto content = Journal::read(directory);
    if (!content) return internal_error(content.error().message);
    if (!whole) whole = content->identity;
    if (!whole->is_same_whole(content->identity)) {
      return internal_error(fmt::format("'{}' and '{}' are no parts of one campaign",
                                        command.merge.front(), directory));
    }
    if (whole->program != content->identity.program) {
      return internal_error(fmt::format("'{}' and '{}' were made by different builds of shardproof",
                                        command.merge.front(), directory));
    }
    done.insert(done.end(), content->done.begin(), content->done.end());
  }
  const auto original = command_of(*whole);
  if (!original) return internal_error(original.error().message);
  CampaignOptions options = options_of(*original, {});
  options.shard = SeedShard{};
  options.is_quiet = true;
  const std::vector<std::uint64_t> missing = missing_seeds(*whole, done);
  sim::CampaignResult result = count_campaign(options, done);
  find_scenarios(command.merge, result);
  print(command.json ? reports::campaign_json(result)
                     : reports::campaign_text(result, stdout_style()));
  if (result.has_findings()) return ExitCode::kFinding;
  if (missing.empty()) return ExitCode::kOk;
  print_error(
      fmt::format("shardproof: parts are missing or not at their end: seeds {}, ... were "
                  "not run\n",
                  fmt::join(missing, ", ")));
  return ExitCode::kInconclusive;
}

}  // namespace

ExitCode execute(const FuzzCommand& command) {
  if (!command.resume.empty()) return resume(command);
  if (!command.merge.empty()) return merge(command);
  Make make = sim::make_swarm;
  std::uint64_t base_digest = 0;
  if (!command.file.empty()) {
    ScenarioFiles files = load_scenarios({command.file}, "", command.quiet);
    if (files.code != ExitCode::kOk) return files.code;
    base_digest = stable_hash(sim::to_toml(files.scenarios.front().spec));
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
  return command.one ? run_one_guarded(command, make) : run_all(command, make, base_digest);
}

}  // namespace shardproof::cli
