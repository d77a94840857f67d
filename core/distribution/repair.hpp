// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

/// Which learners to add: for every shard with fewer living copies (learners and in-flight moves
/// counted, see living_copies) than its replication factor, one `Add` for each missing one, shards
/// with the fewest living replicas first, then by id. The source is the leader if it is alive, else
/// the living replica of the lowest id; a shard without any is skipped, for nothing can be copied.
///
/// The target is active, alive, has space under the watermark and no copy; of those the one that
/// shares the fewest domains with the living copies, then one that holds a stale copy (it has less
/// to fetch), then the one with the fewest copies per weight, planned ones included, then the lower
/// id. Frozen shards and shards with an in-flight move are left alone. What finds no target is
/// `unplaceable`. O(shards + missing * n) for n nodes.
Plan plan_repairs(const ClusterView& view, Ratio disk_watermark);

}  // namespace shardproof::distribution
