// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/distribution/cluster_view.hpp"

namespace shardproof::distribution {

/// What each node is to hold of the bytes, by node index, when the members as of
/// members_after_changes hold all planned copies: its part by weight of its pool of
/// balanced_counts.hpp. Zero for others. O(c + n) beside balanced_counts.
std::vector<std::uint64_t> shares_of_bytes(const ClusterView& view);

/// A copy that a node could give.
struct SizedCandidate {
  std::uint64_t bytes = 0;
  std::uint64_t key = 0;  ///< different for each; a hash, so that its order is a fair sample
  std::uint32_t copy = 0;
};

/// The candidates, `count` of which are to be given, in an order in which the first `count` have
/// together as close to `bytes` as this finds: of the runs of neighbours by size the last that is
/// not above (or the first), then one of them exchanged for another one where that comes closer.
/// The given ones and the others each by key. Neighbours are of similar size, so that whoever
/// receives them can be evened out, too. O(c log c).
std::vector<std::uint32_t> order_to_give(std::vector<SizedCandidate> candidates,
                                         std::uint64_t count, std::uint64_t bytes);

}  // namespace shardproof::distribution
