// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "sim/input/delay_reader.hpp"
#include "sim/scenario/lint.hpp"
#include "sim/scenario/read_tables.hpp"
#include "sim/scenario/scenario_fields.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

void add_names(const ClusterSpec& cluster, Names& names) {
  for (const NodeSpec& node : cluster.nodes) names.nodes.push_back(node.name);
  for (const auto& [region, zone] : cluster.domains.zones) {
    if (std::find(names.regions.begin(), names.regions.end(), region) == names.regions.end()) {
      names.regions.push_back(region);
    }
    names.zones.push_back(zone);
    for (const std::string& rack : cluster.domains.racks) {
      names.racks.push_back(zone + "/" + rack);
    }
  }
}

void read_schema_version(TableReader& table) {
  std::uint32_t schema = 1;
  if (table.take("schema") == nullptr && !table.is_misspelt({"schema"})) {
    return table.diagnostics().error(table.at(), "the scenario lacks the key \"schema\"",
                                     "write schema = 1");
  }
  table.field("schema", schema, Whole<std::uint32_t>{1});
  if (schema == 1) return;
  table.diagnostics().error(table.take("schema")->at,
                            fmt::format("schema {} is not known to this version", schema),
                            "write schema = 1");
}

/// At once, for a collection that is there twice makes others' mistakes of what refers to it.
void report_twins(const SourceNode* written, const ReadContext& context, Diagnostics& diagnostics) {
  if (written == nullptr || context.imports_collections) return;
  const auto& names = context.names.collections;
  for (std::size_t i = 0; i < names.size() && names.size() == written->items.size(); ++i) {
    const auto twin = names.begin() + static_cast<std::ptrdiff_t>(i);
    const bool is_whole = !names[i].starts_with('.') && !names[i].ends_with('.');
    if (!is_whole || std::find(names.begin(), twin, names[i]) == twin) continue;
    diagnostics.error(written->items[i].at, fmt::format("\"{}\" is there twice", names[i]));
  }
}

void read_collections(TableReader& table, ReadContext& context) {
  auto& collections = context.spec.collections;
  const std::size_t errors_before = table.diagnostics().errors();
  table.tables("collection", collections, [&](TableReader& inner, CollectionSpec& collection) {
    fields(inner, collection, context.names);
  });
  const SourceNode* written = table.take("collection");
  if (context.imports_collections && written != nullptr) {
    table.diagnostics().error(written->at,
                              "[[collection]] beside a snapshot, which brings its own");
  }
  if (!context.imports_collections && written == nullptr && !table.is_misspelt({"collection"})) {
    table.diagnostics().error(table.at(), "the scenario has no [[collection]]");
  }
  context.names.collections = context.spec.collection_names();
  report_twins(written, context, table.diagnostics());
  // Those of a snapshot that cannot be read are not known either.
  const bool are_told = !context.imports_collections || context.names.all_nodes_known;
  context.names.all_collections_known = are_told && table.diagnostics().errors() == errors_before;
}

void put_in_order(std::vector<std::string>& rules, TableReader& table) {
  std::sort(rules.begin(), rules.end());
  if (std::adjacent_find(rules.begin(), rules.end()) != rules.end()) {
    table.diagnostics().error(table.key_position("rules_off"), "a rule is named twice");
  }
}

void read_rules_off(TableReader& table, ReadContext& context) {
  table.field("rules_off", context.spec.rules_off,
              ListOf<KnownName>{{"rule", context.options.vocabulary.rules}});
  put_in_order(context.spec.rules_off, table);
}

/// After all that a version takes over where it says nothing.
void read_versions(TableReader& table, ReadContext& context) {
  const VersionSpec first = context.spec.first_version();
  table.tables("version", context.spec.versions, [&](TableReader& inner, VersionSpec& version) {
    version = first;
    inner.required("name", version.name, Text{false});
    fields(inner, version, context.options.vocabulary);
    put_in_order(version.rules_off, inner);
  });
}

void read_events(TableReader& table, ReadContext& context) {
  auto& events = context.spec.events;
  table.tables("at", events, [&](TableReader& inner, EventSpec& event) {
    read_event(inner, event, false, context);
  });
  table.tables("when", events, [&](TableReader& inner, EventSpec& event) {
    read_event(inner, event, true, context);
  });
}

void read_nodes_and_domains(TableReader& table, ReadContext& context) {
  const std::size_t errors_before = table.diagnostics().errors();
  if (table.take("cluster") == nullptr && !table.is_misspelt({"cluster"})) {
    table.diagnostics().error(table.at(), "the scenario has no [cluster]");
  }
  table.table("cluster", [&](TableReader& inner) { read_cluster(inner, context); });
  add_names(context.spec.cluster, context.names);
  context.names.all_nodes_known = table.diagnostics().errors() == errors_before;
}

void read_root(TableReader& table, ReadContext& context) {
  ScenarioSpec& spec = context.spec;
  read_schema_version(table);
  fields_of_run(table, spec);
  // Nothing is after the end of a run whose end is not known.
  if (spec.duration == Nanoseconds(0)) spec.duration = Nanoseconds::max();
  read_nodes_and_domains(table, context);
  read_collections(table, context);
  table.table("policy",
              [&](TableReader& inner) { fields(inner, spec.policy, context.options.vocabulary); });
  table.tables("traffic", spec.traffic, [&](TableReader& inner, TrafficSpec& traffic) {
    read_traffic(inner, traffic, context);
  });
  fields_of_world(spec, [&](std::string_view key, auto&& read) { table.table(key, read); });
  read_rules_off(table, context);
  read_versions(table, context);
  read_events(table, context);
  table.tables("expect", spec.expectations, [&](TableReader& inner, ExpectationSpec& expectation) {
    read_expectation(inner, expectation, context);
  });
  table.finish();
}

/// Reads what the network's latency is to be drawn from.
void read_measured_delays(const SourceNode& source, ReadContext& context,
                          Diagnostics& diagnostics) {
  auto& measured = context.spec.network.latency.measured;
  if (!measured) return;
  measured->file = context.resolve(measured->file);
  auto delays = read_delays(*measured);
  if (!delays) {
    return context.report(delays.error(), locate(source, "network.latency.trace"), diagnostics);
  }
  measured->values = std::make_shared<const std::vector<Nanoseconds>>(std::move(*delays));
}

void check_trace_option(const ReadContext& context, Diagnostics& diagnostics) {
  if (!context.options.trace) return;
  const auto traces = std::count_if(context.spec.traffic.begin(), context.spec.traffic.end(),
                                    [](const TrafficSpec& t) { return t.trace.has_value(); });
  if (traces == 1) return;
  diagnostics.error({}, fmt::format("a trace is given on the command line, but the scenario has {} "
                                    "[[traffic]] with a trace, not one",
                                    traces));
}

Result<std::string> content_of(const std::string& path) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::string content;
  std::array<char, 4096> buffer{};
  while (stream.read(buffer.data(), buffer.size()), stream.gcount() > 0) {
    content.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.is_open() || stream.bad()) return fail("cannot read: {}", std::strerror(errno));
  return content;
}

}  // namespace

std::string ReadContext::resolve(const std::string& file) const {
  const std::filesystem::path path(file);
  if (path.is_absolute() || options.directory.empty()) return file;
  return (std::filesystem::path(options.directory) / path).lexically_normal().string();
}

void ReadContext::report(const InputError& error, SourcePosition at, Diagnostics& diagnostics) {
  unreadable = unreadable || error.kind == InputError::Kind::kUnreadable;
  diagnostics.error(at, to_string(error));
}

Result<LoadedScenario, ReadFailure> read_scenario(std::string_view text, const std::string& file,
                                                  const ReadOptions& options) {
  Diagnostics diagnostics(file, text, options.errors_max);
  LoadedScenario loaded;
  ReadContext context{options, loaded.spec, {}, false};
  context.names.vocabulary = options.vocabulary;
  if (const auto source = parse_source(text, diagnostics)) {
    TableReader table(*source, {}, {}, diagnostics);
    read_root(table, context);
    read_measured_delays(*source, context, diagnostics);
    check_trace_option(context, diagnostics);
    // References are looked at only in a scenario whose parts are good: half of one would mislead.
    if (!diagnostics.has_errors()) {
      check_references(loaded.spec, *source, diagnostics);
      check_versions(loaded.spec, *source, diagnostics);
    }
    if (!diagnostics.has_errors()) lint(loaded.spec, *source, diagnostics);
  }
  if (diagnostics.has_errors()) {
    return {Unexpected<ReadFailure>{{diagnostics.take(), context.unreadable}}};
  }
  loaded.warnings = diagnostics.take();
  return loaded;
}

Result<LoadedScenario, ReadFailure> read_scenario_file(const std::string& path,
                                                       ReadOptions options) {
  const auto text = content_of(path);
  if (!text) {
    Diagnostic cannot{Diagnostic::Severity::kError, path, {}, text.error().message, {}, {}};
    return {Unexpected<ReadFailure>{{{cannot}, true}}};
  }
  options.directory = std::filesystem::path(path).parent_path().string();
  return read_scenario(*text, path, options);
}

}  // namespace shardproof::sim
