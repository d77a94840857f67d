// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/mean_band.hpp"

#include <algorithm>

#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

class BandRound {
 public:
  BandRound(Draft& draft, LoadMeasure measure)
      : draft_(draft), shares_(draft, measure), is_stuck_(draft.view().nodes.size()) {
    is_barred_.resize(is_stuck_.size() * is_stuck_.size());
  }

  void run() {
    while (pass()) {
    }
  }

 private:
  /// Takes the nodes until none is left for which anything helps; false if nothing has helped.
  bool pass() {
    std::fill(is_stuck_.begin(), is_stuck_.end(), 0);
    std::fill(is_barred_.begin(), is_barred_.end(), 0);
    bool moved = false;
    for (NodeId node = furthest_beyond(); node.has_value(); node = furthest_beyond()) {
      if (relieve(node)) {
        moved = true;
      } else {
        is_stuck_[node.value()] = 1;
      }
    }
    return moved;
  }

  Int128 band(NodeId node) const {
    const Ratio part = draft_.options().ratio(MeanBandRebalance::kBand);
    const Int128 relative = shares_.exact_share(node) * static_cast<Int128>(part.numerator()) /
                            static_cast<Int128>(part.denominator());
    const std::uint64_t least = draft_.options().number(MeanBandRebalance::kCopies);
    return std::max(relative, static_cast<Int128>(least) * FairShares::kOne);
  }

  NodeId furthest_beyond() const {
    NodeId furthest;
    Int128 distance = 0;
    for (const NodeId node : shares_.nodes()) {
      if (is_stuck_[node.value()]) continue;
      const Int128 excess = shares_.excess(node);
      const Int128 beyond = (excess < 0 ? -excess : excess) - band(node);
      if (beyond > distance) {
        furthest = node;
        distance = beyond;
      }
    }
    return furthest;
  }

  /// One move more or less brings it closer to its share.
  bool gains_by_giving(NodeId node) const { return 2 * shares_.excess(node) > FairShares::kOne; }
  bool gains_by_taking(NodeId node) const { return 2 * shares_.excess(node) < -FairShares::kOne; }

  bool relieve(NodeId node) {
    const bool gives = shares_.excess(node) > 0;
    if (gives ? !gains_by_giving(node) : !gains_by_taking(node)) return false;
    const auto partners = gives ? shares_.least_loaded_first() : shares_.most_loaded_first();
    for (const NodeId partner : partners) {
      if (gives ? !gains_by_taking(partner) : !gains_by_giving(partner)) continue;
      if (gives ? move_one(node, partner) : move_one(partner, node)) return true;
    }
    return false;
  }

  bool move_one(NodeId source, NodeId target) {
    char& is_barred = is_barred_[source.value() * is_stuck_.size() + target.value()];
    if (is_barred) return false;
    const bool leaders = shares_.measure() == LoadMeasure::Leaders;
    for (const CopyIndex copy : draft_.copies_on(source)) {
      const ShardIndex shard = draft_.shard_of(copy);
      if (leaders) {
        if (!draft_.leads(copy) || !may_hand_over(draft_, shard, target)) continue;
        draft_.transfer_leader(shard, target, MoveReason::Balance);
      } else {
        if (!may_even_out(draft_, copy, target)) continue;
        draft_.move(copy, target, MoveReason::Balance);
      }
      return true;
    }
    is_barred = 1;
    return false;
  }

  Draft& draft_;
  FairShares shares_;
  std::vector<char> is_stuck_;   // by node, in this pass
  std::vector<char> is_barred_;  // by source and target, in this pass: no copy may go
};

}  // namespace

Plan MeanBandRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  BandRound(draft, LoadMeasure::Copies).run();
  if (options.balance_leaders) BandRound(draft, LoadMeasure::Leaders).run();
  return draft.finish();
}

}  // namespace shardproof::distribution
