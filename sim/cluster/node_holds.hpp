// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "sim/faults.hpp"

namespace shardproof::sim {

/// The windows that hold nodes in some state: down, standing still, in maintenance. Windows of one
/// node may overlap in any way; the node is to leave the state when the last of them has ended.
/// Everything is linear in the windows of one node.
class NodeHolds {
 public:
  /// `until`: when the window is going to end; `Instant::never()` if it has no end.
  FaultId begin(NodeId node, Instant until) { return holds_[node].add(until); }
  /// Whether that was the last window that held the node. False for one that is over already.
  bool end(NodeId node, FaultId hold) { return holds_[node].remove(hold) && !holds(node); }
  /// All windows of the node are over.
  void release(NodeId node) { holds_[node].clear(); }

  bool holds(NodeId node) const {
    const auto found = holds_.find(node);
    return found != holds_.end() && !found->second.empty();
  }
  /// Whether a window until then would hold the node longer than those that do.
  bool outlasts(NodeId node, Instant until) const {
    const auto found = holds_.find(node);
    if (found == holds_.end()) return true;
    return std::all_of(found->second.begin(), found->second.end(),
                       [until](const auto& entry) { return entry.fault < until; });
  }

 private:
  /// Entries stay when they are empty: their numbers must not be given out again.
  std::map<NodeId, ActiveFaults<Instant>> holds_;
};

}  // namespace shardproof::sim
