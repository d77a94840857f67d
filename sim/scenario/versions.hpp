// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The place of a version among `ScenarioSpec::all_versions`; nothing if there is none of the name.
std::optional<std::size_t> find_version(const ScenarioSpec& spec, std::string_view name);

/// Which version of the software an action makes nodes run; null for one that cannot.
std::optional<std::string>* version_of(Action& action);
const std::optional<std::string>* version_of(const Action& action);

/// Whether some event, or a random fault, makes nodes run the version.
bool is_ever_run(const ScenarioSpec& spec, std::string_view version);

/// Whoever was to run a version that the scenario does not have goes on with the one it has.
void forget_unknown_versions(ScenarioSpec& spec);

/// Another rebalance policy, also for the versions that have the same as the scenario.
void set_rebalance(const std::string& policy, ScenarioSpec& spec);

/// What is set of a policy, for every version, beside what is set of it already.
void set_options(const std::string& policy, const distribution::OptionValues& values,
                 ScenarioSpec& spec);

/// Switches safety rules off in every version, beside those that are off already.
void switch_rules_off(const std::vector<std::string>& names, ScenarioSpec& spec);

}  // namespace shardproof::sim
