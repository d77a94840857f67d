// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim::campaign {

/// Ways to take one thing out of a scenario. Each leaves ids and indices of the rest right, and
/// what named only the thing goes with it; `make_valid` does the rest. A cut that would leave
/// nothing (the last node or collection, the only operation of a mix) does nothing.

/// Node `index` of the start; nodes behind it, joined ones too, move up by one. Replication factors
/// are at most the nodes that are left, so that the cluster can be set up.
void drop_node(ScenarioSpec& spec, std::size_t index);

/// Collection `index` with its traffic.
void drop_collection(ScenarioSpec& spec, std::size_t index);

/// Version `index` of `versions`; who was to run it goes on with the one that it has.
void drop_version(ScenarioSpec& spec, std::size_t index);

/// The operation from the traffic's mix; the others come alike often then.
void drop_operation(TrafficSpec& traffic, TrafficOperation operation);

/// Keeps only the events at these indices, ascending.
void keep_events(ScenarioSpec& spec, const std::vector<std::size_t>& indices);

/// One region for all zones, and in each one rack.
void forget_regions_and_racks(ScenarioSpec& spec);

/// One zone, and nodes without settings of their own.
void make_nodes_alike(ScenarioSpec& spec);

}  // namespace shardproof::sim::campaign
