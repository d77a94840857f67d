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
  UpmapRound(Draft& draft, CollectionId collection, CountsByNode counts)
      : draft_(draft),
        shares_(draft, LoadMeasure::Copies, collection),
        collection_(collection),
        counts_(std::move(counts)),
        targets_(draft.view().nodes.size()) {}

  /// No more than `moves_max`; how many it made.
  std::uint32_t run(std::uint32_t moves_max) {
    std::uint32_t moves = 0;
    while (moves < moves_max && step()) ++moves;
    return moves;
  }

 private:
  std::uint64_t count(NodeId node) const { return counts_[node.value()]; }

  /// Whole numbers with the sum of the shares: of those who could be rounded up, the ones that are
  /// least below or most above their share are.
  void set_targets() {
    std::vector<std::uint64_t> ceilings(shares_.pool_count());
    for (std::size_t pool = 0; pool < ceilings.size(); ++pool) {
      ceilings[pool] = shares_.pool_total(pool);
    }
    std::vector<std::pair<Int128, NodeId>> order;
    for (const NodeId node : shares_.nodes()) {
      const std::uint64_t floor = shares_.share(node);
      targets_[node.value()] = floor;
      ceilings[shares_.pool(node)] -= floor;
      if (shares_.exact_share(node) % FairShares::kOne == 0) continue;
      order.emplace_back(static_cast<Int128>(floor) - static_cast<Int128>(count(node)), node);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [below, node] : order) {
      std::uint64_t& left = ceilings[shares_.pool(node)];
      if (left == 0) continue;
      --left;
      ++targets_[node.value()];
    }
  }

  bool step() {
    set_targets();
    std::vector<std::pair<Int128, NodeId>> order;
    for (const NodeId node : shares_.nodes()) {
      order.emplace_back(-shares_.excess(node, count(node)), node);
    }
    std::sort(order.begin(), order.end());
    const std::uint64_t deviation = draft_.options().number(UpmapRebalance::kDeviation);
    const Int128 most = static_cast<Int128>(deviation) * FairShares::kOne;
    for (const auto& [deficit, source] : order) {
      if (count(source) <= targets_[source.value()]) continue;
      for (auto target = order.rbegin(); target != order.rend(); ++target) {
        if (-deficit <= most && target->first <= most) break;
        if (count(target->second) >= targets_[target->second.value()]) continue;
        if (move_one(source, target->second)) return true;
      }
    }
    return false;
  }

  bool move_one(NodeId source, NodeId target) {
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
  FairShares shares_;
  CollectionId collection_;
  CountsByNode counts_;
  std::vector<std::uint64_t> targets_;  // by node
};

}  // namespace

Plan UpmapRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  auto left = static_cast<std::uint32_t>(options.number(kMoves));
  for (auto& [collection, counts] : counts_by_collection(draft)) {
    if (left == 0) break;
    left -= UpmapRound(draft, collection, std::move(counts)).run(left);
  }
  return draft.finish();
}

}  // namespace shardproof::distribution
