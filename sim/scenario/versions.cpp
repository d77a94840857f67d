// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/versions.hpp"

#include <algorithm>

namespace shardproof::sim {
namespace {

void add_sorted(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

VersionSpec ScenarioSpec::first_version() const {
  VersionSpec first{
      std::string(kFirstVersion), policy, disk.compaction, protocol, migration, rules_off};
  first.policy.compare.clear();
  return first;
}

std::vector<VersionSpec> ScenarioSpec::all_versions() const {
  std::vector<VersionSpec> all{first_version()};
  all.insert(all.end(), versions.begin(), versions.end());
  return all;
}

std::optional<std::size_t> find_version(const ScenarioSpec& spec, std::string_view name) {
  if (name == kFirstVersion) return 0;
  for (std::size_t i = 0; i < spec.versions.size(); ++i) {
    if (spec.versions[i].name == name) return i + 1;
  }
  return std::nullopt;
}

std::optional<std::string>* version_of(Action& action) {
  return std::visit(
      [](auto& one) -> std::optional<std::string>* {
        if constexpr (requires { one.version; }) return &one.version;
        return nullptr;
      },
      action);
}

const std::optional<std::string>* version_of(const Action& action) {
  return version_of(const_cast<Action&>(action));
}

bool is_ever_run(const ScenarioSpec& spec, std::string_view version) {
  const auto runs_it = [&](const Action& action) {
    const auto* named = version_of(action);
    return named != nullptr && *named == version;
  };
  const bool is_scripted =
      std::any_of(spec.events.begin(), spec.events.end(),
                  [&](const EventSpec& event) { return runs_it(event.action); });
  return is_scripted ||
         std::any_of(spec.chaos.faults.begin(), spec.chaos.faults.end(),
                     [&](const auto& fault) { return fault && runs_it(fault->action); });
}

void forget_unknown_versions(ScenarioSpec& spec) {
  const auto forget = [&](Action& action) {
    auto* named = version_of(action);
    if (named != nullptr && *named && !find_version(spec, **named)) named->reset();
  };
  for (EventSpec& event : spec.events) forget(event.action);
  for (auto& fault : spec.chaos.faults) {
    if (fault) forget(fault->action);
  }
}

void set_rebalance(const std::string& policy, ScenarioSpec& spec) {
  for (VersionSpec& version : spec.versions) {
    std::string& its = version.policy.rebalance;
    if (its == spec.policy.rebalance) its = policy;
  }
  spec.policy.rebalance = policy;
}

void set_options(const std::string& policy, const distribution::OptionValues& values,
                 ScenarioSpec& spec) {
  const auto set = [&](PolicySpec& one) {
    for (const auto& [name, value] : values) one.options[policy].insert_or_assign(name, value);
  };
  set(spec.policy);
  for (VersionSpec& version : spec.versions) set(version.policy);
}

void switch_rules_off(const std::vector<std::string>& names, ScenarioSpec& spec) {
  add_sorted(spec.rules_off, names);
  for (VersionSpec& version : spec.versions) add_sorted(version.rules_off, names);
}

}  // namespace shardproof::sim
