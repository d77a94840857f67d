// SPDX-License-Identifier: Apache-2.0
#include "reports/placement_report.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/humanise.hpp"
#include "reports/table.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;
using Json = nlohmann::ordered_json;

/// Nodes' parts of the key space.
std::vector<double> fractions(const std::vector<std::uint64_t>& shares) {
  std::vector<double> parts;
  for (const std::uint64_t share : shares) {
    parts.push_back(std::ldexp(static_cast<double>(share), -64));
  }
  return parts;
}

std::string whole(double number) { return fmt::format("{}", std::llround(number)); }

std::string percent_of(double part, std::uint64_t keys) {
  return fmt::format("{:.2f} %", 100 * part / static_cast<double>(keys));
}

/// A whole number where it is one.
Json number(double value) {
  const long long rounded = std::llround(value);
  return static_cast<double>(rounded) == value ? Json(rounded) : Json(value);
}

Json json_of(const sim::AlgorithmPlacement& placement) {
  Json json{{"algorithm", placement.algorithm}};
  if (placement.shares.empty()) {
    json["counts"] = placement.counts;
  } else {
    json["shares"] = fractions(placement.shares);
  }
  json["max_over_mean"] = placement.max_over_mean;
  json["min_over_mean"] = placement.min_over_mean;
  json["cv"] = placement.cv;
  json["gini"] = placement.gini;
  if (placement.movement) {
    json["moved"] = number(placement.movement->moved);
    json["moved_between_old"] = number(placement.movement->between_old);
    json["moved_minimum"] = number(placement.movement->minimum);
    json["counts_after"] = placement.movement->counts_after;
  }
  json["table_bytes"] = placement.table_bytes;
  json["build_ns"] = placement.build_ns;
  json["lookup_ns"] = placement.lookup_ns;
  return json;
}

}  // namespace

std::string placement_text(const sim::PlacementResult& result, const Style& style) {
  std::string title =
      result.is_of_shares ? "shares of the key space" : fmt::format("{} keys", result.keys);
  title += fmt::format(" on {} nodes", result.nodes);
  if (result.nodes_after) title += fmt::format(", then on {}", *result.nodes_after);
  if (result.seeds > 1) title += fmt::format(", mean of {} seeds", result.seeds);
  std::vector<Align> columns{Align::kLeft};
  std::vector<std::string> heading{"algorithm", "max/mean", "min/mean", "CV", "Gini"};
  if (result.nodes_after) {
    for (const char* name : {"moved", "of all", "between old", "least"}) heading.emplace_back(name);
  }
  for (const char* name : {"tables", "build", "look-up"}) heading.emplace_back(name);
  columns.resize(heading.size(), Align::kRight);
  Table table(columns);
  table.heading(heading);
  for (const sim::AlgorithmPlacement& one : result.placements) {
    std::vector<std::string> row{one.algorithm, fmt::format("{:.4f}", one.max_over_mean),
                                 fmt::format("{:.4f}", one.min_over_mean),
                                 fmt::format("{:.6f}", one.cv), fmt::format("{:.6f}", one.gini)};
    if (one.movement) {
      row.push_back(whole(one.movement->moved));
      row.push_back(percent_of(one.movement->moved, result.keys));
      row.push_back(whole(one.movement->between_old));
      row.push_back(whole(one.movement->minimum));
    }
    row.push_back(fmt::format("{} B", one.table_bytes));
    row.push_back(fmt::format("{:.3f} ms", one.build_ns / 1e6));
    row.push_back(result.is_of_shares ? "-" : fmt::format("{:.1f} ns", one.lookup_ns));
    table.row(row);
  }
  return style.bold(title) + "\n" + table.text(style);
}

std::string placement_json(const sim::PlacementResult& result) {
  Json placements = Json::array();
  for (const sim::AlgorithmPlacement& placement : result.placements) {
    placements.push_back(json_of(placement));
  }
  Json json;
  if (!result.is_of_shares) json["keys"] = result.keys;
  json["nodes"] = result.nodes;
  if (result.nodes_after) json["to"] = *result.nodes_after;
  json["seeds"] = result.seeds;
  json["placements"] = std::move(placements);
  return json.dump() + "\n";
}

}  // namespace shardproof::reports
