// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

/// The same plan, moving no more copies than have to move. Goals that work on one copy after the
/// other may send a shard's copies round in a circle (0->2, 1->3, 2->0, 3->1). Of a shard with more
/// moves than nodes that lose their copy, only the net difference is kept: each node that is left
/// sends its copy to one that is new, and leadership ends where it would have ended. If it may not
/// be handed over by itself now (`leader_stays`), all moves stay that bring it there together with
/// copies to other nodes; none that only bring it from one copy to another.
///
/// At every step, and also if the moves for evenness are left out, as in `moves`: no two copies are
/// on one node, the leader has a copy, and no level has fewer distinct domains under the copies
/// than before (only a drain may have to). A shard's moves off draining nodes come first, then
/// those for its domains, then those for evenness, and all moves for evenness come last in the
/// plan. Where no such order is found the shard's moves stay as they are; so do those of a shard
/// with more than twelve copies to move.
///
/// `moves` are legal for `view` in their order, the moves for evenness of each shard behind its
/// others, and of no shard that is moving. O(m log m) for m moves, and for each shard with
/// detours O(C(2k, k) k^3) at worst for k copies to move, O(k^5) usually.
std::vector<Move> without_detours(const ClusterView& view, std::vector<Move> moves);

}  // namespace shardproof::distribution
