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
#include "cli/status_line.hpp"
#include "cli/worker_pool.hpp"
#include "reports/recorded_figures.hpp"
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
              {"values", std::move(values)}}
      .dump();
}

sim::ComparedRun decode(const std::string& text) {
  const Json json = Json::parse(text);
  sim::ComparedRun run;
  run.verdict = static_cast<sim::Verdict>(json.at("verdict").get<int>());
  run.finding = json.at("finding");
  run.is_violation = json.at("is_violation");
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

sim::ComparedRun run_policy(const ScenarioFile& file, const std::string& policy,
                            std::uint64_t seed) {
  sim::ScenarioSpec spec = file.spec;
  sim::set_rebalance(policy, spec);
  sim::RunOptions options;
  options.seed = seed;
  options.file = file.path;
  try {
    const auto result = sim::run(spec, options);
    return result ? reports::compared_run(*result) : without_result(result.error().message);
  } catch (const std::exception& error) {
    return without_result(fmt::format("internal error: {}", error.what()));
  }
}

std::string status_text(std::uint64_t done, std::uint64_t all) {
  return fmt::format("compare: {} of {} runs", done, all);
}

/// The seeds that every side has done, in order.
sim::ComparisonResult gathered(const CompareCommand& command, const std::vector<std::string>& names,
                               std::map<std::uint64_t, sim::ComparedRun>& done) {
  sim::ComparisonResult result;
  result.metrics = reports::compared_metrics();
  for (const std::string& name : names) result.sides.push_back({name, {}});
  const std::uint64_t seeds = command.seeds.last - command.seeds.first + 1;
  for (std::uint64_t i = 0; i < seeds; ++i) {
    const auto job = [&](std::size_t side) { return i * names.size() + side; };
    bool is_whole = true;
    for (std::size_t side = 0; side < names.size(); ++side) {
      is_whole = is_whole && done.contains(job(side));
    }
    result.interrupted = result.interrupted || !is_whole;
    if (!is_whole) continue;
    for (std::size_t side = 0; side < names.size(); ++side) {
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

sim::ComparisonResult compare_policies(const CompareCommand& command, const ScenarioFile& file) {
  const std::vector<std::string> names = compared_policies(command, file.spec.policy);
  const std::uint64_t jobs = (command.seeds.last - command.seeds.first + 1) * names.size();
  WorkerPool pool(jobs_of(command.jobs), [&](std::uint64_t job) {
    return encode(
        run_policy(file, names[job % names.size()], command.seeds.first + job / names.size()));
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
  sim::ComparisonResult result = gathered(command, names, done);
  result.scenario = file.spec.name;
  return result;
}

}  // namespace shardproof::cli
