// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/wide.hpp"
#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

/// What each copy of a shard puts on its node. Of the processor the leader's copy takes something
/// else than each of the others; of a shard without leader all are others.
enum class PackedLoad : std::uint8_t { Copies, Bytes, Requests, Cpu };

/// What so many planned copies of the shard put on their nodes together, the leader's among them.
UInt128 packed_load(const ShardView& shard, PackedLoad load, std::uint64_t copies);

/// How even the load could be, if everything were placed anew on the members.
struct Packing {
  /// No placement has its fullest node less full than this: load per weight.
  WeightedLoad bound;
  /// The fullest node of the packing that was found.
  WeightedLoad fullest;
  std::vector<std::uint64_t> loads;         ///< by node index, of that packing
  std::vector<std::vector<NodeId>> places;  ///< by shard index, ascending
};

/// Largest first (LPT, Graham 1969, with weights): the copies in the order of what they put on a
/// node, largest first, each on the member where load + copy per weight stays least, of those
/// that hold none of the shard and crowd its copies least (see Crowding). All planned copies are
/// packed, whatever keeps them where they are, and up to one on each member; any of them may lead.
/// Ties go to the lower node id, and the lower shard id, its leader first.
///
/// The bound is the largest of
/// - the mean: load of all copies by weight of all members; if all copies that weigh
///   anything weigh the same, the fullest node where they are shared out as evenly as whole copies
///   can be (apportionment.hpp);
/// - the largest copy, on the heaviest member;
/// - for each level, nodes included, and each number of domains, the heaviest first: these can hold
///   so much of each shard (one copy each, or K - D + 1 if K copies have D < K domains to be in,
///   see balanced_counts.hpp; the heaviest of its copies), and the other members, by their weight,
///   have to hold the rest.
///
/// For equal weights and no domains LPT is within 4/3 - 1/(3n) of the optimum, and close to the
/// bound as soon as shards are small against a node's share. `members` by node index, at least one.
/// O(s log s + c n R) for s shards, c copies and n nodes; for equal weights the emptiest node that
/// crowds nobody ends the search, so that it is O(s log s + c R log n) where shards have a copy
/// each or a region for each.
Packing pack(const ClusterView& view, const std::vector<bool>& members, PackedLoad load);

/// The bound alone. O(c + n log n).
WeightedLoad packing_bound(const ClusterView& view, const std::vector<bool>& members,
                           PackedLoad load);

}  // namespace shardproof::distribution
