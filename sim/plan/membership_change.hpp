// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/snapshot/cluster_snapshot.hpp"

namespace shardproof::sim {

/// Empty nodes that come in. What is not told: they stand where the fewest nodes of their kind are
/// (a zone, of equals the one seen first), in racks of their own, and are as large as the first
/// node that takes copies.
struct AddedNodes {
  std::uint32_t count = 1;
  std::string zone;
  std::string like;  ///< a node whose capacity they have
};

/// What happens to the members of a cluster, and what plans have to leave alone. Nodes and
/// collections go by their names.
struct MembershipChange {
  std::vector<AddedNodes> add;
  std::vector<std::string> drain;                    ///< to be emptied
  std::vector<std::string> remove;                   ///< gone at once, with all they hold
  std::vector<std::pair<std::string, Bytes>> weigh;  ///< the disk's new size, which is the weight
  std::vector<std::string> exclude;                  ///< take no copies, and keep what they have
  std::vector<std::string> pin;                      ///< collections that stay where they are

  bool empty() const {
    return add.empty() && drain.empty() && remove.empty() && weigh.empty() && exclude.empty() &&
           pin.empty();
  }
};

/// The cluster as the change leaves it, before anything has moved: added nodes are called new-0,
/// new-1, ...; a removed node's copies are missing, the first replica left leads. Fails if a node
/// or zone is not there (with a suggestion), if a change contradicts another one, or if removing
/// nodes would lose the last copy of a shard. O(nodes + copies).
Result<ClusterSnapshot> changed(ClusterSnapshot snapshot, const MembershipChange& change);

}  // namespace shardproof::sim
