// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// Apache Kudu's rebalancing tool.
namespace shardproof::sim::peers {

/// The difference of most and least replicas of a table on a server. Nothing without a server.
std::optional<std::uint64_t> table_skew(Loads replicas);

/// Replicas in a location over its servers, at least one.
double location_load(std::uint64_t replicas, std::uint64_t servers);

}  // namespace shardproof::sim::peers
