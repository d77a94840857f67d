// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/counting_noise.hpp"

namespace shardproof::distribution {

/// Off the hottest node, by the move that takes away most imbalance for each byte that it copies.
///
/// Load is requests per second, which leaders have, or bytes where no shard has any requests.
/// Imbalance is what nodes have above their shares (by weight), summed up. While the node with the
/// most load for its share is above its band, which is options.bytes_band of the share and what
/// chance may add to that (counting_noise.hpp), one of its leaders is
/// handed over, which copies nothing, or one of its copies goes to the least loaded node that may
/// take it: the one with the best (imbalance taken away) / bytes, then the one that takes away
/// more, then the lower shard. Only nodes below their band take, and end within it or with no more
/// than the giver then has; nobody gives so much that it falls below its own. So who has given
/// never takes. If a node has no such move, the next hottest is looked at.
///
/// Moves for evenness copy no more than kBudget of all bytes in a plan, but for the first one,
/// without which nothing could ever move where shards are few. Source: Slicer (Adya et al., OSDI
/// 2016, section 4.4, "weighted-move"), key churn of 9 % a round; its merging and splitting of
/// slices are resharding here and not a policy's. Drains and domains come first.
///
/// O(m (n log n + c n R)) for m moves, n nodes and c copies on a node.
class WeightedMoveRebalance final : public RebalancePolicy {
 public:
  static constexpr PolicyOption kBudget{"budget",
                                        "of all bytes, what a plan copies for evenness at most",
                                        {9, 100},
                                        0,
                                        1,
                                        false,
                                        "key churn of a round"};

  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override {
    return {LoadMeasure::Requests, LoadMeasure::Bytes};
  }
  std::vector<PolicyOption> options() const override {
    return {kBudget, kBytesBandOption, CountingNoise::kDeviations};
  }
};

}  // namespace shardproof::distribution
