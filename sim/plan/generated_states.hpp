// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/distribution/cluster_view.hpp"

namespace shardproof::sim {

/// How large a generated state is. More than one node more than there are copies of a shard, and at
/// least one collection and one copy.
struct StateSizes {
  std::uint32_t nodes = 20;  ///< all that there are, new or draining ones included
  std::uint32_t shards = 1000;
  std::uint32_t copies = 3;  ///< of each shard
  std::uint32_t collections = 4;
  std::uint32_t changing = 2;  ///< nodes that are new, or that drain; fewer than nodes - copies
};

/// A state that calls for rebalancing, to try policies on: its name, and one line about it.
struct GeneratedState {
  std::string_view name{};
  std::string_view description{};
  distribution::ClusterView (*make)(std::uint64_t seed, const StateSizes& sizes) = nullptr;
};

/// In this order; sizes of shards are 1 GiB, all shards take 10 requests per second, half of them
/// writes, nodes stand in three zones, and their disks are half full all together, where it does
/// not say otherwise:
///
/// - scale_out: as even as greedy makes it, and then `changing` empty nodes, the last ones.
/// - drain: as even, and then the last `changing` nodes drain.
/// - skewed_sizes: as many copies on each node, with sizes lognormal(median 256 MiB, sigma 1.5).
/// - hot: as even, with requests that fall off as a Zipf law of exponent 0.99 over the shards in
///   random order.
/// - unequal: disks in the ratio 1 : 2 : 4 in random order and zones of 2, 2 and 4 in 8 nodes, but
///   as many copies on each node.
///
/// Draws from the streams ("generated_states", shard, "size"), (..., shard, "heat") and (..., node,
/// "disk") of the seed, so that more shards or nodes change nothing about those that were there.
/// O(shards * nodes log nodes) each, and a plan of greedy.
const std::vector<GeneratedState>& generated_states();

/// The state of that name, or null.
const GeneratedState* find_generated_state(std::string_view name);

}  // namespace shardproof::sim
