// SPDX-License-Identifier: Apache-2.0
#include "reports/text_report.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/humanise.hpp"
#include "reports/table.hpp"
#include "reports/text_findings.hpp"

namespace shardproof::reports {
namespace {

using sim::RunResult;
using Align = Table::Align;

std::string value_of(const RunResult& result, std::string_view name) {
  const sim::MetricResult* metric = result.find_metric(name);
  return metric == nullptr ? "-" : human_value(metric->unit, metric->value);
}

std::string ratio_text(const sim::ExactValue& value) {
  return fmt::format("{:.3f}", value.to_double());
}

void add_skew(Table& table, std::string_view scope, std::string_view dimension,
              const std::optional<sim::Skew>& skew) {
  if (!skew) {
    table.row({std::string(scope), std::string(dimension), "-", "-", "-", "-"});
    return;
  }
  table.row({std::string(scope), std::string(dimension), ratio_text(skew->max_over_mean),
             ratio_text(skew->min_over_mean), ratio_text(skew->cv), ratio_text(skew->gini)});
}

/// What is inside the domains would be a long list; a single collection is the cluster.
bool is_shown(const RunResult& result, const sim::ScopedSkew& scope) {
  using enum sim::SkewScope;
  const auto is_collection = [](const auto& one) { return one.kind == kWithinCollection; };
  if (is_collection(scope)) {
    return std::count_if(result.skew.begin(), result.skew.end(), is_collection) > 1;
  }
  return scope.kind != kWithinZone && scope.kind != kWithinRack;
}

std::string skew_text(const RunResult& result, const Style& style) {
  Table table(
      {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  table.heading({"scope", "of", "max/mean", "min/mean", "CV", "Gini"});
  for (const sim::ScopedSkew& scope : result.skew) {
    if (!is_shown(result, scope)) continue;
    for (std::size_t d = 0; d < sim::kSkewDimensions; ++d) {
      const auto dimension = static_cast<sim::SkewDimension>(d);
      add_skew(table, d == 0 ? scope.scope : "", to_string(dimension), scope.of[d]);
    }
    const auto& bytes = scope.by_capacity[static_cast<std::size_t>(sim::SkewDimension::kBytes)];
    if (bytes) add_skew(table, "", "bytes/capacity", bytes);
  }
  return style.bold("Placement skew") + "\n" + table.text(style);
}

std::string ledger_text(const sim::LedgerFigures& ledger) {
  std::vector<std::string> parts;
  const auto part = [&](Bytes amount, std::string_view what) {
    if (amount == Bytes()) return;
    parts.push_back(fmt::format("{} {}", human_bytes(static_cast<double>(amount.count())), what));
  };
  part(ledger.completed, "in completed moves");
  part(ledger.aborted, "in aborted moves");
  part(ledger.active, "in unfinished moves");
  part(ledger.repair, "for repair");
  part(ledger.again, "of all sent again");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string migration_text(const RunResult& result, const Style& style) {
  Table table({Align::kLeft, Align::kRight, Align::kLeft});
  table.row({"migrations", value_of(result, "migration.count"),
             fmt::format("{} aborted", value_of(result, "migration.aborted"))});
  const auto value = [&](std::string_view name) { return value_of(result, name); };
  table.row({"makespan", value("migration.makespan_ns"),
             fmt::format("{} least possible", value("migration.makespan.minimum_ns"))});
  table.row({"bytes moved", value_of(result, "migration.bytes.moved"), ledger_text(result.ledger)});
  table.row({"least possible", value_of(result, "migration.bytes.minimum"), ""});
  table.row({"regret", value_of(result, "migration.bytes.regret"), "moved / least possible"});
  table.row({"returned soon", value("migration.bounces"),
             fmt::format("{} in circles, {} in the last quarter", value("migration.redundant"),
                         value("migration.last_quarter"))});
  table.row({"most of a shard", value("migration.per_shard.max"),
             fmt::format("{} at one node at once", value("migration.concurrent.max"))});
  return style.bold("Migration cost") + "\n" + table.text(style);
}

std::string safety_text(const RunResult& result, const Style& style) {
  static constexpr std::string_view kNames[] = {"ownerless",        "write-blocked",
                                                "under-replicated", "single copy",
                                                "domain-violating", "dual owner"};
  static_assert(std::size(kNames) == sim::kSafetyKinds);
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kLeft});
  table.heading({"time in which a shard was", "all shards", "longest", "shard"});
  for (std::size_t i = 0; i < sim::kSafetyKinds; ++i) {
    const sim::SafetyFigure& figure = result.safety[i];
    table.row({std::string(kNames[i]), human_duration(static_cast<double>(figure.total_shard_ns)),
               human_duration(figure.worst),
               figure.worst_shard.is_none() ? "" : fmt::format("{}", figure.worst_shard)});
  }
  return style.bold("Safety integrals") + "\n" + table.text(style);
}

std::string client_text(const RunResult& result, const Style& style) {
  const auto value = [&](std::string_view name) { return value_of(result, name); };
  return style.bold("Clients") +
         fmt::format("\n  {} ok, {} failed, {} unknown; latency p50 {}, p99 {}\n",
                     value("client.ok"), value("client.failed"), value("client.unknown"),
                     value("client.latency_ns.p50"), value("client.latency_ns.p99"));
}

std::string run_line(const RunResult& result) {
  std::string text = fmt::format("  {}, {} simulated", human_number_of(result.events, "event"),
                                 human_duration(result.simulated));
  if (result.simulated < result.duration) {
    text += fmt::format(" of {} ({})", human_duration(result.duration),
                        result.interrupted ? "interrupted" : "ended by a violation");
  }
  if (result.wall_ns == 0) return text + "\n";
  const double seconds = static_cast<double>(result.wall_ns) / 1e9;
  return text + fmt::format(" in {} ({} events/s)\n",
                            human_duration(static_cast<double>(result.wall_ns)),
                            human_scaled(static_cast<double>(result.events) / seconds));
}

}  // namespace

std::string verdict_line(const RunResult& result, const Style& style) {
  std::string verdict;
  switch (result.verdict) {
    case sim::Verdict::kPass: verdict = style.green("PASS"); break;
    case sim::Verdict::kFail: verdict = style.red("FAIL"); break;
    case sim::Verdict::kInconclusive: verdict = style.yellow("INCONCLUSIVE"); break;
  }
  const std::string partial = result.interrupted ? " (partial)" : "";
  std::string text = fmt::format("{}{}  {}  seed {}  digest {:016x}\n", verdict, partial,
                                 style.bold(result.scenario), result.seed, result.digest);
  if (!result.rules_off.empty()) {
    text += fmt::format("  {}: {}\n", style.yellow("with safety rules switched off"),
                        fmt::join(result.rules_off, ", "));
  }
  return text;
}

std::string text_report(const RunResult& result, const Style& style) {
  std::string text = verdict_line(result, style) + run_line(result) + "\n";
  text += findings_text(result, style);
  text += judged_text(result, style) + "\n";
  text += skew_text(result, style) + "\n";
  text += migration_text(result, style) + "\n";
  text += safety_text(result, style) + "\n";
  return text + client_text(result, style);
}

}  // namespace shardproof::reports
