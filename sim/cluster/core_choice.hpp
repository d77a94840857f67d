// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

/// How a node stays broken for good.
enum class LastingFault : std::uint8_t {
  kDown,    ///< its process never starts again
  kPaused,  ///< its process stands still
  kCutOff,  ///< no message passes, either way
};
/// "down", "paused", "cut off".
std::string_view to_string(LastingFault fault);

/// A node outside the core.
struct Outsider {
  NodeId node;
  LastingFault fault = LastingFault::kDown;
};

/// Who is to go on when the chaos is over, and what becomes of the others: both in order of node,
/// each member of the cluster in one of them. Machines that are about to join, or have left, are in
/// neither; without members (the single-node mode) there is nobody in either.
struct CoreChoice {
  std::vector<NodeId> core;
  std::vector<Outsider> outside;
};

/// Draws a core of at least one member; three times of four, so many more that each shard has
/// enough in-sync copies in it to be served, as far as the table has them. Others stay as they are
/// now if they are down, stand still or do not reach the metadata store; else it is drawn what
/// happens to them.
///
/// Streams: ("settling", 0, "core"), ("settling", node, "fault"). O(members * shards * copies).
CoreChoice choose_core(const Cluster& cluster, Streams streams);

/// From now on the nodes are broken so, for good. Faults that have held them are over.
void break_for_good(Cluster& cluster, const std::vector<Outsider>& outside, const CrashFate& fate);

}  // namespace shardproof::sim
