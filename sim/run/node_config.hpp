// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/config.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// When the scenario's time begins, in the world's: the cluster is set up before.
inline constexpr Nanoseconds kSetupTime = seconds(10);

/// What every node is started with that runs this version of the scenario's software; id and record
/// are each node's own.
NodeConfig make_node_config(const ScenarioSpec& spec, const VersionSpec& version);
/// The same of each of `ScenarioSpec::all_versions`.
std::vector<NodeConfig> make_node_configs(const ScenarioSpec& spec);

/// The settings that `enable_sharding` is asked for.
CollectionConfig make_collection_config(const CollectionSpec& spec);

}  // namespace shardproof::sim
