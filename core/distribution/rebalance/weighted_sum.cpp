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

/// What each load counts, in 1e-11.
struct Factors {
  Int128 copies = 0;
  Int128 collection = 0;
  Int128 request = 0;
  Int128 bytes = 0;
  Int128 threshold = 0;  ///< times the sum of the four, a thread in place of a request

  explicit Factors(const RebalanceOptions& options) {
    const auto steps = [&](const PolicyOption& option) {
      return static_cast<Int128>(options.ratio(option).of(kOptionSteps));
    };
    copies = steps(Sum::kCopies);
    collection = steps(Sum::kCollection);
    bytes = steps(Sum::kBytes);
    const Int128 thread = steps(Sum::kWriteLoad);
    request = thread / static_cast<Int128>(options.number(Sum::kRequestsPerThread));
    const Int128 sum = copies + collection + thread + bytes;
    threshold = sum * steps(Sum::kThreshold) / static_cast<Int128>(kOptionSteps);
  }
};

class WeightedSumRound {
 public:
  explicit WeightedSumRound(Draft& draft)
      : draft_(draft),
        factors_(draft.options()),
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
    return factors_.copies * copies_.excess(node) + factors_.collection * of_collection +
           factors_.request * requests_.excess(node) + factors_.bytes * bytes_.excess(node);
  }

  /// What a copy adds to the weight of the node that it is on.
  Int128 weight_of(CopyIndex copy) const {
    const auto amount = [&](LoadMeasure measure) {
      return static_cast<Int128>(draft_.amount_of(copy, measure));
    };
    const Int128 sum = factors_.copies + factors_.collection +
                       factors_.request * amount(LoadMeasure::Requests) +
                       factors_.bytes * amount(LoadMeasure::Bytes);
    return sum * FairShares::kOne;
  }

  bool step(CollectionId collection) {
    std::vector<std::pair<Int128, NodeId>> order;
    for (const NodeId node : copies_.nodes()) order.emplace_back(weight(node, collection), node);
    std::sort(order.begin(), order.end());
    const Int128 threshold = factors_.threshold * FairShares::kOne;
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
  Factors factors_;
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
