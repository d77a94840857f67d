// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/humanise.hpp"
#include "reports/table.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShownFindingsMax = 3;

std::size_t index_of(const sim::ComparisonResult& result, const std::string& metric) {
  const auto found = std::find_if(result.metrics.begin(), result.metrics.end(),
                                  [&](const auto& one) { return one.name == metric; });
  SHARDPROOF_CHECK(found != result.metrics.end(), "metric '{}'", metric);
  return static_cast<std::size_t>(found - result.metrics.begin());
}

std::string value_text(sim::MetricUnit unit, const std::optional<double>& value) {
  if (!value) return "-";
  switch (unit) {
    case sim::MetricUnit::kBytes: return human_bytes(*value);
    case sim::MetricUnit::kNanoseconds: return human_duration(*value);
    case sim::MetricUnit::kShardNanoseconds: return human_duration(*value) + " x shard";
    case sim::MetricUnit::kRatio: return fmt::format("{:.3f}", *value);
    case sim::MetricUnit::kCount:
    case sim::MetricUnit::kChoice: break;
  }
  return human_scaled(*value);
}

/// In how many seeds a side is lower and higher than the first one.
std::string difference_text(const sim::PairedDifference& difference) {
  if (difference.lower == 0 && difference.higher == 0) return "same";
  return fmt::format("-{} +{}{}", difference.lower, difference.higher,
                     difference.is_significant() ? " *" : "");
}

std::vector<std::string> metric_row(const sim::ComparisonResult& result,
                                    const std::string& metric) {
  const std::size_t index = index_of(result, metric);
  const sim::MetricUnit unit = result.metrics[index].unit;
  const auto first = values_of(result.sides.front(), index);
  std::vector<std::string> row{metric};
  for (const sim::ComparedSide& side : result.sides) {
    const auto values = values_of(side, index);
    row.push_back(value_text(unit, sim::median_of(values)));
    if (&side == &result.sides.front()) continue;
    row.push_back(difference_text(sim::paired_difference(values, first)));
  }
  return row;
}

std::uint64_t passed(const sim::ComparedSide& side) {
  return static_cast<std::uint64_t>(
      std::count_if(side.runs.begin(), side.runs.end(),
                    [](const auto& run) { return run.verdict == sim::Verdict::kPass; }));
}

Table table_of(const sim::ComparisonResult& result, const std::vector<std::string>& metrics) {
  std::vector<std::string> heading{"median"};
  std::vector<std::string> verdicts{"runs that passed"};
  for (const sim::ComparedSide& side : result.sides) {
    heading.push_back(side.name);
    verdicts.push_back(fmt::format("{} of {}", passed(side), side.runs.size()));
    if (&side == &result.sides.front()) continue;
    heading.emplace_back("");
    verdicts.emplace_back("");
  }
  std::vector<Align> columns(heading.size(), Align::kRight);
  columns.front() = Align::kLeft;
  for (std::size_t i = 3; i < columns.size(); i += 2) columns[i] = Align::kLeft;
  Table table(columns);
  table.heading(heading);
  table.row(verdicts);
  for (const std::string& metric : metrics) table.row(metric_row(result, metric));
  return table;
}

std::string title_of(const sim::ComparisonResult& result) {
  return fmt::format("{}: {} compared over {}", result.scenario, result.sides.size(),
                     human_number_of(result.sides.front().runs.size(), "seed"));
}

std::string legend(const sim::ComparisonResult& result) {
  return fmt::format(
      "-L +H: in L seeds lower, in H higher than with {}; *: not by chance (sign "
      "test, p < 0.05)",
      result.sides.front().name);
}

/// What failed, side by side, the first seeds of each.
std::vector<std::string> findings_of(const sim::ComparisonResult& result) {
  std::vector<std::string> lines;
  for (const sim::ComparedSide& side : result.sides) {
    std::size_t shown = 0;
    for (const sim::ComparedRun& run : side.runs) {
      if (run.finding.empty() || ++shown > kShownFindingsMax) continue;
      lines.push_back(fmt::format("{}, seed {}: {}", side.name, run.seed, run.finding));
    }
    if (shown > kShownFindingsMax) {
      lines.push_back(fmt::format("{}: {} more", side.name, shown - kShownFindingsMax));
    }
  }
  return lines;
}

Json optional_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json side_json(const sim::ComparisonResult& result, const sim::ComparedSide& side) {
  Json runs = Json::array();
  for (const sim::ComparedRun& run : side.runs) {
    Json values;
    for (std::size_t i = 0; i < result.metrics.size(); ++i) {
      values[result.metrics[i].name] = optional_json(run.values[i]);
    }
    runs.push_back({{"seed", run.seed},
                    {"verdict", to_string(run.verdict)},
                    {"finding", run.finding.empty() ? Json(nullptr) : Json(run.finding)},
                    {"metrics", std::move(values)}});
  }
  Json summary;
  for (std::size_t i = 0; i < result.metrics.size(); ++i) {
    const auto values = values_of(side, i);
    const auto difference = sim::paired_difference(values, values_of(result.sides.front(), i));
    summary[result.metrics[i].name] = {{"median", optional_json(sim::median_of(values))},
                                       {"lower", difference.lower},
                                       {"higher", difference.higher},
                                       {"same", difference.same},
                                       {"p", difference.p}};
  }
  return {{"name", side.name},
          {"passed", passed(side)},
          {"metrics", std::move(summary)},
          {"runs", std::move(runs)}};
}

}  // namespace

const std::vector<std::string>& usual_metrics() {
  static const std::vector<std::string> kUsual{"skew.shards.max_over_mean",
                                               "skew.leaders.max_over_mean",
                                               "skew.bytes.max_over_mean",
                                               "skew.requests.max_over_mean",
                                               "migration.count",
                                               "migration.aborted",
                                               "migration.bytes.moved",
                                               "migration.bytes.minimum",
                                               "migration.bytes.regret",
                                               "migration.moves",
                                               "migration.moves.regret",
                                               "migration.makespan_ns",
                                               "migration.makespan.regret",
                                               "safety.ownerless_shard_ns",
                                               "safety.write_blocked_shard_ns",
                                               "safety.under_replicated_shard_ns",
                                               "client.latency_ns.p99",
                                               "client.failed"};
  return kUsual;
}

std::string comparison_text(const sim::ComparisonResult& result,
                            const std::vector<std::string>& metrics, const Style& style) {
  std::string text = style.bold(title_of(result)) + "\n" + table_of(result, metrics).text(style);
  text += "  " + style.dim(legend(result)) + "\n";
  for (const std::string& line : findings_of(result)) text += "  " + style.red(line) + "\n";
  if (result.interrupted) text += style.yellow("  interrupted: other seeds are left out") + "\n";
  return text;
}

std::string comparison_markdown(const sim::ComparisonResult& result,
                                const std::vector<std::string>& metrics) {
  std::string text = fmt::format("## {}\n\n{}\n{}\n", title_of(result),
                                 table_of(result, metrics).markdown(), legend(result));
  for (const std::string& line : findings_of(result)) text += "- " + line + "\n";
  return text;
}

std::string comparison_json(const sim::ComparisonResult& result) {
  Json sides = Json::array();
  for (const sim::ComparedSide& side : result.sides) sides.push_back(side_json(result, side));
  Json seeds = Json::array();
  for (const sim::ComparedRun& run : result.sides.front().runs) seeds.push_back(run.seed);
  const Json document{{"scenario", result.scenario},
                      {"seeds", std::move(seeds)},
                      {"interrupted", result.interrupted},
                      {"sides", std::move(sides)}};
  return document.dump() + "\n";
}

}  // namespace shardproof::reports
