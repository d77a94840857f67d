// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/printer.hpp"

#include <filesystem>
#include <type_traits>

#include "sim/scenario/action_fields.hpp"
#include "sim/scenario/bound.hpp"
#include "sim/scenario/domains.hpp"
#include "sim/scenario/scenario_fields.hpp"
#include "sim/scenario/table_writer.hpp"
#include "sim/scenario/traffic_fields.hpp"

namespace shardproof::sim {
namespace {

std::string relative_to(const std::string& file, const std::string& directory) {
  if (directory.empty()) return file;
  return std::filesystem::path(file).lexically_proximate(directory).string();
}

void write_domains(TableWriter& table, const DomainTurn& domains, bool is_sparse) {
  // The zones of a region stand together in `zones`, however they came there.
  TableWriter regions;
  std::vector<std::string> zones;
  for (std::size_t i = 0; i < domains.zones.size();) {
    zones.clear();
    const std::string& region = domains.zones[i].first;
    for (; i < domains.zones.size() && domains.zones[i].first == region; ++i) {
      zones.push_back(domains.zones[i].second);
    }
    regions.raw(region, ListOf<Text>{}.print(zones));
  }
  const bool is_only_region =
      zones.size() == domains.zones.size() && domains.zones.front().first == kDefaultRegion;
  if (is_sparse && is_only_region) {
    table.raw("zones", ListOf<Text>{}.print(zones));
  } else {
    table.raw("regions", regions.in_line());
  }
  table.raw("racks", ListOf<Text>{}.print(domains.racks));
}

void write_node(TableWriter& table, NodeSpec& node) {
  table.field("name", node.name, Text{});
  table.field("region", node.region, Text{});
  table.field("zone", node.zone, Text{});
  table.field("rack", node.rack, Text{});
  table.table("capacity", [&](TableWriter& inner) { fields(inner, node.capacity); });
  table.optional("clock_offset", node.clock_offset, kSignedDuration);
  table.optional("clock_drift", node.clock_drift_ppb, kDrift);
}

void write_action(TableWriter& table, Action& action, const Names& names) {
  std::visit(
      [&](auto& one) {
        TableWriter inner;
        fields(inner, one, names);
        table.table(action_name(one), std::move(inner));
      },
      action);
}

void write_message(TableWriter& table, EventSpec& event, const Names& names) {
  if (!event.message) return;
  TableWriter inner;
  fields(inner, *event.message, names);
  table.table("message", std::move(inner));
  table.require("message");
}

void write_event(TableWriter& table, EventSpec& event, const Names& names) {
  if (event.time) table.required("time", *event.time, kDuration);
  if (event.condition) {
    if (!event.condition->steps.empty()) {
      table.raw("condition", toml_quoted(to_string(*event.condition)));
      table.require("condition");
    }
    write_message(table, event, names);
    table.field("after", event.armed_after, kDuration);
    table.raw("times", fmt::format("{}", event.times));
  }
  write_action(table, event.action, names);
  table.require(action_name(event.action));
  table.optional("lasts", event.lasts, kPositiveDuration);
}

/// What the reader starts from when it reads this event.
EventSpec default_event(const EventSpec& event, const NodeCapacity& capacity) {
  EventSpec plain;
  plain.time = event.time;
  plain.condition = event.condition;
  if (event.message) plain.message.emplace();
  std::visit([&](const auto& one) { plain.action = std::decay_t<decltype(one)>{}; }, event.action);
  if (auto* join = std::get_if<JoinAction>(&plain.action)) join->capacity = capacity;
  return plain;
}

void write_bound(TableWriter& table, std::string_view key, const std::optional<Ratio>& bound,
                 MetricUnit unit) {
  if (!bound) return;
  const std::string text = bound_text(unit, *bound);
  const bool plain = text.find_first_not_of("0123456789.") == std::string::npos;
  table.raw(key, plain ? text : toml_quoted(text));
}

void write_expectation(TableWriter& table, ExpectationSpec& expectation) {
  using Moment = ExpectationSpec::Moment;
  const MetricDefinition& metric = metric_catalogue()[expectation.metric];
  table.raw("metric", toml_quoted(metric.name));
  table.require("metric");
  write_bound(table, "min", expectation.min, metric.unit);
  write_bound(table, "max", expectation.max, metric.unit);
  write_bound(table, "equals", expectation.equals, metric.unit);
  if (expectation.moment == Moment::kAt) table.field("at", expectation.time, kDuration);
  if (expectation.moment == Moment::kAfter) table.field("after", expectation.time, kDuration);
  if (expectation.moment == Moment::kAlways) table.field("always", true, Flag{});
  table.field("because", expectation.because, Text{});
}

/// Prints one scenario, each part by the function that names its keys. Where defaults are left out,
/// the same function writes what the reader starts from, and what is the same goes.
class Printer {
 public:
  Printer(const ScenarioSpec& spec, const std::string& directory, bool is_sparse)
      : spec_(spec), directory_(directory), is_sparse_(is_sparse) {
    names_.collections = spec.collection_names();
    for (const NodeSpec& node : spec.cluster.nodes) names_.nodes.push_back(node.name);
  }

  std::string text() {
    add_run();
    add_cluster();
    for (const CollectionSpec& collection : spec_.collections) {
      add("[[collection]]", table_of(collection, {}, [&](TableWriter& table, CollectionSpec& one) {
            fields(table, one, names_);
          }));
    }
    add_unless_empty("[policy]",
                     table_of(spec_.policy, {}, [&](TableWriter& table, PolicySpec& one) {
                       fields(table, one, names_.vocabulary);
                     }));
    for (std::size_t i = 0; i < spec_.traffic.size(); ++i) add_traffic(i);
    add_world();
    add_versions();
    for (const EventSpec& event : spec_.events) {
      const EventSpec plain = default_event(event, spec_.cluster.capacity);
      add(event.time ? "[[at]]" : "[[when]]",
          table_of(event, plain,
                   [&](TableWriter& table, EventSpec& one) { write_event(table, one, names_); }));
    }
    for (const ExpectationSpec& expectation : spec_.expectations) {
      // Without a metric of its own no expectation can be written.
      ExpectationSpec plain;
      plain.metric = expectation.metric;
      add("[[expect]]", table_of(expectation, plain, write_expectation));
    }
    return std::move(text_);
  }

 private:
  /// What `write` writes of `value`; of a sparse text without what it writes of `plain`.
  template <typename T, typename Write>
  TableWriter table_of(T value, std::type_identity_t<T> plain, Write&& write) const {
    TableWriter table;
    write(table, value);
    if (!is_sparse_) return table;
    TableWriter defaults;
    write(defaults, plain);
    table.leave_out(defaults);
    return table;
  }
  void add(std::string_view header, const TableWriter& table) {
    text_ += fmt::format("\n{}\n{}", header, table.lines());
  }
  void add_unless_empty(std::string_view header, const TableWriter& table) {
    if (!table.empty()) add(header, table);
  }

  void add_run() {
    const auto write = [](TableWriter& table, ScenarioSpec& spec) {
      table.raw("schema", "1");
      table.require("schema");
      fields_of_run(table, spec);
      table.raw("rules_off", ListOf<Text>{}.print(spec.rules_off));
    };
    text_ += table_of(spec_, {}, write).lines();
  }

  void add_cluster() {
    const ClusterSpec& cluster = spec_.cluster;
    const std::vector<NodeSpec> counted = counted_nodes(cluster, cluster.nodes.size());
    const bool is_counted = cluster.nodes == counted;
    ClusterSpec plain;
    plain.domains = default_domains();
    add("[cluster]", table_of(cluster, plain, [&](TableWriter& table, ClusterSpec& one) {
          table.field("single", one.single, Flag{});
          write_domains(table, one.domains, is_sparse_);
          table.table("capacity", [&](TableWriter& inner) { fields(inner, one.capacity); });
          if (is_counted) table.raw("nodes", fmt::format("{}", one.nodes.size()));
        }));
    if (is_counted) return;
    for (std::size_t i = 0; i < counted.size(); ++i) {
      add("[[cluster.node]]", table_of(cluster.nodes[i], counted[i], write_node));
    }
  }

  void add_traffic(std::size_t index) {
    TrafficSpec traffic = spec_.traffic[index];
    TrafficSpec plain = default_traffic(index, spec_.duration);
    if (traffic.trace) {
      traffic.trace->file = relative_to(traffic.trace->file, directory_);
      plain.trace = TraceSpec{};
    } else if (traffic.mix != plain.mix) {
      // Where a mix is written, what it does not name is zero.
      plain.mix = OperationMix{};
    }
    add("[[traffic]]", table_of(traffic, plain, [&](TableWriter& table, TrafficSpec& one) {
          fields_of_all(table, one, collection_codec(names_));
          if (names_.collections.size() > 1) table.require("collection");
          if (one.trace) {
            fields(table, *one.trace);
          } else {
            fields_of_generated(table, one);
          }
        }));
  }

  void add_world() {
    std::vector<TableWriter> defaults;
    ScenarioSpec plain;
    fields_of_world(plain, [&](std::string_view, auto&& write) { write(defaults.emplace_back()); });
    ScenarioSpec spec = spec_;
    if (auto& measured = spec.network.latency.measured) {
      measured->file = relative_to(measured->file, directory_);
    }
    std::size_t next = 0;
    fields_of_world(spec, [&](std::string_view key, auto&& write) {
      TableWriter table;
      write(table);
      if (is_sparse_) table.leave_out(defaults[next++]);
      add_unless_empty(fmt::format("[{}]", key), table);
    });
  }

  void add_versions() {
    VersionSpec plain = spec_.first_version();
    plain.name.clear();
    for (const VersionSpec& version : spec_.versions) {
      add("[[version]]", table_of(version, plain, [&](TableWriter& table, VersionSpec& one) {
            table.required("name", one.name, Text{false});
            fields(table, one, names_.vocabulary);
          }));
    }
  }

  const ScenarioSpec& spec_;
  const std::string& directory_;
  bool is_sparse_;
  Names names_;
  std::string text_;
};

}  // namespace

std::string_view action_name(const Action& action) {
  std::string_view name;
  std::size_t index = 0;
  for_each_action([&](std::string_view candidate, const auto&, Ending) {
    if (index++ == action.index()) name = candidate;
  });
  return name;
}

namespace {

/// The condition, `{ type = "CopyChunk", count = 3 }`, or both.
std::string when_text(const EventSpec& event, const Names& names) {
  std::string text = to_string(*event.condition);
  if (!event.message) return text;
  TableWriter message;
  MessageTrigger printed = *event.message;
  fields(message, printed, names);
  return (text.empty() ? "" : text + " and ") + "message = " + message.in_line();
}

}  // namespace

std::string describe(const EventSpec& event, const std::vector<std::string>& collections) {
  Names names;
  names.collections = collections;
  TableWriter table;
  Action printed = event.action;
  write_action(table, printed, names);
  table.optional("lasts", event.lasts, kPositiveDuration);
  std::string action = table.lines();
  for (std::size_t i = 0; i + 1 < action.size(); ++i) {
    if (action[i] == '\n') action.replace(i, 1, ", ");
  }
  action.pop_back();
  if (event.time) return fmt::format("at {}: {}", *event.time, action);
  return fmt::format("when {}: {}", when_text(event, names), action);
}

std::vector<std::string> ScenarioSpec::collection_names() const {
  std::vector<std::string> names;
  for (const CollectionSpec& collection : collections) {
    names.push_back(collection.database + "." + collection.name);
  }
  return names;
}

std::string to_toml(const ScenarioSpec& spec, const std::string& directory) {
  return Printer(spec, directory, false).text();
}

std::string to_sparse_toml(const ScenarioSpec& spec, const std::string& directory) {
  return Printer(spec, directory, true).text();
}

}  // namespace shardproof::sim
