// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// What a policy evens out among the nodes.
enum class LoadMeasure : std::uint8_t { Copies, Bytes };

/// What a node holds once the moves in flight are done.
struct Holding {
  bool takes_copies = false;
  std::uint64_t copies = 0;
  std::uint64_t bytes = 0;

  std::uint64_t amount(LoadMeasure measure) const {
    return measure == LoadMeasure::Copies ? copies : bytes;
  }
  friend bool operator==(const Holding&, const Holding&) = default;
};

/// What the nodes hold, by node index, and how many shards a plan may touch: two equal ones call
/// for the same plan.
struct Holdings {
  std::vector<Holding> nodes;
  std::uint64_t free_shards = 0;

  friend bool operator==(const Holdings&, const Holdings&) = default;
};

/// O(copies log R + nodes) for R copies of a shard.
Holdings holdings_of(const ClusterView& view);

/// True if one of the nodes that take copies holds more than its share of what they hold together
/// (by weight, see node_weights) plus that fraction of it. Exact. O(nodes).
bool any_over_mean(const ClusterView& view, const Holdings& holdings, LoadMeasure measure,
                   Ratio fraction);

}  // namespace shardproof::distribution
