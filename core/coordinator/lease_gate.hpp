// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "core/coordinator/proposals.hpp"

namespace shardproof {

/// Holds leases back from nodes that come, or come back, until they know what was decided without
/// them.
///
/// While a node was dead its shards may have been given to others, who wait for no answer of its. A
/// lease would let it go on leading them by its old table. So it gets none before the changes that
/// were under way when it was heard again have been settled, and it has adopted the table as of
/// then.
class LeaseGate {
 public:
  /// The node was dead, or not heard in this tenure, and has become alive.
  void on_return(NodeId node, const Proposals& proposals);
  /// Whether the node, whose table is at `known`, may be granted a lease. O(log nodes held back).
  bool may_grant(NodeId node, Revision known, const Proposals& proposals, const ShardTable& table);

 private:
  struct Held {
    /// The last change that may count on the node's being dead.
    std::uint64_t last_proposal = 0;
    /// The table that it must have; zero while such a change is under way.
    Revision needed;
  };
  std::map<NodeId, Held> held_;
};

}  // namespace shardproof
