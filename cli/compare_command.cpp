// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/comparing.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_words.hpp"
#include "cli/terminal.hpp"
#include "reports/comparison_report.hpp"
#include "reports/recorded_figures.hpp"

namespace shardproof::cli {
namespace {

void show_comparison(const CompareCommand& command, const sim::ComparisonResult& result) {
  if (command.json) {
    print(reports::comparison_json(result));
  } else if (command.markdown) {
    print(reports::comparison_markdown(result, command.metrics));
  } else {
    print(reports::comparison_text(result, command.metrics, stdout_style()));
  }
}

/// An invariant that falls is a finding under any policy, but that a control leaves undone what it
/// cannot do; what the scenario expects, and that it happens, it expects of the first one.
ExitCode comparison_code(const sim::ComparisonResult& result) {
  ExitCode code = result.interrupted ? ExitCode::kInterrupted : ExitCode::kOk;
  for (const sim::ComparedSide& side : result.sides) {
    const bool is_first = &side == &result.sides.front();
    for (const sim::ComparedRun& run : side.runs) {
      const bool is_excused = side.may_leave_undone && run.is_unfinished;
      if (run.is_violation && !is_excused) code = worse(code, ExitCode::kFinding);
      if (is_first) code = worse(code, code_of(run.verdict));
    }
  }
  return code;
}

ExitCode compare_scenario(const CompareCommand& command) {
  const ScenarioFiles files = load_scenarios(command.what, "", command.quiet);
  if (files.code != ExitCode::kOk) return files.code;
  catch_interrupts();
  const auto result = compare_policies(command, files.scenarios.front());
  if (!result) {
    print_error(usage_error(result.error().message).text);
    return ExitCode::kUsage;
  }
  if (result->sides.front().runs.empty()) {
    print_error("shardproof: interrupted before a seed was done under every policy\n");
    return ExitCode::kInterrupted;
  }
  show_comparison(command, *result);
  return comparison_code(*result);
}

/// Leaves the seeds that every side has.
void keep_common_seeds(std::vector<sim::ComparedSide>& sides) {
  for (sim::ComparedSide& side : sides) {
    std::erase_if(side.runs, [&](const sim::ComparedRun& run) {
      return std::any_of(sides.begin(), sides.end(), [&](const sim::ComparedSide& other) {
        return std::none_of(other.runs.begin(), other.runs.end(),
                            [&](const auto& one) { return one.seed == run.seed; });
      });
    });
  }
}

ExitCode compare_results(const CompareCommand& command) {
  sim::ComparisonResult result;
  result.metrics = reports::compared_metrics();
  for (const std::string& path : command.what) {
    auto figures = reports::read_figures(path);
    if (!figures) {
      print_error(fmt::format("shardproof: {}\n", figures.error().message));
      return figures.error().is_io ? ExitCode::kInternal : ExitCode::kUsage;
    }
    if (!result.scenario.empty() && figures->scenario != result.scenario) {
      print_error(fmt::format("shardproof: '{}' is of \"{}\", '{}' of \"{}\"\n", command.what[0],
                              result.scenario, path, figures->scenario));
      return ExitCode::kUsage;
    }
    result.scenario = figures->scenario;
    result.sides.push_back(std::move(figures->side));
  }
  keep_common_seeds(result.sides);
  if (result.sides.front().runs.empty()) {
    print_error("shardproof: the results have no seed in common\n");
    return ExitCode::kUsage;
  }
  show_comparison(command, result);
  return comparison_code(result);
}

}  // namespace

ExitCode execute(const CompareCommand& command) {
  const auto is_result = [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored) || path.ends_with(".json");
  };
  const auto results = std::count_if(command.what.begin(), command.what.end(), is_result);
  if (results == 0 && command.what.size() == 1) return compare_scenario(command);
  if (results >= 2 && static_cast<std::size_t>(results) == command.what.size()) {
    if (!command.options.empty()) {
      print_error("shardproof: compare: results are what they are; leave out --option\n");
      return ExitCode::kUsage;
    }
    return compare_results(command);
  }
  print_error("shardproof: compare: one scenario, or two or more directories of results\n");
  return ExitCode::kUsage;
}

}  // namespace shardproof::cli
