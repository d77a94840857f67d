// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/distribution/placement/placement.hpp"

namespace shardproof::distribution {

/// How much a node of some weight wants a key: the smaller the cost -log2(u) / weight, the more,
/// with u = hash / 2^64.
class RendezvousScore {
 public:
  /// `weight` above zero.
  RendezvousScore(std::uint64_t hash, std::uint64_t weight);
  /// Among equal weights the hash alone decides.
  static RendezvousScore unweighted(std::uint64_t hash) { return {hash, 0, 1}; }

  /// Strictly; compares by cross-multiplication in 128 bits, equal costs by the larger hash.
  bool beats(const RendezvousScore& other) const;

 private:
  RendezvousScore(std::uint64_t hash, std::uint64_t cost_q32, std::uint64_t weight)
      : hash_(hash), cost_q32_(cost_q32), weight_(weight) {}

  std::uint64_t hash_;
  std::uint64_t cost_q32_;  ///< -log2(u); 0 for all if the weights are equal
  std::uint64_t weight_;
};

/// One candidate of a rendezvous: a node's seed is the XXH64, seed 0, of its name `node-<id>`.
struct RendezvousNode {
  NodeId id{};
  std::uint64_t seed = 0;
  std::uint64_t weight = 1;  ///< > 0
};

/// The candidate for a node, with its seed.
RendezvousNode rendezvous_node(NodeId id, std::uint64_t weight);

/// All nodes in order of preference for a key, best first; replicas are the first R.
///
/// Rendezvous hashing (highest random weight; Thaler and Ravishankar 1998), weighted by the method
/// of Schindelhauer and Schomaker (2005) and Resch (2015): with u = XXH64(key, seed of the node) /
/// 2^64 the best node has the smallest -ln(u) / weight. Its laws: a node is first for weight / (sum
/// of weights) of the keys; adding a node moves keys only to it; changing a weight moves keys only
/// to or from that node.
///
/// Integers only. -log2(u) is 64 - log2_q32(h) (error below 2^-28; h = 0 counts as 1) and two
/// scores are compared by cross-multiplication in 128 bits; equal scores fall back to the larger
/// hash, then to the lower id. With equal weights the order is that of the hashes themselves, which
/// is the same order without the logarithm's rounding. O(n log n) for n nodes.
std::vector<NodeId> rendezvous_order(std::string_view key,
                                     const std::vector<RendezvousNode>& nodes);

/// Places by rendezvous of the key `shard-<id>` with the nodes weighted by disk capacity: the
/// leader's copy goes to the best node; each further copy to the node that shares the fewest of
/// region, zone and rack with the copies before it, then has the fewest copies beside it at these
/// levels, then is best by rendezvous. So copies stand in distinct domains as far as there are
/// domains. O(n R^2) per shard.
class RendezvousPlacement final : public PlacementPolicy {
 public:
  Result<std::vector<CopyList>> place_all(const ClusterView& view,
                                          const std::vector<NewShard>& shards,
                                          const PlacementOptions& options) const override;
};

}  // namespace shardproof::distribution
