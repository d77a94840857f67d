// SPDX-License-Identifier: Apache-2.0
#include "reports/plan_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/humanise.hpp"
#include "reports/table.hpp"

namespace shardproof::reports {
namespace {

using Align = Table::Align;

/// How tables and headings are written: for a terminal or in Markdown.
class Writer {
 public:
  explicit Writer(const Style* style) : style_(style) {}

  void title(const std::string& text) {
    if (!text_.empty()) text_ += "\n";
    text_ += style_ != nullptr ? style_->bold(text) + "\n" : "## " + text + "\n\n";
  }
  void line(const std::string& text) { text_ += (style_ != nullptr ? "  " : "") + text + "\n"; }
  void table(const Table& table) {
    text_ += style_ != nullptr ? table.text(*style_) : "\n" + table.markdown();
  }
  void space() { text_ += "\n"; }
  const std::string& text() const { return text_; }

 private:
  const Style* style_;  ///< null for Markdown
  std::string text_;
};

std::string figure_text(const std::optional<sim::ExactValue>& value) {
  return value ? fmt::format("{:.3f}", value->to_double()) : "-";
}

std::string max_over_mean(const std::optional<sim::Skew>& skew) {
  return skew ? figure_text(skew->max_over_mean) : "-";
}

/// A figure over its bound; "-" over nothing, and where there is none.
std::string times_text(std::uint64_t figure, std::optional<std::uint64_t> bound) {
  if (bound.value_or(0) == 0) return "-";
  return fmt::format("{:.3f}", static_cast<double>(figure) / static_cast<double>(*bound));
}

std::uint64_t bytes_bound(const sim::PlannedCluster& cluster) {
  const Bytes least = cluster.bytes_minimum.value_or(Bytes(0));
  return std::max(least, cluster.bytes_to_even.value_or(Bytes(0))).count();
}

std::string rounds_text(const sim::PolicyPlan& plan) {
  return plan.is_quiet ? human_count(plan.rounds) : fmt::format("{}, restless", plan.rounds);
}

/// The least of a figure that some of the schedules have.
template <typename Figure>
std::optional<Figure> least(const sim::PolicyPlan& plan,
                            std::optional<Figure> sim::PlanSchedule::*figure) {
  std::optional<Figure> found;
  for (const sim::PlanSchedule& schedule : plan.schedules) {
    const std::optional<Figure>& value = schedule.*figure;
    if (value && (!found || *value < *found)) found = value;
  }
  return found;
}

std::string schedule_text(const sim::PolicyPlan& plan) {
  const auto rounds = least(plan, &sim::PlanSchedule::rounds);
  if (!rounds) return "-";
  return fmt::format("{} / {}", human_count(*rounds), human_count(plan.rounds_bound()));
}

std::string time_text(const sim::PolicyPlan& plan) {
  const auto time = least(plan, &sim::PlanSchedule::time);
  if (!time || !plan.time_bound) return "-";
  return fmt::format("{} / {}", human_duration(*time), human_duration(*plan.time_bound));
}

bool has_bytes(const sim::PlannedCluster& cluster) { return cluster.bytes.has_value(); }

Table policies_table(const sim::PlannedCluster& cluster) {
  std::vector<std::string> heading{"policy", "plans", "moves", "x least"};
  if (has_bytes(cluster)) heading.insert(heading.end(), {"bytes", "x least", "between zones"});
  heading.insert(heading.end(), {"leaders", "bounces", "not placed", "shards", "by weight", "led"});
  if (has_bytes(cluster)) heading.insert(heading.end(), {"bytes", "by weight"});
  heading.insert(heading.end(), {"requests", "cpu", "rounds", "time", "planning"});
  std::vector<Align> columns(heading.size(), Align::kRight);
  columns.front() = Align::kLeft;
  Table table(columns);
  table.heading(heading);
  for (const sim::PolicyPlan& plan : cluster.policies) {
    std::vector<std::string> row{plan.label, rounds_text(plan), human_count(plan.cost.moves),
                                 times_text(plan.cost.moves, cluster.copies_minimum)};
    if (has_bytes(cluster)) {
      row.push_back(human_bytes(plan.cost.bytes));
      row.push_back(times_text(plan.cost.bytes.count(), bytes_bound(cluster)));
      row.push_back(human_bytes(plan.cost.bytes_between_zones));
    }
    row.push_back(human_count(plan.cost.leader_transfers));
    row.push_back(human_count(plan.cost.bounces));
    row.push_back(human_count(plan.cost.unplaced));
    row.push_back(max_over_mean(plan.after.skew(sim::SkewDimension::kShards)));
    row.push_back(figure_text(plan.after.copies_over_share));
    row.push_back(max_over_mean(plan.after.skew(sim::SkewDimension::kLeaders)));
    if (has_bytes(cluster)) {
      row.push_back(max_over_mean(plan.after.skew(sim::SkewDimension::kBytes)));
      row.push_back(figure_text(plan.after.bytes_over_share));
    }
    row.push_back(max_over_mean(plan.after.skew(sim::SkewDimension::kRequests)));
    row.push_back(max_over_mean(plan.after.skew(sim::SkewDimension::kCpu)));
    row.push_back(schedule_text(plan));
    row.push_back(time_text(plan));
    row.push_back(human_duration(plan.plan_ns));
    table.row(row);
  }
  return table;
}

void add_skews(Table& table, std::string_view dimension, const std::optional<sim::Skew>& before,
               const std::optional<sim::Skew>& after) {
  if (!before && !after) return;
  const auto cell = [](const std::optional<sim::Skew>& skew, sim::ExactValue sim::Skew::*figure) {
    return skew ? figure_text((*skew).*figure) : std::string("-");
  };
  const std::pair<const char*, sim::ExactValue sim::Skew::*> figures[] = {
      {"max/mean", &sim::Skew::max_over_mean},
      {"min/mean", &sim::Skew::min_over_mean},
      {"CV", &sim::Skew::cv},
      {"Gini", &sim::Skew::gini}};
  bool is_first = true;
  for (const auto& [name, figure] : figures) {
    table.row(
        {std::string(is_first ? dimension : ""), name, cell(before, figure), cell(after, figure)});
    is_first = false;
  }
}

/// How even one policy leaves the cluster.
Table skew_table(const sim::PlanSkew& before, const sim::PlanSkew& after) {
  Table table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight});
  table.heading({"skew of", "", "before", "after"});
  for (std::size_t i = 0; i < sim::kSkewDimensions; ++i) {
    add_skews(table, to_string(static_cast<sim::SkewDimension>(i)), before.of[i], after.of[i]);
  }
  add_skews(table, "bytes/disk", before.bytes_by_capacity, after.bytes_by_capacity);
  if (before.fullest_disk) {
    table.row({"fullest disk", "used", figure_text(before.fullest_disk),
               figure_text(after.fullest_disk)});
  }
  return table;
}

Table schedules_table(const sim::PolicyPlan& plan) {
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kLeft});
  table.heading({"schedule", "rounds", "time", ""});
  for (const sim::PlanSchedule& schedule : plan.schedules) {
    table.row({schedule.scheduler, schedule.rounds ? human_count(*schedule.rounds) : "-",
               schedule.time ? human_duration(*schedule.time) : "-", ""});
  }
  for (const sim::ScheduleLeftOut& schedule : plan.schedules_left_out) {
    table.row({schedule.scheduler, "-", "-", "left out: " + schedule.reason});
  }
  table.row({"at least, by nodes", human_count(plan.rounds_bound_degree),
             plan.time_bound ? human_duration(*plan.time_bound) : "-", ""});
  table.row({"at least, by sets of nodes", human_count(plan.rounds_bound_density), "-", ""});
  return table;
}

Table moves_table(const sim::PolicyPlan& plan) {
  Table table(
      {Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft});
  table.heading({"collection", "shard", "from", "to", "bytes", "why"});
  for (const sim::PlannedMove& move : plan.moves) {
    const std::string why =
        move.kind == "move" ? move.reason : fmt::format("{}, {}", move.kind, move.reason);
    table.row({move.collection, move.shard, move.source, move.target,
               move.bytes ? human_bytes(*move.bytes) : "-", why});
  }
  return table;
}

std::string least_text(const sim::PlannedCluster& cluster) {
  if (!cluster.copies_minimum) {
    return "the least that has to move: not known, for nodes or shards that stay as they are, or "
           "hardly any room, may forbid to make it even";
  }
  std::string text = fmt::format("the least that has to move: {}",
                                 human_number_of(*cluster.copies_minimum, "copy"));
  if (!cluster.bytes_minimum) return text + "; sizes are not known";
  text += fmt::format(", {}", human_bytes(*cluster.bytes_minimum));
  if (cluster.bytes_to_even) {
    text += fmt::format(" (for even bytes {}, if shards could be cut)",
                        human_bytes(*cluster.bytes_to_even));
  }
  return text;
}

/// What the bound of counts alone cannot say: what domains, disks and shards that stay add to it.
std::string fewest_text(const sim::FewestMoves& fewest) {
  const char* proof =
      fewest.is_proven ? "proven: no plan moves fewer" : "not proven to be the fewest";
  return fmt::format(
      "with domains, disks and what has to stay: {} to move for the most even counts ({})",
      human_number_of(fewest.copies, "copy"), proof);
}

std::string best_text(const sim::PlannedCluster& cluster) {
  const auto part = [](const char* name, const std::optional<sim::BestBalance>& best) {
    if (!best) return std::string();
    std::string text = fmt::format(", {} {}", name, figure_text(best->bound));
    if (best->found) text += fmt::format(" (packed anew {})", figure_text(best->found));
    return text;
  };
  const std::string by_weight =
      part("copies", cluster.best_copies) + part("bytes", cluster.best_bytes);
  const std::string alike = part("leaders", cluster.best_leaders) +
                            part("requests", cluster.best_requests) + part("cpu", cluster.best_cpu);
  std::string text = "as even as can be, max/mean: by weight " + by_weight.substr(2);
  if (!alike.empty()) text += "; of all nodes alike " + alike.substr(2);
  return text;
}

/// What the first policy has left undone; the others are there to compare it with.
std::string unplaced_text(const sim::PolicyPlan& plan) {
  return fmt::format(
      "{} by {}: still on draining nodes, or missing, for no node takes them, or "
      "they are to stay where they are",
      human_number_of(plan.cost.unplaced, "copy") + " not placed", plan.label);
}

void write_cluster(const sim::PlanResult& result, const sim::PlannedCluster& cluster,
                   Writer& writer) {
  std::string title = fmt::format(
      "{}: {}, {}, {}", cluster.name, human_number_of(cluster.nodes, "node"),
      human_number_of(cluster.shards, "shard"), human_number_of(cluster.copies, "copy"));
  if (cluster.bytes) title += fmt::format(" of {}", human_bytes(*cluster.bytes));
  writer.title(title);
  writer.line(least_text(cluster));
  if (cluster.fewest_moves) writer.line(fewest_text(*cluster.fewest_moves));
  if (cluster.best_copies) writer.line(best_text(cluster));
  writer.table(policies_table(cluster));
  const bool are_some_unplaced =
      !cluster.policies.empty() && cluster.policies.front().cost.unplaced > 0;
  if (are_some_unplaced) writer.line(unplaced_text(cluster.policies.front()));
  if (cluster.policies.size() == 1) {
    writer.space();
    writer.table(skew_table(cluster.before, cluster.policies.front().after));
    if (!cluster.policies.front().schedules.empty()) {
      writer.space();
      writer.line(fmt::format("with {} in flight on a node at most:",
                              human_number_of(result.moves_per_node, "move")));
      writer.table(schedules_table(cluster.policies.front()));
    }
  }
  for (const sim::PolicyPlan& plan : cluster.policies) {
    if (plan.moves.empty()) continue;
    writer.space();
    writer.line(plan.label + ":");
    writer.table(moves_table(plan));
  }
}

std::string write(const sim::PlanResult& result, const Style* style) {
  Writer writer(style);
  for (const sim::PlannedCluster& cluster : result.clusters) {
    write_cluster(result, cluster, writer);
  }
  writer.space();
  writer.line(
      "x least: over the lower bound; shards, led, bytes, requests, cpu: max/mean afterwards, by "
      "weight: "
      "the fullest node's load by weight over that of all; rounds, time: best schedule / bound");
  return writer.text();
}

}  // namespace

std::string plan_text(const sim::PlanResult& result, const Style& style) {
  return write(result, &style);
}

std::string plan_markdown(const sim::PlanResult& result) { return write(result, nullptr); }

}  // namespace shardproof::reports
