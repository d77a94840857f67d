// SPDX-License-Identifier: Apache-2.0
#include "cli/vocabulary.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/action_texts.hpp"
#include "core/base/check.hpp"
#include "core/distribution/keys/registry.hpp"
#include "core/distribution/registry.hpp"
#include "core/fault_points.hpp"
#include "core/probes.hpp"
#include "core/rules.hpp"
#include "sim/check/suite.hpp"
#include "sim/observe/fault_tally.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/plan/generated_states.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace shardproof::cli {
namespace {

/// A line for each, behind what is said before.
std::string option_lines(const std::vector<distribution::PolicyOption>& options) {
  std::string lines;
  for (const distribution::PolicyOption& option : options) {
    lines += fmt::format("\n--option {}={}: {}, {}", option.name, sim::to_text(option.initial),
                         option.meaning, distribution::range_text(option));
    if (!option.source.empty()) lines += fmt::format(" ({})", option.source);
  }
  return lines;
}

std::vector<Entry> policies() {
  std::vector<Entry> list;
  const auto add = [&](std::string_view key, const std::vector<distribution::PolicyInfo>& infos) {
    for (const distribution::PolicyInfo& info : infos) {
      list.push_back(
          {std::string(info.name), fmt::format("{}: {}", key, info.description),
           fmt::format("[policy]\n{} = \"{}\"{}", key, info.name, option_lines(info.options)), ""});
    }
  };
  add("placement", distribution::placement_policies());
  add("rebalance", distribution::rebalance_policies());
  return list;
}

std::vector<Entry> invariants() {
  std::vector<Entry> list;
  for (const sim::check::InvariantInfo& info : sim::check::CheckSuite::catalogue()) {
    list.push_back({fmt::format("{}", info.number),
                    fmt::format("{}: {}", info.name, info.statement),
                    "docs/invariants.md says more: when it is judged, from what, and at what cost",
                    info.name});
  }
  return list;
}

std::string uses_of(const sim::MetricDefinition& metric) {
  std::vector<std::string_view> uses;
  if (metric.in_conditions) uses.push_back("condition of a [[when]]");
  if (metric.in_series) uses.push_back("series and `after`, `at`, `always` of an [[expect]]");
  if (metric.in_result) uses.push_back("result and [[expect]] at the end");
  return fmt::format("unit: {}\nused in: {}", to_string(metric.unit), fmt::join(uses, "; "));
}

std::vector<Entry> metrics() {
  std::vector<Entry> list;
  for (const sim::MetricDefinition& metric : sim::metric_catalogue()) {
    std::string more = uses_of(metric);
    if (!metric.choices.empty())
      more += fmt::format("\none of: {}", fmt::join(metric.choices, ", "));
    list.push_back({std::string(metric.name), std::string(metric.definition), std::move(more), ""});
  }
  return list;
}

std::vector<Entry> actions(ActionText::Kind kind) {
  std::vector<Entry> list;
  for (const ActionText& action : action_texts()) {
    if (action.kind != kind) continue;
    list.push_back({std::string(action.name), std::string(action.line),
                    fmt::format("[[at]]\ntime = \"10s\"\n{}", action.example), ""});
  }
  return list;
}

/// What scenarios script, and what results count under another name.
std::vector<Entry> faults() {
  std::vector<Entry> list = actions(ActionText::Kind::kFault);
  const auto is_there = [&](std::string_view name) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Entry& entry) { return entry.name == name; });
  };
  for (std::size_t i = 0; i < sim::kFaultKinds; ++i) {
    const auto kind = static_cast<sim::FaultKind>(i);
    const std::string_view name = sim::to_string(kind);
    if (is_there(name)) continue;
    list.push_back({std::string(name), std::string(sim::definition(kind)),
                    "`faults` of result.json says how often", ""});
  }
  return list;
}

std::vector<Entry> rules() {
  std::vector<Entry> list;
  for (const RuleInfo& rule : rule_catalogue()) {
    const std::string falls = rule.falls.empty() ? "no invariant falls: only costs rise"
                                                 : fmt::format("falls first: invariant {}",
                                                               fmt::join(rule.falls, ", then "));
    list.push_back(
        {std::string(rule.name), std::string(rule.statement),
         fmt::format("without it: {}\n{}\nrules_off = [\"{}\"]", rule.without, falls, rule.name),
         ""});
  }
  return list;
}

std::vector<Entry> algorithms() {
  std::vector<Entry> list;
  for (const distribution::KeyAlgorithm& algorithm : distribution::key_algorithms()) {
    std::string more =
        fmt::format("look-up: {}\ntables: {}\nweights of nodes: {}", algorithm.lookup,
                    algorithm.memory, algorithm.is_weighted ? "yes" : "no");
    more += option_lines(algorithm.options);
    list.push_back(
        {std::string(algorithm.name), std::string(algorithm.about), std::move(more), ""});
  }
  return list;
}

std::vector<Entry> probes() {
  std::vector<Entry> list;
  for (const ProbeInfo& probe : probe_catalogue()) {
    list.push_back({std::string(probe.name), std::string(probe.statement),
                    "`probes` of result.json and of `fuzz --json` say how often", ""});
  }
  return list;
}

std::vector<Entry> fault_points() {
  std::vector<Entry> list;
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    list.push_back({std::string(info.name), std::string(info.statement),
                    fmt::format("[fault_points]\n{} = {}.{:03}", info.name, 0,
                                info.usual.of(std::uint64_t{1000})),
                    ""});
  }
  return list;
}

std::vector<Entry> states() {
  std::vector<Entry> list;
  for (const sim::GeneratedState& state : sim::generated_states()) {
    list.push_back({std::string(state.name), std::string(state.description),
                    fmt::format("shardproof plan --generated {}", state.name), ""});
  }
  return list;
}

std::vector<Entry> snapshots() {
  std::vector<Entry> list;
  for (const sim::SnapshotFormat& format : sim::snapshot_formats()) {
    list.push_back({std::string(format.name), std::string(format.description),
                    fmt::format("shardproof plan FILE --format {}", format.name), ""});
  }
  return list;
}

}  // namespace

std::vector<Entry> entries(std::string_view topic) {
  if (topic == "policies") return policies();
  if (topic == "algorithms") return algorithms();
  if (topic == "invariants") return invariants();
  if (topic == "metrics") return metrics();
  if (topic == "faults") return faults();
  if (topic == "rules") return rules();
  if (topic == "probes") return probes();
  if (topic == "fault_points") return fault_points();
  if (topic == "states") return states();
  if (topic == "snapshots") return snapshots();
  SHARDPROOF_CHECK(topic == "operations", "topic '{}'", topic);
  return actions(ActionText::Kind::kOperation);
}

std::string_view list_topic_of(std::string_view topic) {
  if (topic == "policy") return "policies";
  if (topic == "algorithm") return "algorithms";
  if (topic == "invariant") return "invariants";
  if (topic == "metric") return "metrics";
  if (topic == "fault") return "faults";
  if (topic == "rule") return "rules";
  if (topic == "probe") return "probes";
  if (topic == "fault_point") return "fault_points";
  if (topic == "state") return "states";
  if (topic == "snapshot") return "snapshots";
  SHARDPROOF_CHECK(topic == "operation", "topic '{}'", topic);
  return "operations";
}

}  // namespace shardproof::cli
