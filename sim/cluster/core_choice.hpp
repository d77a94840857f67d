// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

/// How a node stays broken for good.
enum class LastingFault : std::uint8_t {
  kDown,      ///< its process never starts again
  kPaused,    ///< its process stands still
  kCutOff,    ///< no message passes, either way
  kDeadDisk,  ///< its disk answers nothing, whatever its process says
  /// Its disk takes as many times longer as it does now. It takes part all the same, and is to.
  kSlowDisk,
};
/// "down", "paused", "cut off", "dead disk", "slow disk".
std::string_view to_string(LastingFault fault);
/// Whether nothing is to be expected of who is broken so.
bool is_out_of_service(LastingFault fault);

/// A node outside the core.
struct Outsider {
  NodeId node;
  LastingFault fault = LastingFault::kDown;
  Ratio slowdown{1, 1};  ///< of kSlowDisk
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
/// now if they are down, stand still, do not reach the metadata store, or have a disk that stands
/// still or is slow; else it is drawn what happens to them.
///
/// Streams: ("settling", 0, "core"), ("settling", node, "fault"). O(members * shards * copies).
CoreChoice choose_core(const Cluster& cluster, Streams streams);

/// From now on the nodes are broken so, for good. Faults that have held them are over.
void break_for_good(Cluster& cluster, const std::vector<Outsider>& outside, const CrashFate& fate);

}  // namespace shardproof::sim
