// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// Redpanda's partition balancer and the checks of its simulation.
namespace shardproof::sim::peers {

/// Total replicas x node capacity / total capacity, for each node. Capacities above zero.
std::vector<double> expected_replicas(Loads replicas, Loads capacities);

/// Nodes whose number of replicas is further from the expected one than that many percent of it,
/// rounded up to whole replicas: 1 for all replicas, 3 for those of a topic.
std::uint64_t unbalanced_nodes(Loads replicas, Loads capacities, std::uint32_t percent);

/// How often two nodes are together in a replica set, over all pairs of nodes.
struct PairFrequency {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  double average = 0;
};
/// `sets` by partition, each of distinct nodes below `nodes`. Nothing of less than two nodes.
/// O(pairs in sets, log of them).
std::optional<PairFrequency> pair_frequency(std::span<const std::vector<std::uint32_t>> sets,
                                            std::size_t nodes);

/// Used over total space of the fullest disk: from 0.8 on replicas are moved away, from 0.95 on no
/// more are accepted. Nothing without a node; capacities above zero.
inline constexpr double kDiskSoftLimit = 0.8;
inline constexpr double kDiskHardLimit = 0.95;
std::optional<double> disk_used_max(Loads used, Loads capacities);

}  // namespace shardproof::sim::peers
