// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/cluster_view.hpp"

namespace shardproof::sim {

/// A cluster as it is now, as some system has told it: what policies may see, and the names it goes
/// by there.
struct ClusterSnapshot {
  std::vector<std::string> nodes;        ///< by node id
  std::vector<std::string> zones;        ///< by node id, empty where none is told
  std::vector<std::string> shards;       ///< by index in `view.shards`
  std::vector<std::string> collections;  ///< by collection id
  distribution::ClusterView view;
  bool knows_bytes = true;  ///< of shards; if not, they are all zero
};

/// A view with names: n0, n1, ...; s0, s1, ... by index; c0, c1, .... Ids of its shards have to be
/// their indices.
ClusterSnapshot snapshot_of(distribution::ClusterView view);

/// Takes out the copies on removed nodes; of those that are left the first leads, if nobody else
/// does. The error names the shards of which none is left. O(copies).
Result<void> forget_removed(ClusterSnapshot& snapshot);

}  // namespace shardproof::sim
