// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

/// What is to be least among the plans that leave the counts most even.
enum class MoveCost : std::uint8_t {
  Copies,  ///< how many copies move
  Bytes,   ///< their bytes; of equal bytes, fewer copies
};

struct MinimumFlowRequest {
  MoveCost cost = MoveCost::Copies;
  Ratio disk_watermark{85, 100};
  /// With MoveCost::Copies: of the plans that move as few copies, one that heads for the same bytes
  /// per weight everywhere. That part is a heuristic: each node gives copies that together leave it
  /// its share, and of equally full nodes the one that lacks most bytes receives.
  bool even_bytes = false;
  /// Searches for an improvement after the first plan, each ending in at least one or in the proof
  /// that there is none. What a caller with little time cuts short.
  std::uint64_t searches_max = std::numeric_limits<std::uint64_t>::max();
};

struct MinimumFlow {
  Plan plan;  ///< drains first, then in an order that is a fair sample of the nodes
  std::uint64_t copies = 0;
  Bytes bytes{};
  bool is_proven = false;      ///< no flow of the model costs less
  bool is_complete = true;     ///< all of the flow is in the plan: no disk would become too full
  std::uint64_t searches = 0;  ///< that were made, the one that proves it included
};

/// The least that has to move for balanced counts, with the plan that moves just that: a minimum
/// cost flow shard -> region -> zone -> rack -> node -> sink, one unit for each copy.
///
/// The model, exactly:
/// - A shard keeps its number of copies, on different nodes. Those of frozen, pinned, moving or
///   half-made shards stay, as do those of shards with too few living copies (but off a draining
///   node), and those on nodes that are dead or in maintenance.
/// - Only nodes that are active and alive receive, and only copies that fit on their
///   disk alone, below the watermark. That all that arrives fits together is not in the model (it
///   would be NP-hard): a move that does not fit is left out of the plan, and is_complete is false.
/// - Domains: where a level has D domains with a node that receives and the shard has K <= D
/// copies,
///   a domain holds at most one (or what it holds now); if K > D, at most K - D + 1 (or what it
///   holds now), and one that holds a copy keeps one, unless all of it is drained. So no step of
///   the plan leaves a shard on fewer domains of a level than before, but for what a drain takes.
///   Copies that share a domain are not spread: spread_domains (goals.hpp) does that.
/// - Evenness comes before cost: with targets t as of balanced_counts.hpp the sum over the nodes of
///   1 + 2 + ... up to what a node has above or below its target is least, the rounded-up copy
///   being free; a copy on a draining node costs more than all of that. Where the targets can be
///   reached they are, and for unit shards the cost is sum max(0, a_i - t_i); where domains, frozen
///   shards or exclusions forbid that, it is the most even that is left.
///
/// How: copies go from the fullest node to the emptiest, cheapest first; if the result has the cost
/// of the relaxation in which any copy may go anywhere, it is the least. Else negative cycles of
/// the residual network are cancelled until there are none (Klein 1967), which proves it. A cycle
/// is found by relaxing rounds over the nodes (Bellman and Ford, with cycles looked for among the
/// predecessors); shards are not vertices, but arcs that are walked from the cheapest on, as far as
/// they improve something.
///
/// O(c log c + m (log n + R)) for c copies, n nodes, m moves and R copies of a shard, and for each
/// search O(p (n log n + r f R + m R^2)), p rounds (2 to 20 in practice, at most n + 1), r racks
/// and f copies looked at for each until none improves a node. Deterministic; nothing is drawn.
MinimumFlow minimum_flow(const ClusterView& view, const MinimumFlowRequest& request = {});

}  // namespace shardproof::distribution
