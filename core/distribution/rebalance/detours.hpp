// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

/// The moves, but for shards of which a copy would come to a node that another one has left in the
/// same plan: they get the fewest moves that end in the same copies with the same leader. They are
/// paired and ordered so that no step but a drain leaves fewer distinct domains under the copies,
/// at any level, than the one before. If there is no such order, or more than four copies change,
/// the shard's moves stay as they are.
///
/// Leaders handed over before maintenance, and what comes before that, stay. Moves off draining
/// nodes come first, so that those for evenness can be left out. Everything else stays in its
/// order. `moves` have to be legal one after the other. O(moves log moves), and O(k!^2 R) for a
/// shard of R copies of which k change.
std::vector<Move> without_detours(const ClusterView& view, std::vector<Move> moves);

}  // namespace shardproof::distribution
