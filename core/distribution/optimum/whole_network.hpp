// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// The model of minimum_flow.hpp for MoveCost::Bytes as a network with all its vertices and arcs,
/// solved by Boost.Graph (successive shortest paths): where each shard's copies end, ascending. A
/// second and independent answer for tests, and what minimum_flow is to be measured against.
///
/// Only for states without exclusions, frozen, pinned, moving or half-made shards, with every node
/// active or draining and alive, no disk stated, and sizes of up to about 10,000 bytes (weights are
/// 64-bit numbers in which evenness, bytes and copies have their places). O(c (s n) log(s n)) for c
/// copies of s shards on n nodes.
std::vector<std::vector<NodeId>> solve_whole_network(const ClusterView& view);

}  // namespace shardproof::distribution
