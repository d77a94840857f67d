// SPDX-License-Identifier: Apache-2.0
#include "cli/run_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/help_footers.hpp"
#include "cli/option_words.hpp"
#include "sim/scenario/amounts.hpp"

namespace shardproof::cli {
namespace {

std::optional<reports::TraceLevel> trace_level(std::string_view name) {
  if (name == "events") return reports::TraceLevel::kEvents;
  if (name == "facts") return reports::TraceLevel::kFacts;
  if (name == "messages") return reports::TraceLevel::kMessages;
  return std::nullopt;
}

}  // namespace

void add_run(CLI::App& app, RunArguments& parsed) {
  CLI::App* run = app.add_subcommand("run", "Run scenarios and judge them");
  run->add_option("FILE", parsed.run.files, "Scenario files")->required()->type_name("");
  auto* seed =
      run->add_option("--seed", parsed.seed, "Seed instead of the scenario's")->type_name("N");
  auto* seeds = run->add_option("--seeds", parsed.seeds, "A run for each seed, both ends included")
                    ->type_name("A..B");
  seed->excludes(seeds);
  run->add_option("--out", parsed.run.out,
                  "Directory for result.json, series.csv, scopes.csv, stores.csv, events.jsonl")
      ->check([](const std::string& directory) {
        // What a script hands over when its variable is not set.
        return directory.empty() ? "the name of a directory is empty" : "";
      })
      ->type_name("DIR");
  run->add_option("--trace", parsed.run.trace, "File instead of the trace that the scenario names")
      ->type_name("FILE");
  add_rules_off(*run, parsed.run.rules_off);
  run->add_flag("--json", parsed.run.json, "Print the verdict as JSON");
  run->add_flag("--markdown", parsed.run.markdown, "Print the reports in Markdown");
  run->add_flag("--quiet", parsed.run.quiet, "No progress; of a passed run only the verdict");
  run->add_flag("--peers", parsed.run.peers, "Show what other systems would report, too");
  run->footer(kRunFooter);
}

void add_replay(CLI::App& app, RunArguments& parsed) {
  CLI::App* replay = app.add_subcommand("replay", "Do a run again and look at it closely");
  replay->add_option("RESULT", parsed.replay.target, "Result directory, result.json, or scenario")
      ->required()
      ->type_name("");
  replay->add_option("--seed", parsed.replay_seed, "Of a scenario: seed instead of its own")
      ->type_name("N");
  add_rules_off(*replay, parsed.replay.rules_off);
  replay->add_option("--until-event", parsed.replay_until, "Show the world after that event")
      ->type_name("K");
  replay
      ->add_option("--around", parsed.replay_around,
                   "Show the events around that one, a time (12.5s), or the first `violation`")
      ->type_name("EVENT");
  replay->add_option("--before", parsed.replay.before, "Events to show before that one (20)")
      ->type_name("N")
      ->check(whole_from(0, UINT64_MAX));
  replay->add_option("--after", parsed.replay.after, "Events to show behind it (5)")
      ->type_name("N")
      ->check(whole_from(0, UINT64_MAX));
  replay->add_option("--trace", parsed.replay_level, "What of them: events, facts or messages")
      ->type_name("LEVEL");
  replay->add_flag("--json", parsed.replay.json, "Print all of it as JSON");
  replay->add_flag("--quiet", parsed.replay.quiet, "No progress");
  replay->footer(kReplayFooter);
}

void add_odds(CLI::App& app, RunArguments& parsed) {
  CLI::App* odds = app.add_subcommand("odds", "Find out when a failure became inevitable");
  odds->add_option("RESULT", parsed.odds.target, "Result directory, result.json, or scenario")
      ->required()
      ->type_name("");
  odds->add_option("--seed", parsed.odds_scenario_seed, "Of a scenario: seed instead of its own")
      ->type_name("N");
  add_rules_off(*odds, parsed.odds.rules_off);
  odds->add_option("--points", parsed.odds.points, "Points of the run to go on from (16)")
      ->type_name("N")
      ->check(whole_from(1, 10'000));
  odds->add_option("--branches", parsed.odds.branches, "Courses from each point (20)")
      ->type_name("N")
      ->check(whole_from(1, 100'000));
  odds->add_option("--odds-seed", parsed.odds_seed, "Seed of the courses (1)")->type_name("N");
  odds->add_option("--from", parsed.odds_from, "Event of the first point")->type_name("EVENT");
  odds->add_option("--to", parsed.odds_to, "Event of the last point")->type_name("EVENT");
  odds->add_option("--jobs", parsed.odds.jobs, "Processes (default: one per processor)")
      ->type_name("N")
      ->check(whole_from(1, 1024));
  odds->add_flag("--json", parsed.odds.json, "Print all that is known as JSON");
  odds->add_flag("--quiet", parsed.odds.quiet, "No progress");
  odds->footer(kOddsFooter);
}

Command run_command(RunArguments& parsed) {
  const std::string& text = parsed.seed.empty() ? parsed.seeds : parsed.seed;
  if (!parsed.seed.empty() && !parse_seed(parsed.seed)) {
    return usage_error(
        fmt::format("--seed: '{}' is not a whole number from 0 to 2^64-1", parsed.seed));
  }
  if (const auto error = unknown_rule("--rules-off", parsed.run.rules_off)) return *error;
  if (parsed.run.json && parsed.run.markdown) {
    return usage_error("--json and --markdown exclude each other");
  }
  if (!text.empty()) {
    const auto range = parse_seeds(text);
    if (!range) return usage_error("--seeds: " + range.error().message);
    parsed.run.seeds = *range;
  }
  return parsed.run;
}

Command replay_command(RunArguments& parsed) {
  ReplayCommand& replay = parsed.replay;
  if (const auto error = unknown_rule("--rules-off", replay.rules_off)) return *error;
  if (!parsed.replay_seed.empty()) {
    replay.seed = parse_seed(parsed.replay_seed);
    if (!replay.seed) {
      return usage_error(
          fmt::format("--seed: '{}' is not a whole number from 0 to 2^64-1", parsed.replay_seed));
    }
  }
  if (!parsed.replay_until.empty()) {
    replay.until = parse_seed(parsed.replay_until);
    if (replay.until.value_or(0) == 0) {
      return usage_error(fmt::format("--until-event: '{}' is not the number of an event, from 1",
                                     parsed.replay_until));
    }
  }
  replay.is_around_violation = parsed.replay_around == "violation";
  if (!parsed.replay_around.empty() && !replay.is_around_violation) {
    replay.around = parse_seed(parsed.replay_around);
    const auto time = sim::parse_duration(parsed.replay_around);
    if (time) replay.around_time = *time;
    if (!time && replay.around.value_or(0) == 0) {
      return usage_error(
          fmt::format("--around: '{}' is neither the number of an event, from 1, nor a time "
                      "(12.5s), nor `violation`",
                      parsed.replay_around));
    }
  }
  const auto level = trace_level(parsed.replay_level);
  if (!level) {
    return usage_error(fmt::format("--trace: '{}' is none of events, facts, messages{}",
                                   parsed.replay_level,
                                   hint(parsed.replay_level, {"events", "facts", "messages"})));
  }
  replay.level = *level;
  return replay;
}

Command odds_command(RunArguments& parsed) {
  OddsCommand& odds = parsed.odds;
  if (const auto error = unknown_rule("--rules-off", odds.rules_off)) return *error;
  const auto odds_seed = parse_seed(parsed.odds_seed);
  const auto seed = parse_seed(parsed.odds_scenario_seed);
  if (!odds_seed || (!seed && !parsed.odds_scenario_seed.empty())) {
    return usage_error(fmt::format("{}: '{}' is not a whole number from 0 to 2^64-1",
                                   odds_seed ? "--seed" : "--odds-seed",
                                   odds_seed ? parsed.odds_scenario_seed : parsed.odds_seed));
  }
  odds.seed = *odds_seed;
  odds.scenario_seed = seed;
  odds.from = parse_seed(parsed.odds_from);
  odds.to = parse_seed(parsed.odds_to);
  const auto is_wrong = [](const std::string& text, const std::optional<std::uint64_t>& event) {
    return !text.empty() && event.value_or(0) == 0;
  };
  if (is_wrong(parsed.odds_from, odds.from) || is_wrong(parsed.odds_to, odds.to)) {
    return usage_error(
        fmt::format("--from and --to take numbers of events, from 1, not '{}'",
                    is_wrong(parsed.odds_from, odds.from) ? parsed.odds_from : parsed.odds_to));
  }
  return odds;
}

}  // namespace shardproof::cli
