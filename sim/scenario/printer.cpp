// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/printer.hpp"

#include <filesystem>

#include "sim/scenario/action_fields.hpp"
#include "sim/scenario/bound.hpp"
#include "sim/scenario/domains.hpp"
#include "sim/scenario/scenario_fields.hpp"
#include "sim/scenario/table_writer.hpp"
#include "sim/scenario/traffic_fields.hpp"

namespace shardproof::sim {
namespace {

std::string section(std::string_view header, const TableWriter& table) {
  return fmt::format("\n{}\n{}", header, table.lines());
}

/// Whether `[cluster] nodes = N` would make these nodes.
bool are_counted(const ClusterSpec& cluster) {
  for (std::size_t i = 0; i < cluster.nodes.size(); ++i) {
    NodeSpec plain;
    plain.capacity = cluster.capacity;
    fill_node(cluster.domains, i, plain);
    if (plain != cluster.nodes[i]) return false;
  }
  return true;
}

void write_domains(TableWriter& table, const DomainTurn& domains) {
  // The zones of a region stand together in `zones`, however they came there.
  TableWriter regions;
  for (std::size_t i = 0; i < domains.zones.size();) {
    std::vector<std::string> zones;
    const std::string& region = domains.zones[i].first;
    for (; i < domains.zones.size() && domains.zones[i].first == region; ++i) {
      zones.push_back(domains.zones[i].second);
    }
    regions.raw(region, ListOf<Text>{}.print(zones));
  }
  table.raw("regions", regions.in_line());
  table.raw("racks", ListOf<Text>{}.print(domains.racks));
}

std::string print_node(NodeSpec node) {
  TableWriter table;
  table.field("name", node.name, Text{});
  table.field("region", node.region, Text{});
  table.field("zone", node.zone, Text{});
  table.field("rack", node.rack, Text{});
  table.table("capacity", [&](TableWriter& inner) { fields(inner, node.capacity); });
  table.optional("clock_offset", node.clock_offset, kSignedDuration);
  table.optional("clock_drift", node.clock_drift_ppb, kDrift);
  return section("[[cluster.node]]", table);
}

std::string print_cluster(ClusterSpec cluster) {
  TableWriter table;
  table.field("single", cluster.single, Flag{});
  write_domains(table, cluster.domains);
  table.table("capacity", [&](TableWriter& inner) { fields(inner, cluster.capacity); });
  const bool counted = are_counted(cluster);
  if (counted) table.raw("nodes", fmt::format("{}", cluster.nodes.size()));
  std::string text = section("[cluster]", table);
  if (counted) return text;
  for (const NodeSpec& node : cluster.nodes) text += print_node(node);
  return text;
}

std::string relative_to(const std::string& file, const std::string& directory) {
  if (directory.empty()) return file;
  return std::filesystem::path(file).lexically_proximate(directory).string();
}

std::string print_traffic(TrafficSpec traffic, const std::vector<std::string>& collections,
                          const std::string& directory) {
  TableWriter table;
  fields_of_all(table, traffic, {"collection", views(collections)});
  if (traffic.trace) {
    traffic.trace->file = relative_to(traffic.trace->file, directory);
    fields(table, *traffic.trace);
  } else {
    fields_of_generated(table, traffic);
  }
  return section("[[traffic]]", table);
}

void write_action(TableWriter& table, Action action, const Names& names) {
  std::visit(
      [&](auto& one) {
        TableWriter inner;
        fields(inner, one, names);
        table.raw(action_name(one), inner.in_line());
      },
      action);
}

void write_event(TableWriter& table, const EventSpec& event, const Names& names) {
  if (event.time) table.field("time", *event.time, kDuration);
  if (event.condition) {
    table.raw("condition", toml_quoted(to_string(*event.condition)));
    table.field("after", event.armed_after, kDuration);
    table.raw("times", fmt::format("{}", event.times));
  }
  write_action(table, event.action, names);
  table.optional("lasts", event.lasts, kPositiveDuration);
}

void write_bound(TableWriter& table, std::string_view key, const std::optional<Ratio>& bound,
                 MetricUnit unit) {
  if (!bound) return;
  const std::string text = bound_text(unit, *bound);
  const bool plain = text.find_first_not_of("0123456789.") == std::string::npos;
  table.raw(key, plain ? text : toml_quoted(text));
}

std::string print_expectation(const ExpectationSpec& expectation) {
  using Moment = ExpectationSpec::Moment;
  const MetricDefinition& metric = metric_catalogue()[expectation.metric];
  TableWriter table;
  table.raw("metric", toml_quoted(metric.name));
  write_bound(table, "min", expectation.min, metric.unit);
  write_bound(table, "max", expectation.max, metric.unit);
  write_bound(table, "equals", expectation.equals, metric.unit);
  if (expectation.moment == Moment::kAt) table.field("at", expectation.time, kDuration);
  if (expectation.moment == Moment::kAfter) table.field("after", expectation.time, kDuration);
  if (expectation.moment == Moment::kAlways) table.field("always", true, Flag{});
  table.field("because", expectation.because, Text{});
  return section("[[expect]]", table);
}

}  // namespace

std::string_view action_name(const Action& action) {
  std::string_view name;
  std::size_t index = 0;
  for_each_action([&](std::string_view candidate, const auto&, Ending) {
    if (index++ == action.index()) name = candidate;
  });
  return name;
}

std::string describe(const EventSpec& event, const std::vector<std::string>& collections) {
  Names names;
  names.collections = collections;
  TableWriter table;
  write_action(table, event.action, names);
  table.optional("lasts", event.lasts, kPositiveDuration);
  std::string action = table.lines();
  for (std::size_t i = 0; i + 1 < action.size(); ++i) {
    if (action[i] == '\n') action.replace(i, 1, ", ");
  }
  action.pop_back();
  if (event.time) return fmt::format("at {}: {}", *event.time, action);
  return fmt::format("when {}: {}", to_string(*event.condition), action);
}

std::vector<std::string> ScenarioSpec::collection_names() const {
  std::vector<std::string> names;
  for (const CollectionSpec& collection : collections) {
    names.push_back(collection.database + "." + collection.name);
  }
  return names;
}

std::string to_toml(const ScenarioSpec& original, const std::string& directory) {
  ScenarioSpec spec = original;
  Names names;
  names.collections = spec.collection_names();
  TableWriter run;
  run.raw("schema", "1");
  fields_of_run(run, spec);
  run.raw("rules_off", ListOf<Text>{}.print(spec.rules_off));
  std::string text = run.lines() + print_cluster(spec.cluster);
  for (CollectionSpec& collection : spec.collections) {
    TableWriter table;
    fields(table, collection);
    text += section("[[collection]]", table);
  }
  TableWriter policy;
  fields(policy, spec.policy, names.vocabulary);
  text += section("[policy]", policy);
  for (const TrafficSpec& traffic : spec.traffic) {
    text += print_traffic(traffic, names.collections, directory);
  }
  fields_of_world(spec, [&](std::string_view key, auto&& write) {
    TableWriter table;
    write(table);
    text += section(fmt::format("[{}]", key), table);
  });
  for (const EventSpec& event : spec.events) {
    TableWriter table;
    write_event(table, event, names);
    text += section(event.time ? "[[at]]" : "[[when]]", table);
  }
  for (const ExpectationSpec& expectation : spec.expectations) {
    text += print_expectation(expectation);
  }
  return text;
}

}  // namespace shardproof::sim
