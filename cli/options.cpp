// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <charconv>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/help_footers.hpp"
#include "cli/place_options.hpp"
#include "core/rules.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {
namespace {

std::optional<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

/// The options as CLI11 fills them in, before they are a command.
struct Parsed {
  RunCommand run;
  FuzzCommand fuzz;
  ReplayCommand replay;
  OddsCommand odds;
  ShrinkCommand shrink;
  PowerCommand power;
  CheckCommand check;
  ListCommand list;
  InitCommand init;
  ExplainCommand explain;
  PlaceArguments place;
  std::string seed;
  std::string seeds;
  std::string fuzz_seed;
  std::string fuzz_seeds;
  std::string fuzz_time;
  std::string fuzz_shard;
  std::string replay_seed;
  std::string replay_until;
  std::string replay_around;
  std::string replay_level = "facts";
  std::string odds_scenario_seed;
  std::string odds_seed = "1";
  std::string odds_from;
  std::string odds_to;
  std::string shrink_seed;
  std::string shrink_runs = "4000";
  std::string shrink_limit;
  std::string power_seeds = "2000";
  std::string power_limit = "20s";
  bool power_skips_shrinking = false;
};

void add_rules_off(CLI::App& command, std::vector<std::string>& names) {
  command
      .add_option("--rules-off", names, "Safety rules to switch off, beside those of the scenario")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
}

void add_run(CLI::App& app, Parsed& parsed) {
  CLI::App* run = app.add_subcommand("run", "Run scenarios and judge them");
  run->add_option("FILE", parsed.run.files, "Scenario files")->required()->type_name("");
  auto* seed =
      run->add_option("--seed", parsed.seed, "Seed instead of the scenario's")->type_name("N");
  auto* seeds = run->add_option("--seeds", parsed.seeds, "A run for each seed, both ends included")
                    ->type_name("A..B");
  seed->excludes(seeds);
  run->add_option("--out", parsed.run.out, "Directory for result.json, series.csv, events.jsonl")
      ->check([](const std::string& directory) {
        // What a script hands over when its variable is not set.
        return directory.empty() ? "the name of a directory is empty" : "";
      })
      ->type_name("DIR");
  run->add_option("--trace", parsed.run.trace, "File instead of the trace that the scenario names")
      ->type_name("FILE");
  add_rules_off(*run, parsed.run.rules_off);
  run->add_flag("--json", parsed.run.json, "Print the verdict as JSON");
  run->add_flag("--quiet", parsed.run.quiet, "No progress; of a passed run only the verdict");
  run->footer(kRunFooter);
}

void add_fuzz(CLI::App& app, Parsed& parsed) {
  CLI::App* fuzz = app.add_subcommand("fuzz", "Make scenarios of seeds and run them all");
  fuzz->add_option("FILE", parsed.fuzz.file, "Around this scenario; else clusters of any shape")
      ->type_name("");
  auto* seeds = fuzz->add_option("--seeds", parsed.fuzz_seeds, "These seeds, both ends included")
                    ->type_name("A..B");
  auto* time =
      fuzz->add_option("--for", parsed.fuzz_time, "Begin no seed after this long (60s, 10m)")
          ->type_name("TIME");
  auto* seed = fuzz->add_option("--seed", parsed.fuzz_seed, "This seed alone, with its full report")
                   ->type_name("N");
  auto* show = fuzz->add_flag("--show", parsed.fuzz.shows_scenario,
                              "Print the scenario of --seed instead of running it");
  auto* shard = fuzz->add_option("--shard", parsed.fuzz_shard,
                                 "Of n equal parts of the seeds the i-th, for one of n machines")
                    ->type_name("I/N");
  seed->excludes(seeds)->excludes(time)->excludes(shard);
  show->needs(seed);
  add_rules_off(*fuzz, parsed.fuzz.rules_off);
  fuzz->add_option("--jobs", parsed.fuzz.jobs, "Processes (default: one per processor)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  auto* out = fuzz->add_option("--out", parsed.fuzz.out,
                               "Directory for progress and the scenarios that fail, shrunk")
                  ->type_name("DIR");
  auto* resume = fuzz->add_option("--resume", parsed.fuzz.resume,
                                  "Go on with the campaign of that --out, whatever ended it")
                     ->type_name("DIR");
  auto* merge = fuzz->add_option("--merge", parsed.fuzz.merge,
                                 "Count together what the parts of a campaign have done")
                    ->type_name("DIR...");
  for (auto* other : {seed, seeds, time, shard, out}) {
    resume->excludes(other);
    merge->excludes(other);
  }
  resume->excludes(merge);
  fuzz->add_flag("--first", parsed.fuzz.stops_at_finding, "Stop at the first finding");
  fuzz->add_flag("--json", parsed.fuzz.json, "Print the result as JSON");
  fuzz->add_flag("--quiet", parsed.fuzz.quiet, "No progress");
  fuzz->footer(kFuzzFooter);
}

void add_replay(CLI::App& app, Parsed& parsed) {
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
                   "Show the events around that one, or around the first `violation`")
      ->type_name("EVENT");
  replay->add_option("--before", parsed.replay.before, "Events to show before that one (20)")
      ->type_name("N");
  replay->add_option("--after", parsed.replay.after, "Events to show behind it (5)")
      ->type_name("N");
  replay->add_option("--trace", parsed.replay_level, "What of them: events, facts or messages")
      ->type_name("LEVEL");
  replay->add_flag("--json", parsed.replay.json, "Print all of it as JSON");
  replay->add_flag("--quiet", parsed.replay.quiet, "No progress");
  replay->footer(kReplayFooter);
}

void add_odds(CLI::App& app, Parsed& parsed) {
  CLI::App* odds = app.add_subcommand("odds", "Find out when a failure became inevitable");
  odds->add_option("RESULT", parsed.odds.target, "Result directory, result.json, or scenario")
      ->required()
      ->type_name("");
  odds->add_option("--seed", parsed.odds_scenario_seed, "Of a scenario: seed instead of its own")
      ->type_name("N");
  add_rules_off(*odds, parsed.odds.rules_off);
  odds->add_option("--points", parsed.odds.points, "Points of the run to go on from (16)")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000}));
  odds->add_option("--branches", parsed.odds.branches, "Courses from each point (20)")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000}));
  odds->add_option("--odds-seed", parsed.odds_seed, "Seed of the courses (1)")->type_name("N");
  odds->add_option("--from", parsed.odds_from, "Event of the first point")->type_name("EVENT");
  odds->add_option("--to", parsed.odds_to, "Event of the last point")->type_name("EVENT");
  odds->add_option("--jobs", parsed.odds.jobs, "Processes (default: one per processor)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  odds->add_flag("--json", parsed.odds.json, "Print all that is known as JSON");
  odds->add_flag("--quiet", parsed.odds.quiet, "No progress");
  odds->footer(kOddsFooter);
}

void add_shrink(CLI::App& app, Parsed& parsed) {
  CLI::App* shrink = app.add_subcommand("shrink", "Reduce a failing scenario to a small one");
  shrink->add_option("FILE", parsed.shrink.file, "Scenario file")->required()->type_name("");
  shrink->add_option("--seed", parsed.shrink_seed, "Seed instead of the scenario's")
      ->type_name("N");
  add_rules_off(*shrink, parsed.shrink.rules_off);
  shrink->add_option("--out", parsed.shrink.out, "Where to; to stdout without it")
      ->type_name("FILE");
  shrink->add_option("--runs", parsed.shrink_runs, "Runs at most (4000)")->type_name("N");
  shrink->add_option("--for", parsed.shrink_limit, "Real time at most, like 30s")
      ->type_name("DURATION");
  shrink->add_flag("--json", parsed.shrink.json, "Print all that is known as JSON");
  shrink->footer(kShrinkFooter);
}

void add_power(CLI::App& app, Parsed& parsed) {
  CLI::App* power =
      app.add_subcommand("power", "Switch each safety rule off and see what finds it");
  power->add_option("--rules", parsed.power.rules, "Only these (names with commas)")
      ->delimiter(',')
      ->type_name("NAME");
  power->add_option("--seeds", parsed.power_seeds, "Seeds for each rule at most (2000)")
      ->type_name("N");
  auto* skip = power->add_flag("--no-shrink", parsed.power_skips_shrinking,
                               "Leave the scenarios that fail as large as they are");
  auto* limit = power->add_option("--shrink-for", parsed.power_limit,
                                  "Real time for shrinking at most, each (20s)");
  limit->type_name("TIME")->excludes(skip);
  power->add_option("--out", parsed.power.out, "Directory for the smallest scenarios")
      ->type_name("DIR");
  power->add_option("--jobs", parsed.power.jobs, "Processes (default: one per processor)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  auto* json = power->add_flag("--json", parsed.power.json, "Print the table as JSON");
  power->add_flag("--markdown", parsed.power.markdown, "Print the table in Markdown")
      ->excludes(json);
  power->add_flag("--quiet", parsed.power.quiet, "No progress");
  power->footer(kPowerFooter);
}

void add_check(CLI::App& app, Parsed& parsed) {
  CLI::App* check = app.add_subcommand("check", "Read and lint scenarios without running them");
  check->add_option("FILE", parsed.check.files, "Scenario files")->required()->type_name("");
  check
      ->add_option("--trace", parsed.check.trace,
                   "File instead of the trace that the scenario names")
      ->type_name("FILE");
  check->add_flag("--resolved", parsed.check.resolved, "Print the scenario with every default");
  check->footer(kCheckFooter);
}

void add_others(CLI::App& app, Parsed& parsed) {
  CLI::App* list = app.add_subcommand("list", "List what there is");
  list->add_option("WHAT", parsed.list.what, fmt::format("{}", fmt::join(list_topics(), ", ")))
      ->type_name("");
  list->footer(kListFooter);
  CLI::App* init = app.add_subcommand("init", "Write a commented scenario to start from");
  init->add_option("FILE", parsed.init.file, "Where to; to stdout without it")->type_name("");
  init->footer(kInitFooter);
  CLI::App* explain = app.add_subcommand("explain", "Explain one thing, or one shard of a run");
  explain
      ->add_option("KIND", parsed.explain.kind,
                   fmt::format("{}", fmt::join(explain_topics(), ", ")))
      ->required()
      ->type_name("");
  explain->add_option("NAME", parsed.explain.name, "Its name, number or id")
      ->required()
      ->type_name("");
  explain
      ->add_option("--in", parsed.explain.directory, "Directory of a run's results (for a shard)")
      ->type_name("DIR");
  explain->footer(kExplainFooter);
}

PrintCommand usage_error(const std::string& message) {
  return {fmt::format("shardproof: {}\nTry `shardproof --help`.\n", message), ExitCode::kUsage};
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string_view> as_views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string hint(std::string_view written, const std::vector<std::string>& candidates) {
  const std::string nearest = sim::nearest(written, as_views(candidates));
  return nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest);
}

/// The first word that is no option: the command that was meant.
std::string_view command_word(int argument_count, const char* const* arguments) {
  for (int i = 1; i < argument_count; ++i) {
    if (arguments[i][0] != '-') return arguments[i];
  }
  return {};
}

/// Says what is wrong with a command line that CLI11 refused, with a suggestion where one fits.
PrintCommand explain_error(const CLI::App& app, const CLI::ParseError& error, int argument_count,
                           const char* const* arguments) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::vector<std::string> names;
  const CLI::App* chosen = &app;
  const std::string_view word = command_word(argument_count, arguments);
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
    if (command->get_name() == word) chosen = command;
  }
  if (chosen == &app && !word.empty()) {
    return usage_error(fmt::format("unknown command '{}'{}", word, hint(word, names)));
  }
  const std::vector<std::string> options = option_names(*chosen);
  for (int i = 1; i < argument_count; ++i) {
    const std::string_view argument = arguments[i];
    const std::string_view name = argument.substr(0, argument.find('='));
    if (name == "--") break;
    if (name.size() < 2 || name[0] != '-' || name == "-h") continue;
    if (std::find(options.begin(), options.end(), name) != options.end()) continue;
    return usage_error(fmt::format("unknown option '{}'{}", name, hint(name, options)));
  }
  if (word.empty())
    return usage_error(
        "which command? run, fuzz, replay, odds, shrink, power, check, place, list, init or "
        "explain");
  return usage_error(fmt::format("{}: {}", word, error.what()));
}

/// Of names that are none of a safety rule the first, with the one that was probably meant.
std::optional<PrintCommand> unknown_rule(std::string_view option,
                                         const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (find_rule(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const RuleInfo& rule : rule_catalogue()) known.emplace_back(rule.name);
    const std::string advice = hint(name, known);
    return usage_error(fmt::format("{}: no rule '{}'{}", option, name,
                                   advice.empty() ? "; see `shardproof list rules`" : advice));
  }
  return std::nullopt;
}

Command run_command(Parsed& parsed) {
  const std::string& text = parsed.seed.empty() ? parsed.seeds : parsed.seed;
  if (!parsed.seed.empty() && !parse_seed(parsed.seed)) {
    return usage_error(
        fmt::format("--seed: '{}' is not a whole number from 0 to 2^64-1", parsed.seed));
  }
  if (const auto error = unknown_rule("--rules-off", parsed.run.rules_off)) return *error;
  if (!text.empty()) {
    const auto range = parse_seeds(text);
    if (!range) return usage_error("--seeds: " + range.error().message);
    parsed.run.seeds = *range;
  }
  return parsed.run;
}

std::optional<reports::TraceLevel> trace_level(std::string_view name) {
  if (name == "events") return reports::TraceLevel::kEvents;
  if (name == "facts") return reports::TraceLevel::kFacts;
  if (name == "messages") return reports::TraceLevel::kMessages;
  return std::nullopt;
}

/// The time after `--for`, above zero.
Result<Nanoseconds> parse_time_limit(const std::string& text) {
  const auto parsed = sim::parse_duration(text);
  if (!parsed) {
    const std::string& advice = parsed.error().suggestion;
    return fail("{}{}{}", parsed.error().message, advice.empty() ? "" : ": ", advice);
  }
  if (*parsed == Nanoseconds(0)) return fail("no time at all");
  return *parsed;
}

/// "2/5": the second of five parts.
std::optional<SeedShard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = parse_seed(text.substr(0, slash));
  const auto count = parse_seed(text.substr(slash + 1));
  if (!index || !count || *index == 0 || *index > *count) return std::nullopt;
  return SeedShard{*index, *count};
}

/// What is told by the directory already.
std::optional<PrintCommand> told_twice(const FuzzCommand& fuzz, std::string_view option) {
  if (fuzz.file.empty() && fuzz.rules_off.empty()) return std::nullopt;
  return usage_error(fmt::format(
      "{}: the directory says which campaign it is: leave FILE and --rules-off out", option));
}

Command fuzz_command(Parsed& parsed) {
  FuzzCommand& fuzz = parsed.fuzz;
  if (const auto error = unknown_rule("--rules-off", fuzz.rules_off)) return *error;
  if (!fuzz.resume.empty() || !fuzz.merge.empty()) {
    const auto error = told_twice(fuzz, fuzz.resume.empty() ? "--merge" : "--resume");
    if (error) return *error;
    return fuzz;
  }
  if (!parsed.fuzz_shard.empty()) {
    fuzz.shard = parse_shard(parsed.fuzz_shard);
    if (!fuzz.shard) {
      return usage_error(fmt::format("--shard: '{}' is no part: expected I/N with I from 1 to N",
                                     parsed.fuzz_shard));
    }
  }
  if (!parsed.fuzz_seed.empty()) {
    fuzz.one = parse_seed(parsed.fuzz_seed);
    if (fuzz.one) return fuzz;
    return usage_error(
        fmt::format("--seed: '{}' is not a whole number from 0 to 2^64-1", parsed.fuzz_seed));
  }
  if (parsed.fuzz_seeds.empty() && parsed.fuzz_time.empty()) {
    return usage_error("fuzz: how far? --seeds A..B, --for TIME, or --seed N for a single one");
  }
  if (!parsed.fuzz_seeds.empty()) {
    const auto range = parse_seeds(parsed.fuzz_seeds);
    if (!range) return usage_error("--seeds: " + range.error().message);
    fuzz.seeds = *range;
  }
  if (!parsed.fuzz_time.empty()) {
    const auto limit = parse_time_limit(parsed.fuzz_time);
    if (!limit) return usage_error("--for: " + limit.error().message);
    fuzz.time_limit = *limit;
  }
  return fuzz;
}

Command replay_command(Parsed& parsed) {
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
    if (replay.around.value_or(0) == 0) {
      return usage_error(
          fmt::format("--around: '{}' is neither the number of an event, from 1, nor `violation`",
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

Command odds_command(Parsed& parsed) {
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

Command shrink_command(Parsed& parsed) {
  ShrinkCommand& shrink = parsed.shrink;
  if (const auto error = unknown_rule("--rules-off", shrink.rules_off)) return *error;
  if (!parsed.shrink_seed.empty()) {
    shrink.seed = parse_seed(parsed.shrink_seed);
    if (!shrink.seed) {
      return usage_error(
          fmt::format("--seed: '{}' is not a whole number from 0 to 2^64-1", parsed.shrink_seed));
    }
  }
  const auto runs = parse_seed(parsed.shrink_runs);
  if (!runs || *runs == 0) {
    return usage_error(
        fmt::format("--runs: '{}' is not a whole number above zero", parsed.shrink_runs));
  }
  shrink.runs_max = *runs;
  if (parsed.shrink_limit.empty()) return shrink;
  const auto limit = sim::parse_duration(parsed.shrink_limit);
  if (!limit || limit->count() == 0) {
    return usage_error(
        fmt::format("--for: '{}' is not a time like 30s or 2m", parsed.shrink_limit));
  }
  shrink.limit = *limit;
  return shrink;
}

Command power_command(Parsed& parsed) {
  PowerCommand& power = parsed.power;
  if (const auto error = unknown_rule("--rules", power.rules)) return *error;
  const auto seeds = parse_seed(parsed.power_seeds);
  if (!seeds || *seeds == 0) {
    return usage_error(
        fmt::format("--seeds: '{}' is not a whole number above zero", parsed.power_seeds));
  }
  power.seeds_max = *seeds;
  const auto limit = parse_time_limit(parsed.power_limit);
  if (!limit) return usage_error("--shrink-for: " + limit.error().message);
  power.shrink_limit = *limit;
  power.shrinks = !parsed.power_skips_shrinking;
  return power;
}

Command topical(Command command, std::string_view topic, const std::vector<std::string>& topics) {
  if (topic.empty() || std::find(topics.begin(), topics.end(), topic) != topics.end())
    return command;
  return usage_error(fmt::format("unknown topic '{}'{}; there are: {}", topic, hint(topic, topics),
                                 fmt::join(topics, ", ")));
}

Command chosen_command(const CLI::App& app, Parsed& parsed) {
  if (app.got_subcommand("run")) return run_command(parsed);
  if (app.got_subcommand("fuzz")) return fuzz_command(parsed);
  if (app.got_subcommand("replay")) return replay_command(parsed);
  if (app.got_subcommand("odds")) return odds_command(parsed);
  if (app.got_subcommand("shrink")) return shrink_command(parsed);
  if (app.got_subcommand("power")) return power_command(parsed);
  if (app.got_subcommand("check")) return parsed.check;
  if (app.got_subcommand("place")) {
    const auto place = place_command(parsed.place);
    if (!place) return usage_error(place.error().message);
    return *place;
  }
  if (app.got_subcommand("init")) return parsed.init;
  if (app.got_subcommand("list")) return topical(parsed.list, parsed.list.what, list_topics());
  return topical(parsed.explain, parsed.explain.kind, explain_topics());
}

std::string help_of(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) return command->help("shardproof");
  return app.help();
}

}  // namespace

const std::vector<std::string>& list_topics() {
  static const std::vector<std::string> kTopics = {"policies", "algorithms", "invariants",
                                                   "metrics",  "faults",     "operations",
                                                   "rules",    "probes",     "fault_points"};
  return kTopics;
}

const std::vector<std::string>& explain_topics() {
  static const std::vector<std::string> kTopics = {"algorithm",   "invariant", "metric", "policy",
                                                   "fault",       "operation", "rule",   "probe",
                                                   "fault_point", "shard"};
  return kTopics;
}

Result<SeedRange> parse_seeds(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = parse_seed(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_seed(text.substr(dots + 2));
  if (!first || !last) return fail("'{}' is not a range like 1..20", text);
  if (*first > *last) return fail("'{}' is empty: {} is above {}", text, *first, *last);
  return SeedRange{*first, *last};
}

Command parse_command_line(int argument_count, const char* const* arguments) {
  Parsed parsed;
  CLI::App app("Deterministic simulation and testing of sharding algorithms", "shardproof");
  app.footer(kMainFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("shardproof ") + SHARDPROOF_VERSION);
  add_run(app, parsed);
  add_fuzz(app, parsed);
  add_replay(app, parsed);
  add_odds(app, parsed);
  add_shrink(app, parsed);
  add_power(app, parsed);
  add_check(app, parsed);
  add_place(app, parsed.place);
  add_others(app, parsed);
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::CallForVersion& version) {
    return PrintCommand{std::string(version.what()) + "\n", ExitCode::kOk};
  } catch (const CLI::CallForHelp&) {
    return PrintCommand{help_of(app), ExitCode::kOk};
  } catch (const CLI::ParseError& error) {
    if (argument_count <= 1) return PrintCommand{app.help(), ExitCode::kUsage};
    return explain_error(app, error, argument_count, arguments);
  }
  return chosen_command(app, parsed);
}

}  // namespace shardproof::cli
