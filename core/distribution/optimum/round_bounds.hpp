// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/distribution/optimum/transfer_graph.hpp"

namespace shardproof::distribution {

/// No schedule has fewer rounds than either of these.
struct RoundBounds {
  std::uint64_t degree = 0;  ///< LB1: the largest ceil(d_v / c_v), d_v the transfers of node v
  /// LB2: the largest ceil(|E(S)| / floor(sum of c_v in S / 2)) of the sets S of nodes that were
  /// looked at, E(S) the transfers inside: a round has no more of them than pairs of places in S.
  std::uint64_t density = 0;
  bool density_is_exact = false;  ///< all sets were looked at; else it is a bound all the same

  std::uint64_t rounds() const { return std::max(degree, density); }
};

/// Exact over all sets where at most 16 nodes have transfers. Beyond that over all pairs, and the
/// sets left while the node with the fewest transfers per capacity is taken away again and again
/// (the peeling that approximates the densest subgraph within a factor of two: Charikar 2000),
/// which begins with all nodes. O(2^k k) for k <= 16 nodes, else O(m log m + n log n).
///
/// Sources: LB1 and LB2 for unit capacities are the bounds of the chromatic index by degree and by
/// odd sets (Edmonds; Goldberg 1973, Seymour 1979), with capacities as in Kari, Kim, Russell 2011.
RoundBounds round_bounds(const TransferGraph& graph);

}  // namespace shardproof::distribution
