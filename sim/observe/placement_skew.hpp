// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/load_tally.hpp"
#include "sim/observe/scope_samples.hpp"
#include "sim/observe/skew.hpp"

namespace shardproof::sim {

/// One dimension's load on each member of the cluster (but for draining ones that hold nothing), in
/// order of id. O(nodes).
std::vector<std::uint64_t> cluster_loads(SkewDimension dimension, const ClusterTally& cluster,
                                         const LoadTally& loads);

/// The skew of the whole cluster; then, if members stand in more than one zone, between the zones
/// and within each; the same of racks, if they are more than the zones; then of each collection by
/// id. Logarithms included. O(copies + nodes log nodes).
std::vector<ScopedSkew> scoped_skews(const ClusterTally& cluster, const LoadTally& loads);

}  // namespace shardproof::sim
