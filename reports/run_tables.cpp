// SPDX-License-Identifier: Apache-2.0
#include "reports/run_tables.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/humanise.hpp"

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
  const auto is_collection = [](const auto& one) { return one.key.kind == kWithinCollection; };
  if (is_collection(scope)) {
    return std::count_if(result.skew.begin(), result.skew.end(), is_collection) > 1;
  }
  return scope.key.kind != kWithinZone && scope.key.kind != kWithinRack;
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

}  // namespace

Table skew_table(const RunResult& result) {
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
  return table;
}

Table migration_table(const RunResult& result) {
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
  return table;
}

Table safety_table(const RunResult& result) {
  static constexpr std::string_view kNames[] = {"ownerless",        "write-blocked",
                                                "under-replicated", "single copy",
                                                "domain-violating", "dual owner"};
  static_assert(std::size(kNames) == sim::kSafetyKinds);
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kLeft});
  table.heading({"time in which a shard was", "time x shards", "longest", "shard"});
  for (std::size_t i = 0; i < sim::kSafetyKinds; ++i) {
    const sim::SafetyFigure& figure = result.safety[i];
    table.row({std::string(kNames[i]), human_duration(static_cast<double>(figure.total_shard_ns)),
               human_duration(figure.worst),
               figure.worst_shard.is_none() ? "" : fmt::format("{}", figure.worst_shard)});
  }
  return table;
}

/// Requests that nobody has been told the end of: without them a cluster that answers nothing looks
/// as one without failures.
std::string unanswered(const RunResult& result) {
  const auto count = [&](std::string_view name) {
    const sim::MetricResult* metric = result.find_metric(name);
    return metric == nullptr || !metric->value ? 0.0 : metric->value->to_double();
  };
  const double ended = count("client.ok") + count("client.failed") + count("client.unknown");
  const double open = count("client.requests") - ended;
  if (open < 1) return "";
  return fmt::format(", {} still open at the end", human_count(static_cast<std::uint64_t>(open)));
}

std::string client_line(const RunResult& result) {
  const auto value = [&](std::string_view name) { return value_of(result, name); };
  return fmt::format("{} ok, {} failed, {} unknown{}", value("client.ok"), value("client.failed"),
                     value("client.unknown"), unanswered(result));
}

Table latency_table(const RunResult& result) {
  Table table({Align::kLeft, Align::kRight, Align::kRight});
  table.heading({"latency", "p50", "p99"});
  for (const auto& [name, prefix] :
       {std::pair{"all", "client.latency_ns."}, std::pair{"reads", "client.latency_ns.reads."},
        std::pair{"writes", "client.latency_ns.writes."}}) {
    table.row({name, value_of(result, fmt::format("{}p50", prefix)),
               value_of(result, fmt::format("{}p99", prefix))});
  }
  return table;
}

}  // namespace shardproof::reports
