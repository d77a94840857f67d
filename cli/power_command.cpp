// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/campaign.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/shrinking.hpp"
#include "cli/stopwatch.hpp"
#include "cli/terminal.hpp"
#include "core/rules.hpp"
#include "reports/power_report.hpp"
#include "reports/result_directory.hpp"
#include "sim/campaign/shrunk_text.hpp"
#include "sim/campaign/swarm.hpp"

namespace shardproof::cli {
namespace {

namespace campaign = sim::campaign;

std::vector<const RuleInfo*> chosen_rules(const PowerCommand& command) {
  std::vector<const RuleInfo*> chosen;
  for (const RuleInfo& rule : rule_catalogue()) {
    const auto& names = command.rules;
    const bool is_named = std::find(names.begin(), names.end(), rule.name) != names.end();
    if (names.empty() || is_named) chosen.push_back(&rule);
  }
  return chosen;
}

sim::PlanSize plan_size(const sim::ScenarioSpec& spec) {
  const campaign::ScenarioSize size = campaign::size_of(spec);
  return {size.entries(), size.events, size.nodes};
}

sim::CampaignResult search(const PowerCommand& command, const RuleInfo& rule) {
  CampaignOptions options;
  options.seeds = {1, command.seeds_max};
  options.jobs = jobs_of(command.jobs);
  options.stops_at_finding = true;
  options.is_quiet = command.quiet;
  options.label = rule.name;
  options.make = [&rule](std::uint64_t seed) { return sim::make_swarm_without(rule.name, seed); };
  options.make_control = sim::make_swarm;
  return *run_campaign(options);
}

void shrink(const PowerCommand& command, const RuleInfo& rule, sim::RuleFinding& finding) {
  const Stopwatch stopwatch;
  const sim::ScenarioSpec spec = sim::make_swarm_without(rule.name, finding.seed);
  ShrinkingOptions options;
  options.jobs = jobs_of(command.jobs);
  options.limit = command.shrink_limit;
  options.is_quiet = command.quiet;
  const std::string file =
      (std::filesystem::path(command.out) / fmt::format("{}.toml", rule.name)).string();
  const auto shrunk =
      command.out.empty() ? shrink_failing(spec, options) : shrink_to_file(spec, file, options);
  finding.shrink_ns = stopwatch.elapsed_ns();
  if (!shrunk) return;
  finding.shrunk = plan_size(shrunk->result.spec);
  if (!command.out.empty() && shrunk->is_written) finding.file = file;
}

sim::PowerRow row_of(const PowerCommand& command, const RuleInfo& rule) {
  const sim::CampaignResult result = search(command, rule);
  sim::PowerRow row;
  row.rule = rule.name;
  row.expected = rule.falls;
  row.events = result.events;
  row.cpu_ns = result.cpu_ns;
  row.seeds = result.seeds_run;
  if (!result.has_findings()) return row;
  const sim::CampaignFinding& first = result.findings.front();
  row.seeds = first.seeds.front();
  row.found = sim::RuleFinding{first.seeds.front(), first.failure, {}, std::nullopt, 0, ""};
  row.found->original = plan_size(sim::make_swarm_without(rule.name, first.seeds.front()));
  // A crash would take this process along.
  if (command.shrinks && !first.is_crash) shrink(command, rule, *row.found);
  return row;
}

std::string report(const PowerCommand& command, const sim::PowerResult& result) {
  if (command.json) return reports::power_json(result);
  if (command.markdown) return reports::power_markdown(result);
  return reports::power_text(result, stdout_style());
}

ExitCode exit_code_of(const PowerCommand& command, const sim::PowerResult& result) {
  if (result.interrupted) return ExitCode::kInterrupted;
  const bool is_lost = command.shrinks && !command.out.empty() &&
                       std::any_of(result.rows.begin(), result.rows.end(), [](const auto& row) {
                         return row.found && row.found->shrunk && row.found->file.empty();
                       });
  if (is_lost) return ExitCode::kInternal;
  return result.unnoticed() == 0 ? ExitCode::kOk : ExitCode::kFinding;
}

}  // namespace

ExitCode execute(const PowerCommand& command) {
  const Stopwatch stopwatch;
  if (!command.out.empty()) {
    if (const auto prepared = reports::prepare_directory(command.out); !prepared) {
      print_error(fmt::format("shardproof: {}\n", prepared.error().message));
      return ExitCode::kInternal;
    }
  }
  catch_interrupts();
  sim::PowerResult result;
  result.seeds_max = command.seeds_max;
  for (const RuleInfo* rule : chosen_rules(command)) {
    if (is_interrupted()) break;
    sim::PowerRow row = row_of(command, *rule);
    // A search that was cut off says nothing of the rule.
    if (row.found || !is_interrupted()) result.rows.push_back(std::move(row));
  }
  result.interrupted = is_interrupted();
  result.wall_ns = stopwatch.elapsed_ns();
  print(report(command, result));
  return exit_code_of(command, result);
}

}  // namespace shardproof::cli
