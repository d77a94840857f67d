// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// Elasticsearch's balanced shards allocator and what it reports of balance.
namespace shardproof::sim::peers {

/// Of one node; averages are over the nodes.
struct WeightInput {
  double shards = 0;
  double shards_average = 0;
  double index_shards = 0;
  double index_shards_average = 0;
  double write_load = 0;
  double write_load_average = 0;
  double disk_bytes = 0;
  double disk_bytes_average = 0;
};

/// The defaults of cluster.routing.allocation.balance.{shard,index,write_load,disk_usage}, before
/// they are normalised to the sum 1 (recalled, not read).
struct WeightFactors {
  double shard = 0.45;
  double index = 0.55;
  double write_load = 10;
  double disk_usage = 2e-11;
};

/// cluster.routing.allocation.balance.threshold: a shard moves if the difference of two nodes'
/// weights is above it.
inline constexpr double kWeightThreshold = 1.0;

/// weight(node, index): the sum of what each is above its average, by normalised factors.
double allocation_weight(const WeightInput& node, const WeightFactors& factors = {});

/// Its simulation's overage_percent: ceil(1000 (max - mean) / mean) / 10. Nothing without a load.
std::optional<double> overage_percent(Loads loads);

/// total, min, max, average and std_dev (of the population), as its statistics name them. Nothing
/// without a node.
struct AllocationStats {
  double total = 0;
  double min = 0;
  double max = 0;
  double average = 0;
  double std_dev = 0;
};
std::optional<AllocationStats> allocation_stats(Loads loads);

/// undesired_shard_allocation_count: copies on nodes that the desired allocation does not name for
/// their shard. Both by shard, each a list of nodes.
std::uint64_t undesired_allocations(std::span<const std::vector<std::uint32_t>> current,
                                    std::span<const std::vector<std::uint32_t>> desired);

}  // namespace shardproof::sim::peers
