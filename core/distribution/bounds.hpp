// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/units.hpp"
#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// The least that has to be copied, whatever the policy, to reach two kinds of balance.
struct MigrationMinimum {
  std::uint64_t copies = 0;  ///< for balanced counts
  Bytes bytes{};             ///< for balanced counts, with the cheapest copies
  Bytes bytes_to_even{};     ///< for the same bytes per weight everywhere, if shards could be cut

  /// What a policy that balances counts and bytes has to move at least.
  Bytes bytes_for_both() const { return bytes < bytes_to_even ? bytes_to_even : bytes; }

  friend bool operator==(const MigrationMinimum&, const MigrationMinimum&) = default;
};

/// Lower bounds on what moves so that exactly the `members` (by node index, at least one) hold all
/// planned copies of the view, balanced.
///
/// Counts: member i is to have t_i copies as of balanced_counts.hpp. A node with a_i copies gives
/// away at least max(0, a_i - t_i), a non-member all, so the sum is a lower bound. `copies` takes
/// the roundings that minimise it. `bytes` prices what a node gives at its smallest copies; what it
/// gives is a convex function of t_i, so the ceilings that save the largest copies minimise the
/// sum. Both are exact if a copy may go to any member that is to have more, for instance when each
/// shard has a copy in each of its domains; otherwise copies of one shard on the same target can
/// only make the real minimum larger. For unit shards without domains this is the bound of the
/// movement literature.
///
/// Even bytes: sum of max(0, bytes_i - share_i), share_i by weight, rounded up, in each of the
/// pools of balanced_counts.hpp (so that a domain which must hold a copy of everything is not asked
/// to give).
///
/// Copies lost with a dead non-member are counted: they have to be made again. O(c log c) for c
/// copies beside the cost of balanced_counts.
MigrationMinimum migration_minimum(const ClusterView& before, const std::vector<bool>& members);

/// The members after all announced changes: nodes that are alive and active, or in maintenance.
std::vector<bool> members_after_changes(const ClusterView& view);

}  // namespace shardproof::distribution
