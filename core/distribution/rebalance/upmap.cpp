// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/upmap.hpp"

#include <algorithm>
#include <utility>

#include "core/distribution/rebalance/collection_counts.hpp"
#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

class UpmapRound {
 public:
  UpmapRound(Draft& draft, const FairShares& weights, CollectionId collection, CountsByNode counts)
      : draft_(draft), weights_(weights), collection_(collection), counts_(std::move(counts)) {
    for (const NodeId node : weights.nodes()) total_ += counts_[node.value()];
  }

  /// No more than `moves_max`; how many it made.
  std::uint32_t run(std::uint32_t moves_max) {
    std::uint32_t moves = 0;
    while (moves < moves_max && step()) ++moves;
    return moves;
  }

 private:
  /// Copies less share, times the weight of all.
  Int128 deviation(NodeId node) const {
    return static_cast<Int128>(counts_[node.value()]) * weights_.units() -
           static_cast<Int128>(total_) * static_cast<Int128>(weights_.weight(node));
  }

  bool step() {
    std::vector<NodeId> order = weights_.nodes();
    std::stable_sort(order.begin(), order.end(),
                     [&](NodeId a, NodeId b) { return deviation(a) > deviation(b); });
    const Int128 most = static_cast<Int128>(UpmapRebalance::kDeviationMax) * weights_.units();
    for (const NodeId source : order) {
      const Int128 surplus = deviation(source);
      if (surplus <= 0) break;
      for (auto target = order.rbegin(); target != order.rend(); ++target) {
        const Int128 deficit = -deviation(*target);
        if (deficit <= 0 || (surplus <= most && deficit <= most)) break;
        if (move_one(source, *target)) return true;
      }
    }
    return false;
  }

  bool move_one(NodeId source, NodeId target) {
    // Else the two would only change places.
    if (deviation(source) - deviation(target) <= weights_.units()) return false;
    for (const CopyIndex copy : draft_.copies_on(source)) {
      if (draft_.shard(draft_.shard_of(copy)).collection != collection_) continue;
      if (!may_even_out(draft_, copy, target)) continue;
      draft_.move(copy, target, MoveReason::Balance);
      --counts_[source.value()];
      ++counts_[target.value()];
      return true;
    }
    return false;
  }

  Draft& draft_;
  const FairShares& weights_;
  CollectionId collection_;
  CountsByNode counts_;
  std::uint64_t total_ = 0;
};

}  // namespace

Plan UpmapRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  const FairShares weights(draft, LoadMeasure::Copies);
  std::uint32_t left = kOptimisationsMax;
  for (auto& [collection, counts] : counts_by_collection(draft)) {
    left -= UpmapRound(draft, weights, collection, std::move(counts)).run(left);
  }
  return draft.finish();
}

}  // namespace shardproof::distribution
