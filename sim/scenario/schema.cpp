// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/scenario/action_fields.hpp"
#include "sim/scenario/scenario_fields.hpp"
#include "sim/scenario/table_schema.hpp"
#include "sim/scenario/traffic_fields.hpp"

namespace shardproof::sim {
namespace {

const std::string kText = R"({"type": "string", "minLength": 1})";

std::string version_schema() {
  VersionSpec version;
  TableSchema table;
  table.required("name", version.name, Text{false});
  fields(table, version, default_vocabulary());
  return TableSchema::array_of(table.text());
}

std::string rules_off_schema() {
  std::vector<std::string> names;
  for (const std::string_view name : default_vocabulary().rules) {
    names.push_back(fmt::format("\"{}\"", name));
  }
  return fmt::format(R"({{"type": "array", "uniqueItems": true, "items": {{"enum": [{}]}}}})",
                     fmt::join(names, ", "));
}

std::string zones_schema() {
  return R"({"type": "array", "minItems": 1, "uniqueItems": true, "items": )" + kText + "}";
}

std::string node_schema() {
  NodeSpec node;
  TableSchema table;
  table.field("name", node.name, Text{false});
  table.field("region", node.region, Text{false});
  table.field("zone", node.zone, Text{false});
  table.field("rack", node.rack, Text{false});
  table.table("capacity", [&](TableSchema& inner) { fields(inner, node.capacity); });
  table.optional("clock_offset", node.clock_offset, kSignedDuration);
  table.optional("clock_drift", node.clock_drift_ppb, kDrift);
  return TableSchema::array_of(table.text());
}

std::string source_schema() {
  TableSchema columns;
  for (const char* column :
       {"name", "region", "zone", "rack", "cpu_milli", "memory_mib", "disk_mib", "network_mbit"}) {
    columns.raw(column, kText);
  }
  TableSchema table;
  table.raw("file", kText);
  table.raw("snapshot", kText);
  table.require_one_of({"file", "snapshot"});
  table.raw("documents", Whole<std::uint64_t>{1, 1'000'000}.schema());
  table.raw("scale", kPositiveRatio.schema());
  table.raw("limit", Whole<std::uint32_t>{1, kNodesMax}.schema());
  table.raw("columns", columns.text());
  return table.text();
}

std::string cluster_schema() {
  NodeCapacity capacity;
  TableSchema table;
  table.raw("single", Flag{}.schema());
  table.table("capacity", [&](TableSchema& inner) { fields(inner, capacity); });
  table.raw("zones", zones_schema());
  table.raw("regions", R"({"type": "object", "minProperties": 1, "additionalProperties": )" +
                           zones_schema() + "}");
  table.raw("racks", ListOf<Text>{Text{false}, 1}.schema());
  table.raw("nodes", Whole<std::uint32_t>{1, kNodesMax}.schema());
  table.raw("node", node_schema());
  table.raw("from", source_schema());
  return table.text();
}

std::string traffic_schema() {
  TrafficSpec traffic;
  TraceSpec trace;
  TableSchema table;
  fields_of_all(table, traffic, {"collection", {}});
  fields_of_generated(table, traffic);
  fields(table, trace);
  table.require_instead({"rate", "trace"});
  return TableSchema::array_of(table.text());
}

/// With the short forms that `written_out` of read_event.cpp knows.
template <typename Action>
std::string action_schema(Action action) {
  TableSchema table;
  fields(table, action, Names{});
  if constexpr (std::is_same_v<Action, PartitionAction>) {
    table.raw("isolate", SelectorCodec{Names{}, true}.schema());
    table.require_instead({"from", "isolate"});
    table.drop_required("to");
  } else if constexpr (std::is_same_v<Action, ClogAction>) {
    table.raw("node", SelectorCodec{Names{}}.schema());
    table.require_instead({"from", "node"});
  } else if constexpr (std::is_same_v<Action, SwizzleAction> ||
                       std::is_same_v<Action, RollingRestartAction>) {
    for (const char* domain : {"zone", "rack", "region"}) table.raw(domain, kText);
  } else if constexpr (requires { action.node; }) {
    for (const char* domain : {"zone", "rack", "region"}) table.raw(domain, kText);
    table.require_instead({"node", "zone", "rack", "region"});
  }
  return table.text();
}

std::string event_schema(bool is_when) {
  TableSchema table;
  if (is_when) {
    table.raw("condition", kText);
    TableSchema message;
    MessageTrigger trigger;
    fields(message, trigger, Names{});
    table.raw("message", message.text());
    table.require_any_of({"condition", "message"});
    table.raw("after", kDuration.schema());
    table.raw("times", Whole<std::uint32_t>{1, 1'000'000}.schema());
  } else {
    table.raw("time", kDuration.schema());
    table.require("time");
    table.raw("until", kPositiveDuration.schema());
  }
  table.raw("lasts", kPositiveDuration.schema());
  table.raw("restart_after", kPositiveDuration.schema());
  std::vector<std::string_view> names;
  for_each_action([&](std::string_view name, const auto& action, Ending) {
    table.raw(name, action_schema(action));
    names.push_back(name);
  });
  table.require_one_of(names);
  return TableSchema::array_of(table.text());
}

std::string expectation_schema() {
  const std::string bound = R"({"anyOf": [{"type": "number", "minimum": 0}, )" + kText + "]}";
  TableSchema table;
  table.raw("metric", kText);
  table.require("metric");
  for (const char* key : {"min", "max", "equals"}) table.raw(key, bound);
  table.raw("at", kDuration.schema());
  table.raw("after", kDuration.schema());
  table.raw("always", Flag{}.schema());
  table.raw("because", Text{}.schema());
  return TableSchema::array_of(table.text());
}

/// The same JSON on lines of their own, so that changes can be read.
std::string indented(std::string_view json) {
  std::string result;
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      result += c;
      if (c == '\\') result += json[++i];
      in_text = c != '"';
      continue;
    }
    in_text = c == '"';
    const bool opens = c == '{' || c == '[';
    if (c == '}' || c == ']') result += "\n" + std::string(2 * --depth, ' ');
    result += c;
    if (opens) ++depth;
    if (opens || c == ',') result += "\n" + std::string(2 * depth, ' ');
    if (c == ',' && i + 1 < json.size() && json[i + 1] == ' ') ++i;
  }
  return result + "\n";
}

}  // namespace

std::string scenario_schema() {
  ScenarioSpec spec;
  TableSchema root;
  root.raw("schema", R"({"const": 1})");
  root.require("schema");
  fields_of_run(root, spec);
  root.raw("cluster", cluster_schema());
  root.require("cluster");
  root.tables("collection", spec.collections, [](TableSchema& table, CollectionSpec& collection) {
    fields(table, collection, Names{});
  });
  root.table("policy", [&](TableSchema& table) { fields(table, spec.policy, Vocabulary{}); });
  root.raw("traffic", traffic_schema());
  fields_of_world(spec, [&](std::string_view key, auto&& describe) { root.table(key, describe); });
  root.raw("rules_off", rules_off_schema());
  root.raw("version", version_schema());
  root.raw("at", event_schema(false));
  root.raw("when", event_schema(true));
  root.raw("expect", expectation_schema());
  const std::string head = R"({"$schema": "http://json-schema.org/draft-07/schema#", )"
                           R"("title": "A scenario of shardproof", )";
  return indented(head + root.text().substr(1));
}

}  // namespace shardproof::sim
