// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/units.hpp"
#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// The least that has to move, whatever the policy.
struct MigrationMinimum {
  std::uint64_t copies = 0;
  Bytes bytes{};

  friend bool operator==(const MigrationMinimum&, const MigrationMinimum&) = default;
};

/// Lower bound on what has to be copied so that exactly the `members` (by node index, at least one) hold
/// all copies of the view (see planned_copies), balanced by weight (see node_weights).
///
/// Balanced means: of C copies of S shards, member i holds its share C * w_i / W rounded down or up. No
/// node can hold more than S; what such a node cannot take is shared out among the others by the same
/// rule. With equal weights: counts within one of each other.
///
/// A node that has a_i copies and is to have t_i gives away at least max(0, a_i - t_i), a non-member all;
/// no copy counted twice, so the sum over the nodes is a lower bound. `copies` takes the roundings that
/// minimise it, the ceilings at the nodes with most to give. `bytes` prices what a node gives at its
/// smallest copies: for a fixed number of ceilings the cost of a node is a convex function of t_i, so the
/// ceilings that save the largest copies minimise the sum. Both are exact when copies may go to any
/// member; copies of one shard on the same target and failure domains can only make the real minimum
/// larger. For unit shards this is the bound of the movement literature, sum of max(0, a_i - t_i).
///
/// Copies lost with a dead non-member are counted: they have to be made again. O(c log c + n^2 of capped
/// nodes) for c copies and n nodes.
MigrationMinimum migration_minimum(const ClusterView& before, const std::vector<bool>& members);

/// The members after all announced changes: nodes that are alive and active, or in maintenance.
std::vector<bool> members_after_changes(const ClusterView& view);

}  // namespace shardproof::distribution
