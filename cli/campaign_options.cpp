// SPDX-License-Identifier: Apache-2.0
#include "cli/campaign_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/help_footers.hpp"
#include "cli/option_words.hpp"
#include "sim/scenario/amounts.hpp"

namespace shardproof::cli {
namespace {

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

}  // namespace

void add_fuzz(CLI::App& app, CampaignArguments& parsed) {
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
      ->check(whole_from(1, 1024));
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

void add_shrink(CLI::App& app, CampaignArguments& parsed) {
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

void add_power(CLI::App& app, CampaignArguments& parsed) {
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
      ->check(whole_from(1, 1024));
  auto* json = power->add_flag("--json", parsed.power.json, "Print the table as JSON");
  power->add_flag("--markdown", parsed.power.markdown, "Print the table in Markdown")
      ->excludes(json);
  power->add_flag("--quiet", parsed.power.quiet, "No progress");
  power->footer(kPowerFooter);
}

Command fuzz_command(CampaignArguments& parsed) {
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

Command shrink_command(CampaignArguments& parsed) {
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

Command power_command(CampaignArguments& parsed) {
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

}  // namespace shardproof::cli
