// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/weighted_move.hpp"

#include <algorithm>
#include <optional>

#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

LoadMeasure load_measure(const Draft& draft) {
  const auto& shards = draft.view().shards;
  const bool has_requests = std::any_of(shards.begin(), shards.end(), [](const ShardView& shard) {
    return shard.requests_per_second > 0;
  });
  return has_requests ? LoadMeasure::Requests : LoadMeasure::Bytes;
}

/// A move of a copy, or of its leadership alone.
struct PricedMove {
  CopyIndex copy = 0;
  ShardIndex shard = 0;
  NodeId target{};
  std::uint64_t gain = 0;
  std::uint64_t bytes = 0;  ///< zero for leadership

  bool is_better_than(const PricedMove& other) const {
    const UInt128 mine = static_cast<UInt128>(gain) * other.bytes;
    const UInt128 others = static_cast<UInt128>(other.gain) * bytes;
    if (mine != others) return mine > others;
    if (gain != other.gain) return gain > other.gain;
    return shard != other.shard ? shard < other.shard : target < other.target;
  }
};

class WeightedMoveRound {
 public:
  explicit WeightedMoveRound(Draft& draft)
      : draft_(draft),
        shares_(draft, load_measure(draft)),
        noise_(draft, shares_.measure()),
        is_stuck_(draft.view().nodes.size()) {
    std::uint64_t bytes = 0;
    for (const NodeView& node : draft.view().nodes) bytes += draft.bytes(node.id).count();
    budget_ = draft.options().ratio(WeightedMoveRebalance::kBudget).of(bytes);
  }

  void run() {
    while (true) {
      const NodeId node = hottest_above_band();
      if (node.is_none()) return;
      if (const auto best = best_move(node)) {
        carry_out(*best);
        std::fill(is_stuck_.begin(), is_stuck_.end(), 0);
      } else {
        is_stuck_[node.value()] = 1;
      }
    }
  }

 private:
  std::uint64_t held(NodeId node) const { return draft_.amount(node, shares_.measure()); }
  std::uint64_t band(NodeId node) const {
    const std::uint64_t share = shares_.share(node);
    return draft_.options().bytes_band.of(share) + noise_.of(share);
  }
  std::uint64_t most(NodeId node) const { return shares_.share(node) + band(node); }
  std::uint64_t least(NodeId node) const {
    const std::uint64_t share = shares_.share(node);
    return share - std::min(share, band(node));
  }

  NodeId hottest_above_band() const {
    for (const NodeId node : shares_.most_loaded_first()) {
      if (!is_stuck_[node.value()] && held(node) > most(node)) return node;
    }
    return NodeId::none();
  }

  /// How much less is above shares once `load` has gone from source to target; zero if the source
  /// would have too little, or the target too much: more than its band and than the source then.
  std::uint64_t gain(std::uint64_t load, NodeId source, NodeId target) const {
    const std::uint64_t then = held(target) + load;
    const std::uint64_t share = shares_.share(target);
    if (held(target) >= least(target) || held(source) - load < least(source)) return 0;
    if (then > most(target) && then > held(source) - load) return 0;
    const std::uint64_t saved = std::min(load, held(source) - shares_.share(source));
    const std::uint64_t added = then > share ? then - share : 0;
    return saved > added ? saved - added : 0;
  }

  std::optional<PricedMove> best_move(NodeId source) const {
    std::optional<PricedMove> best;
    const auto consider = [&](const PricedMove& move) {
      if (move.gain > 0 && (!best || move.is_better_than(*best))) best = move;
    };
    const std::vector<NodeId> targets = shares_.least_loaded_first();
    for (const CopyIndex copy : draft_.copies_on(source)) {
      const std::uint64_t load = draft_.amount_of(copy, shares_.measure());
      if (load == 0) continue;
      consider_hand_over(copy, load, consider);
      consider_copying(copy, load, targets, consider);
    }
    return best;
  }

  template <typename Consider>
  void consider_hand_over(CopyIndex copy, std::uint64_t load, const Consider& consider) const {
    const ShardIndex shard = draft_.shard_of(copy);
    if (shares_.measure() != LoadMeasure::Requests) return;
    for (const NodeId target : draft_.nodes_of(shard)) {
      if (!may_hand_over(draft_, shard, target)) continue;
      consider({copy, shard, target, gain(load, draft_.node_of(copy), target), 0});
    }
  }

  template <typename Consider>
  void consider_copying(CopyIndex copy, std::uint64_t load, const std::vector<NodeId>& targets,
                        const Consider& consider) const {
    const std::uint64_t bytes = std::max<std::uint64_t>(draft_.bytes_of(copy).count(), 1);
    if (spent_ > 0 && spent_ + bytes > budget_) return;
    for (const NodeId target : targets) {
      const std::uint64_t gained = gain(load, draft_.node_of(copy), target);
      if (gained == 0 || !may_even_out(draft_, copy, target)) continue;
      return consider({copy, draft_.shard_of(copy), target, gained, bytes});
    }
  }

  void carry_out(const PricedMove& move) {
    spent_ += move.bytes;
    if (move.bytes == 0) {
      draft_.transfer_leader(move.shard, move.target, MoveReason::Balance);
    } else {
      draft_.move(move.copy, move.target, MoveReason::Balance);
    }
  }

  Draft& draft_;
  FairShares shares_;
  CountingNoise noise_;
  std::uint64_t budget_ = 0;
  std::uint64_t spent_ = 0;
  std::vector<char> is_stuck_;  // by node, since the last move
};

}  // namespace

Plan WeightedMoveRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  WeightedMoveRound(draft).run();
  return draft.finish();
}

}  // namespace shardproof::distribution
