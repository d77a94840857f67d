// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// What a policy evens out among the nodes.
enum class LoadMeasure : std::uint8_t {
  Copies,
  Leaders,
  Bytes,
  Requests,  ///< per second; a shard's are its leader's, as only that one reports them
  Cpu,       ///< inputs per second that a node handles for clients' requests to the copies on it
};

std::string_view to_string(LoadMeasure measure);

/// What a node holds once the moves in flight are done.
struct Holding {
  bool takes_copies = false;
  std::uint64_t copies = 0;
  std::uint64_t bytes = 0;
  std::uint64_t leaders = 0;
  std::uint64_t requests = 0;
  std::uint64_t inputs = 0;

  std::uint64_t amount(LoadMeasure measure) const;
  friend bool operator==(const Holding&, const Holding&) = default;
};

/// What the nodes hold, by node index, and how many shards a plan may touch.
struct Holdings {
  std::vector<Holding> nodes;
  std::uint64_t free_shards = 0;

  friend bool operator==(const Holdings&, const Holdings&) = default;
};

/// O(copies log R + nodes) for R copies of a shard.
Holdings holdings_of(const ClusterView& view);

/// True if both call for the same plan by a policy that evens out these measures: the same nodes
/// take copies and hold as much of each, and a plan may touch as many shards. O(nodes * measures).
bool call_for_the_same(const Holdings& a, const Holdings& b,
                       const std::vector<LoadMeasure>& measures);

/// True if one of the nodes that take copies holds more than its share of what they hold together
/// (by weight, see node_weights) plus that fraction of it. Exact. O(nodes).
bool any_over_mean(const ClusterView& view, const Holdings& holdings, LoadMeasure measure,
                   Ratio fraction);

}  // namespace shardproof::distribution
