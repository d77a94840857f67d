// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/threshold.hpp"

#include <algorithm>
#include <optional>

#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

class ThresholdRound {
 public:
  ThresholdRound(Draft& draft, const ThresholdRule& rule)
      : draft_(draft), rule_(rule), shares_(draft, rule.measure), of_share_(rule.of_share) {
    for (const NodeId node : shares_.nodes()) {
      of_share_ = of_share_ || draft.view().node(node).capacity.disk == Bytes(0);
    }
  }

  /// Makes the next move; false if there is none.
  bool step() {
    const std::vector<NodeId> full = shares_.most_loaded_first();
    const std::vector<NodeId> empty = shares_.least_loaded_first();
    const auto over = [&](NodeId node) { return surplus(node) > margin(node); };
    const auto above = [&](NodeId node) { return surplus(node) > 0 && !over(node); };
    const auto under = [&](NodeId node) { return deficit(node) > margin(node); };
    const auto below = [&](NodeId node) { return deficit(node) > 0 && !under(node); };
    return move_between(full, over, empty, under) || move_between(full, over, empty, below) ||
           move_between(full, above, empty, under);
  }

 private:
  std::uint64_t held(NodeId node) const { return draft_.amount(node, rule_.measure); }
  /// Rounded down both, so that a move of no more crosses no mean.
  std::uint64_t surplus(NodeId node) const {
    const Int128 excess = shares_.excess(node);
    return excess > 0 ? static_cast<std::uint64_t>(excess / FairShares::kOne) : 0;
  }
  std::uint64_t deficit(NodeId node) const {
    const std::uint64_t share = shares_.share(node);
    return share > held(node) ? share - held(node) : 0;
  }
  std::uint64_t margin(NodeId node) const {
    if (of_share_) return rule_.threshold.of(shares_.share(node));
    return rule_.threshold.of(draft_.view().node(node).capacity.disk.count());
  }

  template <typename IsSource, typename IsTarget>
  bool move_between(const std::vector<NodeId>& full, const IsSource& is_source,
                    const std::vector<NodeId>& empty, const IsTarget& is_target) {
    for (const NodeId source : full) {
      if (!is_source(source)) continue;
      for (const NodeId target : empty) {
        if (!is_target(target)) continue;
        const auto copy =
            largest_within(std::min(surplus(source), deficit(target)), source, target);
        if (!copy) continue;
        draft_.move(*copy, target, MoveReason::Balance);
        return true;
      }
    }
    return false;
  }

  std::optional<CopyIndex> largest_within(std::uint64_t most, NodeId source, NodeId target) const {
    std::optional<CopyIndex> best;
    for (const CopyIndex copy : draft_.copies_on(source)) {
      const std::uint64_t amount = draft_.amount_of(copy, rule_.measure);
      if (amount == 0 || amount > most || (best && !is_better(copy, *best))) continue;
      if (may_even_out(draft_, copy, target)) best = copy;
    }
    return best;
  }

  bool is_better(CopyIndex copy, CopyIndex than) const {
    const std::uint64_t mine = draft_.amount_of(copy, rule_.measure);
    const std::uint64_t other = draft_.amount_of(than, rule_.measure);
    return mine != other ? mine > other : draft_.shard_of(copy) < draft_.shard_of(than);
  }

  Draft& draft_;
  const ThresholdRule& rule_;
  FairShares shares_;
  bool of_share_;
};

}  // namespace

PolicyOption ThresholdRebalance::threshold_option() const {
  if (rule_.of_share) {
    return {"threshold",
            "distance from a node's share that is left alone, over it",
            rule_.threshold,
            0,
            1,
            false,
            "--cluster-threshold"};
  }
  return {"threshold",
          "distance from the mean utilisation of disks that is left alone",
          rule_.threshold,
          0,
          1,
          false,
          "-threshold"};
}

Plan ThresholdRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  ThresholdRule rule = rule_;
  rule.threshold = options.ratio(threshold_option());
  ThresholdRound round(draft, rule);
  while (round.step()) {
  }
  return draft.finish();
}

}  // namespace shardproof::distribution
