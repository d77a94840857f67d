// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/scenario/spec.hpp"

/// Sets the keys of a scenario's tables back to their defaults, through the functions of
/// sim/scenario/fields.hpp: a key that is added there is shrunk without a line here.
namespace shardproof::sim::campaign {

/// How many keys of the run, the policy and the world have a default; they are numbered from 0. The
/// seed is one.
std::size_t setting_count();
/// Gives that one its default.
void reset_setting(ScenarioSpec& spec, std::size_t index);
/// How many are off it, or, in another version of the software, are not as in the scenario; what a
/// scenario is about and its seed do not count.
std::uint64_t changed_settings(const ScenarioSpec& spec);

/// How many keys of a `[[version]]` a scenario may leave out; they are numbered from 0.
std::size_t version_setting_count();
/// Gives that one of version `version` what the scenario says; does nothing if there is no such
/// version.
void reset_version_setting(ScenarioSpec& spec, std::size_t version, std::size_t index);

/// Gives that key of the event's action its default; does nothing if there is no such key.
void reset_action_setting(ScenarioSpec& spec, std::size_t event, std::size_t index);

}  // namespace shardproof::sim::campaign
