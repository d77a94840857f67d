// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Where an event of `spec.events` stands in a file: `at[2]` or `when[0]`.
std::string event_path(const ScenarioSpec& spec, std::size_t index);

/// The selectors of an action, each with its key below the event: `crash.node`.
std::vector<std::pair<const NodeSelector*, std::string>> selectors(const Action& action);

/// The shard that an action names itself, not by a selector; `move`, `abort` and `status` can.
std::optional<ShardChoice> shard_named(const Action& action);

/// Whether it would swap a disk with itself.
bool is_with_itself(const SwapDisksAction& swap);

/// Whether the order is for as many copies as the collection begins with, and the only one.
bool changes_nothing(const ReplicationAction& order, const ScenarioSpec& spec);

/// How many nodes there can be in the run, joined ones included.
std::uint64_t nodes_at_most(const ScenarioSpec& spec);

}  // namespace shardproof::sim
