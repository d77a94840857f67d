// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/cluster/applied.hpp"
#include "sim/cluster/cluster.hpp"
#include "sim/cluster/node_holds.hpp"

namespace shardproof::sim {

/// Takes processes down, brings them back and makes them stand still.
///
/// Outages of one node may overlap, and so may pauses: it comes back when the last one has ended. A
/// crash ends the pauses of the process that died, a restart ends outages and pauses. What would
/// not change anything does not happen: a crash or a pause that ends no later than those that hold
/// the node already.
class ProcessFaults {
 public:
  ProcessFaults(const DiskSpec& disk, Cluster& cluster) : disk_(disk), cluster_(cluster) {}

  /// `until`: when the node comes back, `Instant::never()` if nobody has said so.
  Applied crash(NodeId node, const CrashAction& action, Instant until);
  /// The same, and the disk's content is gone. Happens to a node that is down, too.
  Applied lose_disk(NodeId node, Instant until);
  /// Both die, as in a crash, and have each other's disks from then on. Happens to nodes that are
  /// down, too.
  Applied swap_disks(NodeId one, NodeId other, Instant until);
  /// With that version of the software, if one is given.
  Applied restart(NodeId node, std::optional<std::uint32_t> version);
  Applied pause(NodeId node, Instant until);

 private:
  /// A crash has just ended the process, or it was down: it comes back at the end of all outages.
  Applied begin_outage(NodeId node, Instant until);

  const DiskSpec& disk_;
  Cluster& cluster_;
  NodeHolds outages_;
  NodeHolds pauses_;
};

}  // namespace shardproof::sim
