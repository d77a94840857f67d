// SPDX-License-Identifier: Apache-2.0
#include "reports/recorded_figures.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/result_directory.hpp"
#include "reports/runs_summary.hpp"

namespace shardproof::reports {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The result itself, or those in the directories below, by name.
std::vector<fs::path> result_files(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return {path};
  if (fs::exists(path / "result.json", ignored)) return {path / "result.json"};
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, ignored)) {
    if (fs::exists(entry.path() / "result.json", ignored)) {
      files.push_back(entry.path() / "result.json");
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

sim::Verdict verdict_of(const std::string& text) {
  if (text == "pass") return sim::Verdict::kPass;
  return text == "fail" ? sim::Verdict::kFail : sim::Verdict::kInconclusive;
}

std::string finding_of(const Json& document) {
  const Json& violations = document.at("violations");
  if (!violations.empty()) {
    return fmt::format("invariant {}, {}", violations.at(0).at("invariant").get<int>(),
                       violations.at(0).at("name").get<std::string>());
  }
  for (const Json& expectation : document.at("expectations")) {
    if (expectation.at("held").get<bool>()) continue;
    return fmt::format("expected {}", expectation.at("text").get<std::string>());
  }
  return {};
}

sim::ComparedRun figures_of(const Json& document) {
  sim::ComparedRun run;
  run.seed = document.at("seed");
  run.verdict = verdict_of(document.at("verdict"));
  run.finding = finding_of(document);
  run.is_violation = !document.at("violations").empty();
  const Json& metrics = document.at("metrics");
  for (const sim::ComparedMetric& metric : compared_metrics()) {
    const auto found = metrics.find(metric.name);
    const bool known = found != metrics.end() && !found->is_null();
    run.values.push_back(known ? std::optional(found->get<double>()) : std::nullopt);
  }
  return run;
}

}  // namespace

std::vector<sim::ComparedMetric> compared_metrics() {
  std::vector<sim::ComparedMetric> metrics;
  for (const sim::MetricDefinition& metric : sim::metric_catalogue()) {
    if (metric.in_result) metrics.push_back({std::string(metric.name), metric.unit});
  }
  return metrics;
}

sim::ComparedRun compared_run(const sim::RunResult& result) {
  sim::ComparedRun run;
  run.seed = result.seed;
  run.verdict = result.verdict;
  const std::vector<std::string> findings = findings_of(result);
  if (!findings.empty()) run.finding = findings.front();
  run.is_violation = result.violations_total > 0;
  for (const sim::ComparedMetric& metric : compared_metrics()) {
    const auto found = std::find_if(result.metrics.begin(), result.metrics.end(),
                                    [&](const auto& one) { return one.name == metric.name; });
    const bool known = found != result.metrics.end() && found->value;
    run.values.push_back(known ? std::optional(found->value->to_double()) : std::nullopt);
  }
  return run;
}

Result<RecordedFigures, UnreadableRun> read_figures(const fs::path& path) {
  const std::vector<fs::path> files = result_files(path);
  if (files.empty())
    return no_result(path, "there is no result.json in it or in a directory of it");
  RecordedFigures figures;
  figures.side.name = path.string();
  std::map<std::uint64_t, sim::ComparedRun> runs;
  for (const fs::path& file : files) {
    const auto text = read_file(file);
    if (!text) return Unexpected<UnreadableRun>{{text.error().message, true}};
    try {
      const Json document = Json::parse(*text);
      const std::string scenario = document.at("scenario");
      if (!figures.scenario.empty() && scenario != figures.scenario) {
        return no_result(path, fmt::format("it has results of \"{}\" and of \"{}\"",
                                           figures.scenario, scenario));
      }
      figures.scenario = scenario;
      sim::ComparedRun run = figures_of(document);
      runs[run.seed] = std::move(run);
    } catch (const std::exception& error) {
      return no_result(file, error.what());
    }
  }
  for (auto& [seed, run] : runs) figures.side.runs.push_back(std::move(run));
  return figures;
}

}  // namespace shardproof::reports
