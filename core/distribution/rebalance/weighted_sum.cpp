// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/weighted_sum.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/distribution/rebalance/collection_counts.hpp"
#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

using Sum = WeightedSumRebalance;

constexpr auto kPerRequest = static_cast<Int128>(Sum::kWriteLoad / Sum::kRequestsPerThread);

class WeightedSumRound {
 public:
  explicit WeightedSumRound(Draft& draft)
      : draft_(draft),
        copies_(draft, LoadMeasure::Copies),
        requests_(draft, LoadMeasure::Requests),
        bytes_(draft, LoadMeasure::Bytes),
        counts_(counts_by_collection(draft)) {
    for (const auto& [collection, counts] : counts_) {
      of_collection_.try_emplace(collection, draft, LoadMeasure::Copies, collection);
    }
    for (const NodeView& node : draft.view().nodes) moves_left_ += draft.copy_count(node.id);
  }

  void run() {
    bool moved = true;
    while (moved) {
      moved = false;
      for (const auto& [collection, counts] : counts_) {
        while (moves_left_ > 0 && step(collection)) {
          --moves_left_;
          moved = true;
        }
      }
    }
  }

 private:
  Int128 weight(NodeId node, CollectionId collection) const {
    const std::uint64_t count = counts_.find(collection)->second[node.value()];
    const Int128 of_collection = of_collection_.find(collection)->second.excess(node, count);
    return static_cast<Int128>(Sum::kCopies) * copies_.excess(node) +
           static_cast<Int128>(Sum::kCollection) * of_collection +
           kPerRequest * requests_.excess(node) +
           static_cast<Int128>(Sum::kBytes) * bytes_.excess(node);
  }

  /// What a copy adds to the weight of the node that it is on.
  Int128 weight_of(CopyIndex copy) const {
    const auto amount = [&](LoadMeasure measure) {
      return static_cast<Int128>(draft_.amount_of(copy, measure));
    };
    const Int128 sum = static_cast<Int128>(Sum::kCopies + Sum::kCollection) +
                       kPerRequest * amount(LoadMeasure::Requests) +
                       static_cast<Int128>(Sum::kBytes) * amount(LoadMeasure::Bytes);
    return sum * FairShares::kOne;
  }

  bool step(CollectionId collection) {
    std::vector<std::pair<Int128, NodeId>> order;
    for (const NodeId node : copies_.nodes()) order.emplace_back(weight(node, collection), node);
    std::sort(order.begin(), order.end());
    const Int128 threshold = static_cast<Int128>(Sum::kThreshold) * FairShares::kOne;
    for (auto heavy = order.rbegin(); heavy != order.rend(); ++heavy) {
      for (const auto& light : order) {
        const Int128 delta = heavy->first - light.first;
        if (delta <= threshold) break;
        const auto copy = best_copy(collection, heavy->second, light.second, delta);
        if (!copy) continue;
        draft_.move(*copy, light.second, MoveReason::Balance);
        CountsByNode& counts = counts_[collection];
        --counts[heavy->second.value()];
        ++counts[light.second.value()];
        return true;
      }
    }
    return false;
  }

  /// The heaviest that does not make the target heavier than the source.
  std::optional<CopyIndex> best_copy(CollectionId collection, NodeId source, NodeId target,
                                     Int128 delta) const {
    std::optional<CopyIndex> best;
    for (const CopyIndex copy : draft_.copies_on(source)) {
      const ShardIndex shard = draft_.shard_of(copy);
      if (draft_.shard(shard).collection != collection) continue;
      const Int128 mine = weight_of(copy);
      if (2 * mine > delta) continue;
      const Int128 of_best = best ? weight_of(*best) : 0;
      const bool is_better =
          !best || mine > of_best || (mine == of_best && shard < draft_.shard_of(*best));
      if (is_better && may_even_out(draft_, copy, target)) best = copy;
    }
    return best;
  }

  Draft& draft_;
  FairShares copies_;
  FairShares requests_;
  FairShares bytes_;
  std::map<CollectionId, CountsByNode> counts_;
  std::map<CollectionId, FairShares> of_collection_;
  std::uint64_t moves_left_ = 0;
};

}  // namespace

Plan WeightedSumRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  WeightedSumRound(draft).run();
  return draft.finish();
}

}  // namespace shardproof::distribution
