// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// What one member is to hold: `floor` copies, or one more.
struct CountTarget {
  NodeId node{};
  std::uint64_t weight = 1;
  std::uint64_t floor = 0;
  bool may_round_up = false;
};

/// Members that share an amount among themselves by weight.
struct CountPool {
  std::vector<CountTarget> targets;
  std::uint64_t ceilings = 0;  ///< what is left of the amount when all have their floor
  std::uint64_t bytes = 0;     ///< of all their copies together
  bool is_bounded = false;  ///< together they cannot hold more: no more than `ceilings` rounded up
};

/// The balanced number of copies on each of the `members` (by node index, at least one) when they
/// hold all planned copies of the view, as even by weight (see node_weights) as failure domains
/// allow: each member its portion (apportionment.hpp), so that the sum is right, no bound is passed
/// and the fullest member by weight is as little full as whole copies and the bounds allow.
///
/// Of K copies of a shard and D domains of a level with members, one domain takes at most one copy
/// if K <= D, else K - D + 1 (all domains are used); one node takes at most one. Summed over the
/// shards that bounds what a domain or a node can hold. The shares are those that minimise the sum
/// of c^2/w under these bounds. Bounds on nested sets form a polymatroid, for which the
/// decomposition algorithm is exact (Fujishige 1980): share by weight, cut out the set that is most
/// above its bound, give it just that, and go on inside and outside of it. Without a binding bound
/// there is one pool.
///
/// O(c + n) for c copies and n members, and O(n^2) for each set that is cut out.
std::vector<CountPool> balanced_counts(const ClusterView& view, const std::vector<bool>& members);

}  // namespace shardproof::distribution
