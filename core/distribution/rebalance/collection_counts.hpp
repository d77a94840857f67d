// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

using CountsByNode = std::vector<std::uint64_t>;  // by node index

/// Where the copies of each collection are, on nodes that take copies or not. O(copies).
inline std::map<CollectionId, CountsByNode> counts_by_collection(const Draft& draft) {
  std::map<CollectionId, CountsByNode> counts;
  for (ShardIndex shard = 0; shard < draft.view().shards.size(); ++shard) {
    CountsByNode& of_collection = counts[draft.shard(shard).collection];
    of_collection.resize(draft.view().nodes.size());
    for (const NodeId node : draft.nodes_of(shard)) ++of_collection[node.value()];
  }
  return counts;
}

}  // namespace shardproof::distribution
