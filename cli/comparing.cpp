// SPDX-License-Identifier: Apache-2.0
#include "cli/comparing.hpp"

#include <algorithm>
#include <exception>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/campaign.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_words.hpp"
#include "cli/run_crash.hpp"
#include "cli/status_line.hpp"
#include "cli/worker_pool.hpp"
#include "reports/recorded_figures.hpp"
#include "sim/check/progress.hpp"
#include "sim/run/runner.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::cli {
namespace {

using Json = nlohmann::ordered_json;

/// As bytes from one process to another of the same program.
std::string encode(const sim::ComparedRun& run) {
  Json values = Json::array();
  for (const std::optional<double>& value : run.values) {
    values.push_back(value ? Json(*value) : Json(nullptr));
  }
  return Json{{"verdict", static_cast<int>(run.verdict)},
              {"finding", run.finding},
              {"is_violation", run.is_violation},
              {"is_unfinished", run.is_unfinished},
              {"values", std::move(values)}}
      .dump();
}

sim::ComparedRun decode(const std::string& text) {
  const Json json = Json::parse(text);
  sim::ComparedRun run;
  run.verdict = static_cast<sim::Verdict>(json.at("verdict").get<int>());
  run.finding = json.at("finding");
  run.is_violation = json.at("is_violation");
  run.is_unfinished = json.at("is_unfinished");
  for (const Json& value : json.at("values")) {
    run.values.push_back(value.is_null() ? std::nullopt : std::optional(value.get<double>()));
  }
  return run;
}

/// A run that ended from inside: a finding, without figures.
sim::ComparedRun without_result(std::string finding) {
  sim::ComparedRun run;
  run.verdict = sim::Verdict::kFail;
  run.finding = std::move(finding);
  run.is_violation = true;
  run.values.resize(reports::compared_metrics().size());
  return run;
}

/// A policy, and what the command line sets of it.
struct Side {
  std::string policy;
  distribution::OptionValues values;
  std::string label;
};

Result<std::vector<Side>> sides_of(const CompareCommand& command, const sim::PolicySpec& spec) {
  const std::vector<std::string> policies = compared_policies(command, spec);
  const auto all = policy_settings(command.options, policies);
  if (!all) return Unexpected{all.error()};
  std::vector<Side> sides;
  for (const std::string& policy : policies) {
    Side side{policy, settings_of(policy, *all), {}};
    const auto& of_scenario = distribution::values_of(policy, spec.options);
    side.label = distribution::policy_label(policy, settings_of(policy, side.values, of_scenario));
    sides.push_back(std::move(side));
  }
  return sides;
}

bool is_unfinished(const sim::RunResult& result) {
  const auto is_of_progress = [](const sim::ViolationRecord& violation) {
    return violation.invariant == sim::check::Progress::kInvariant.number;
  };
  return !result.violations.empty() &&
         std::all_of(result.violations.begin(), result.violations.end(), is_of_progress);
}

sim::ComparedRun run_policy(const ScenarioFile& file, const Side& side, std::uint64_t seed) {
  sim::ScenarioSpec spec = file.spec;
  sim::set_rebalance(side.policy, spec);
  sim::set_options(side.policy, side.values, spec);
  sim::RunOptions options;
  options.seed = seed;
  options.file = file.path;
  try {
    const auto result = sim::run(spec, options);
    if (!result) return without_result(result.error().message);
    sim::ComparedRun run = reports::compared_run(*result);
    run.is_unfinished = is_unfinished(*result);
    return run;
  } catch (const std::exception& error) {
    return without_result(internal_error_text(error));
  }
}

/// Of the controls the one that moves nothing, and the one that moves to no end.
bool may_leave_undone(const std::string& policy) { return policy == "none" || policy == "random"; }

std::string status_text(std::uint64_t done, std::uint64_t all) {
  return fmt::format("compare: {} of {} runs", done, all);
}

/// The seeds that every side has done, in order.
sim::ComparisonResult gathered(const CompareCommand& command, const std::vector<Side>& sides,
                               std::map<std::uint64_t, sim::ComparedRun>& done) {
  sim::ComparisonResult result;
  result.metrics = reports::compared_metrics();
  for (const Side& side : sides) {
    const bool is_first = &side == &sides.front();
    result.sides.push_back({side.label, {}, !is_first && may_leave_undone(side.policy)});
  }
  const std::uint64_t seeds = command.seeds.last - command.seeds.first + 1;
  for (std::uint64_t i = 0; i < seeds; ++i) {
    const auto job = [&](std::size_t side) { return i * sides.size() + side; };
    bool is_whole = true;
    for (std::size_t side = 0; side < sides.size(); ++side) {
      is_whole = is_whole && done.contains(job(side));
    }
    result.interrupted = result.interrupted || !is_whole;
    if (!is_whole) continue;
    for (std::size_t side = 0; side < sides.size(); ++side) {
      sim::ComparedRun& run = done.at(job(side));
      run.seed = command.seeds.first + i;
      result.sides[side].runs.push_back(std::move(run));
    }
  }
  return result;
}

}  // namespace

std::vector<std::string> compared_policies(const CompareCommand& command,
                                           const sim::PolicySpec& policy) {
  if (!command.policies.empty()) return with_controls(command.policies);
  std::vector<std::string> names{policy.rebalance};
  names.insert(names.end(), policy.compare.begin(), policy.compare.end());
  // The scenario's reader knows all of these; this leaves each once.
  return with_controls(*rebalance_policies(names));
}

Result<sim::ComparisonResult> compare_policies(const CompareCommand& command,
                                               const ScenarioFile& file) {
  const auto sides = sides_of(command, file.spec.policy);
  if (!sides) return Unexpected{sides.error()};
  const std::uint64_t count = sides->size();
  const std::uint64_t jobs = (command.seeds.last - command.seeds.first + 1) * count;
  WorkerPool pool(jobs_of(command.jobs), [&](std::uint64_t job) {
    return encode(run_policy(file, (*sides)[job % count], command.seeds.first + job / count));
  });
  StatusLine status(command.quiet);
  std::map<std::uint64_t, sim::ComparedRun> done;
  std::uint64_t next = 0;
  while (!is_interrupted() && (next < jobs || pool.is_busy())) {
    while (next < jobs && pool.has_idle()) pool.give(next++);
    const auto answer = pool.wait(100);
    if (answer) {
      done[answer->job] = answer->death ? without_result(*answer->death) : decode(answer->answer);
    }
    if (status.is_due()) status.draw(status_text(done.size(), jobs));
  }
  sim::ComparisonResult result = gathered(command, *sides, done);
  result.scenario = file.spec.name;
  return result;
}

}  // namespace shardproof::cli
