// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/settings.hpp"

#include <any>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/scenario/action_fields.hpp"
#include "sim/scenario/scenario_fields.hpp"

namespace shardproof::sim::campaign {
namespace {

/// Collects the values of the keys that need not be written, in the order of the visit.
class SettingValues {
 public:
  template <typename Codec>
  void field(std::string_view, const typename Codec::Value& value, const Codec&) {
    values.emplace_back(value);
  }
  template <typename Codec>
  void required(std::string_view, const typename Codec::Value&, const Codec&) {}
  template <typename Codec>
  void optional(std::string_view, const std::optional<typename Codec::Value>& value, const Codec&) {
    values.emplace_back(value);
  }
  template <typename Fields>
  void table(std::string_view, Fields&& fields) {
    fields(*this);
  }
  template <typename T, typename Fields>
  void tables(std::string_view, std::vector<T>& tables, Fields&&) {
    values.emplace_back(tables);
  }

  std::vector<std::any> values;
};

/// Gives one key the value that it has among those collected from a table of the same kind.
class SettingReset {
 public:
  SettingReset(const std::vector<std::any>& defaults, std::size_t index)
      : defaults_(defaults), index_(index) {}

  template <typename Codec>
  void field(std::string_view, typename Codec::Value& value, const Codec&) {
    take(value);
  }
  template <typename Codec>
  void required(std::string_view, typename Codec::Value&, const Codec&) {}
  template <typename Codec>
  void optional(std::string_view, std::optional<typename Codec::Value>& value, const Codec&) {
    take(value);
  }
  template <typename Fields>
  void table(std::string_view, Fields&& fields) {
    fields(*this);
  }
  template <typename T, typename Fields>
  void tables(std::string_view, std::vector<T>& tables, Fields&&) {
    take(tables);
  }

 private:
  template <typename T>
  void take(T& value) {
    if (next_++ == index_) value = std::any_cast<const T&>(defaults_[index_]);
  }

  const std::vector<std::any>& defaults_;
  std::size_t index_;
  std::size_t next_ = 0;
};

/// Every key of the run, the policy and the world that has a default.
template <typename Visitor>
void visit_settings(Visitor& visitor, ScenarioSpec& spec) {
  fields_of_run(visitor, spec);
  fields(visitor, spec.policy, default_vocabulary());
  fields_of_world(spec, [&](std::string_view, auto&& visit) { visit(visitor); });
}

/// The keys of the event's action.
template <typename Visitor>
void visit_settings(Visitor& visitor, Action& action) {
  const Names names;
  std::visit([&](auto& one) { fields(visitor, one, names); }, action);
}

template <typename Visitor>
void visit_settings(Visitor& visitor, VersionSpec& version) {
  fields(visitor, version, default_vocabulary());
}

/// What the visited keys are in it.
template <typename Spec>
std::vector<std::any> values_of(Spec spec) {
  SettingValues values;
  visit_settings(values, spec);
  return std::move(values.values);
}

/// What the visited keys are in a scenario of which nothing is written.
std::vector<std::any> default_values() { return values_of(ScenarioSpec{}); }

template <typename Spec>
void reset(Spec& spec, const std::vector<std::any>& defaults, std::size_t index) {
  SettingReset visitor(defaults, index);
  visit_settings(visitor, spec);
}

/// How many keys are not what they are in `defaults`.
template <typename Spec>
std::uint64_t count_changed(const Spec& spec, const std::vector<std::any>& defaults) {
  std::uint64_t changed = 0;
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    Spec without = spec;
    reset(without, defaults, i);
    changed += without == spec ? 0 : 1;
  }
  return changed;
}

}  // namespace

std::size_t setting_count() { return default_values().size(); }

void reset_setting(ScenarioSpec& spec, std::size_t index) { reset(spec, default_values(), index); }

std::uint64_t changed_settings(const ScenarioSpec& spec) {
  ScenarioSpec counted = spec;
  counted.about.clear();
  counted.seed = ScenarioSpec{}.seed;
  std::uint64_t changed = count_changed(counted, default_values());
  const std::vector<std::any> first = values_of(spec.first_version());
  for (const VersionSpec& version : spec.versions) changed += count_changed(version, first);
  return changed;
}

std::size_t version_setting_count() { return values_of(VersionSpec{}).size(); }

void reset_version_setting(ScenarioSpec& spec, std::size_t version, std::size_t index) {
  if (version >= spec.versions.size()) return;
  reset(spec.versions[version], values_of(spec.first_version()), index);
}

void reset_action_setting(ScenarioSpec& spec, std::size_t event, std::size_t index) {
  if (event >= spec.events.size()) return;
  Action& action = spec.events[event].action;
  Action plain;
  std::visit([&](const auto& one) { plain = std::decay_t<decltype(one)>{}; }, action);
  if (auto* join = std::get_if<JoinAction>(&plain)) join->capacity = spec.cluster.capacity;
  reset(action, values_of(plain), index);
}

}  // namespace shardproof::sim::campaign
