// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/prioritised_goals.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"
#include "core/distribution/rebalance/shift.hpp"

namespace shardproof::distribution {
namespace {

using Goals = PrioritisedGoalsRebalance;

/// Of how far a node's bytes may be from its share, what is aimed at (BALANCE_MARGIN).
constexpr Ratio kMargin{9, 10};

/// A step for evenness closes this part of what it shifts at least: one that swaps the places of a
/// large load and little else would come again, the other way round, as soon as loads differ.
constexpr Ratio kClosedMin{1, 4};

/// A range for every node, of one measure.
class RangeGoal {
 public:
  RangeGoal(const Draft& draft, LoadMeasure measure, bool is_hard)
      : noise_(draft, measure),
        is_hard_(is_hard),
        low_(draft.view().nodes.size(), 0),
        high_(draft.view().nodes.size(), std::numeric_limits<std::uint64_t>::max()),
        slack_(draft.view().nodes.size(), 0) {}

  LoadMeasure measure() const { return noise_.measure(); }
  const CountingNoise& noise() const { return noise_; }
  bool is_hard() const { return is_hard_; }
  void set(NodeId node, std::uint64_t low, std::uint64_t high) {
    low_[node.value()] = low;
    high_[node.value()] = high;
  }

  void set_slack(NodeId node, std::uint64_t slack) { slack_[node.value()] = slack; }

  /// So far out that something is to be done, until the node is in its range.
  bool is_out(NodeId node, std::uint64_t amount) const {
    return distance(node, amount) > slack_[node.value()];
  }
  /// How far `amount` is out of the node's range.
  std::uint64_t distance(NodeId node, std::uint64_t amount) const {
    const std::uint64_t low = low_[node.value()];
    const std::uint64_t high = high_[node.value()];
    return amount > high ? amount - high : amount < low ? low - amount : 0;
  }
  bool is_over(NodeId node, std::uint64_t amount) const { return amount > high_[node.value()]; }

 private:
  CountingNoise noise_;
  bool is_hard_;
  std::vector<std::uint64_t> low_;    // by node
  std::vector<std::uint64_t> high_;   // by node
  std::vector<std::uint64_t> slack_;  // by node
};

RangeGoal share_goal(const Draft& draft, const FairShares& shares) {
  RangeGoal goal(draft, shares.measure(), false);
  const Ratio balance = draft.options().ratio(Goals::kBalance);
  const auto above = static_cast<Int128>(balance.numerator());
  const auto one = static_cast<Int128>(balance.denominator());
  const Int128 units = FairShares::kOne * one;
  for (const NodeId node : shares.nodes()) {
    const Int128 share = shares.exact_share(node);
    auto low = static_cast<std::uint64_t>(share * (2 * one - above) / units);
    auto high = static_cast<std::uint64_t>((share * above + units - 1) / units);
    std::uint64_t slack = goal.noise().of(shares.share(node));
    if (shares.measure() == LoadMeasure::Bytes) {
      const std::uint64_t aside = high - shares.share(node);
      slack = aside - kMargin.of(aside);
      low += slack;
      high -= slack;
    }
    goal.set(node, low, high);
    goal.set_slack(node, slack);
  }
  return goal;
}

RangeGoal disk_goal(const Draft& draft) {
  RangeGoal goal(draft, LoadMeasure::Bytes, true);
  const Ratio part = draft.options().ratio(Goals::kCapacity);
  for (const NodeView& node : draft.view().nodes) {
    if (node.capacity.disk == Bytes(0)) continue;
    goal.set(node.id, 0, part.of(node.capacity.disk.count()));
  }
  return goal;
}

RangeGoal copies_goal(const Draft& draft) {
  RangeGoal goal(draft, LoadMeasure::Copies, true);
  const std::uint64_t most = draft.options().number(Goals::kCopies);
  for (const NodeView& node : draft.view().nodes) goal.set(node.id, 0, most);
  return goal;
}

class GoalsRound {
 public:
  explicit GoalsRound(Draft& draft)
      : draft_(draft), is_stuck_(draft.view().nodes.size()), is_served_(draft.view().nodes.size()) {
    for (const LoadMeasure measure : kLoadMeasures) shares_.emplace_back(draft, measure);
    goals_.push_back(disk_goal(draft));
    goals_.push_back(copies_goal(draft));
    goals_.push_back(share_goal(draft, shares(LoadMeasure::Copies)));
    if (draft.options().balance_bytes) {
      goals_.push_back(share_goal(draft, shares(LoadMeasure::Bytes)));
    }
    goals_.push_back(share_goal(draft, shares(LoadMeasure::Cpu)));
    if (!draft.options().balance_leaders) return;
    goals_.push_back(share_goal(draft, shares(LoadMeasure::Leaders)));
    goals_.push_back(share_goal(draft, shares(LoadMeasure::Requests)));
  }

  void run() {
    bool moved = true;
    while (moved) {
      moved = false;
      for (std::size_t goal = 0; goal < goals_.size(); ++goal) moved |= serve(goal);
    }
  }

 private:
  const FairShares& shares(LoadMeasure measure) const {
    return shares_[static_cast<std::size_t>(measure)];
  }
  std::uint64_t held(NodeId node) const { return draft_.amount(node, goals_[goal_].measure()); }
  std::uint64_t distance(NodeId node) const { return goals_[goal_].distance(node, held(node)); }

  /// True if anything was moved. A node for which nothing helps is not looked at again.
  bool serve(std::size_t goal) {
    goal_ = goal;
    bool moved = false;
    std::fill(is_stuck_.begin(), is_stuck_.end(), 0);
    std::fill(is_served_.begin(), is_served_.end(), 0);
    for (NodeId node = furthest_out(); node.has_value(); node = furthest_out()) {
      is_served_[node.value()] = 1;
      if (relieve(node)) {
        moved = true;
      } else {
        is_stuck_[node.value()] = 1;
      }
    }
    return moved;
  }

  NodeId furthest_out() const {
    NodeId furthest;
    std::uint64_t most = 0;
    for (const NodeId node : shares_.front().nodes()) {
      const bool is_asked = is_served_[node.value()] || goals_[goal_].is_out(node, held(node));
      const std::uint64_t far = is_stuck_[node.value()] || !is_asked ? 0 : distance(node);
      if (far > most) std::tie(furthest, most) = std::tie(node, far);
    }
    return furthest;
  }

  bool relieve(NodeId node) {
    const bool gives = goals_[goal_].is_over(node, held(node));
    const FairShares& loads = shares(goals_[goal_].measure());
    const auto partners = gives ? loads.least_loaded_first() : loads.most_loaded_first();
    for (const auto kind : {&GoalsRound::hand_over, &GoalsRound::move_one, &GoalsRound::exchange}) {
      for (const NodeId partner : partners) {
        if (partner == node) continue;
        if ((this->*kind)(gives ? node : partner, gives ? partner : node)) return true;
      }
    }
    return false;
  }

  bool hand_over(NodeId source, NodeId target) {
    const LoadMeasure measure = goals_[goal_].measure();
    if (measure == LoadMeasure::Copies || measure == LoadMeasure::Bytes) return false;
    if (!draft_.options().balance_leaders) return false;
    for (const CopyIndex copy : largest_first(source)) {
      if (!draft_.leads(copy)) continue;
      if (take({source, target, copy, std::nullopt, true})) return true;
    }
    return false;
  }

  bool move_one(NodeId source, NodeId target) {
    for (const CopyIndex copy : largest_first(source)) {
      if (take({source, target, copy, std::nullopt, false})) return true;
    }
    return false;
  }

  bool exchange(NodeId source, NodeId target) {
    const LoadMeasure measure = goals_[goal_].measure();
    if (measure == LoadMeasure::Copies || measure == LoadMeasure::Leaders) return false;
    std::vector<CopyIndex> forth = largest_first(source);
    std::vector<CopyIndex> back = largest_first(target);
    std::reverse(back.begin(), back.end());
    const std::size_t most = draft_.options().number(Goals::kExchanged);
    forth.resize(std::min(forth.size(), most));
    back.resize(std::min(back.size(), most));
    for (const CopyIndex sent : forth) {
      for (const CopyIndex returned : back) {
        if (take({source, target, sent, returned, false})) return true;
      }
    }
    return false;
  }

  std::vector<CopyIndex> largest_first(NodeId node) const {
    std::vector<std::tuple<std::uint64_t, ShardIndex, CopyIndex>> order;
    for (const CopyIndex copy : draft_.copies_on(node)) {
      const std::uint64_t amount = draft_.amount_of(copy, goals_[goal_].measure());
      order.emplace_back(~amount, draft_.shard_of(copy), copy);
    }
    std::sort(order.begin(), order.end());
    std::vector<CopyIndex> copies;
    for (const auto& entry : order) copies.push_back(std::get<2>(entry));
    return copies;
  }

  bool take(const Shift& shift) {
    if (!helps(shift) || !shift.is_legal(draft_)) return false;
    shift.carry_out(draft_);
    return true;
  }

  /// Closer to the range of this goal, no node further from that of one before it.
  bool helps(const Shift& shift) const {
    for (std::size_t each = 0; each <= goal_; ++each) {
      const RangeGoal& goal = goals_[each];
      auto shifted = static_cast<std::int64_t>(shift.amount(draft_, goal.measure()));
      if (each != goal_) shifted += chance(goal, shift, shifted);
      const auto more = static_cast<std::uint64_t>(shifted);
      const std::uint64_t at_source = draft_.amount(shift.source, goal.measure());
      const std::uint64_t at_target = draft_.amount(shift.target, goal.measure());
      // What comes back may be more than what goes: the sums wrap round to the right numbers.
      const std::uint64_t source_then = goal.distance(shift.source, at_source - more);
      const std::uint64_t target_then = goal.distance(shift.target, at_target + more);
      const std::uint64_t source_now = goal.distance(shift.source, at_source);
      const std::uint64_t target_now = goal.distance(shift.target, at_target);
      if (each == goal_) {
        const std::uint64_t now = source_now + target_now;
        const std::uint64_t then = source_then + target_then;
        return now > then && (goal.is_hard() || is_worth_it(shift, now - then));
      }
      if (source_then > source_now || target_then > target_now) return false;
    }
    return false;
  }

  /// By how much more the step may shift than it seems, as far as there is so much to shift.
  std::int64_t chance(const RangeGoal& goal, const Shift& shift, std::int64_t shifted) const {
    const NodeId giver = shifted < 0 ? shift.target : shift.source;
    const std::uint64_t size = static_cast<std::uint64_t>(shifted < 0 ? -shifted : shifted);
    const std::uint64_t left = draft_.amount(giver, goal.measure()) - size;
    const auto off = static_cast<std::int64_t>(std::min(goal.noise().of(draft_, shift), left));
    return shifted < 0 ? -off : off;
  }

  /// Whether a step that is `closed` closer to this goal's ranges is no swap, and more than chance.
  bool is_worth_it(const Shift& shift, std::uint64_t closed) const {
    const RangeGoal& goal = goals_[goal_];
    const std::int64_t shifted = shift.amount(draft_, goal.measure());
    const auto size = static_cast<std::uint64_t>(shifted < 0 ? -shifted : shifted);
    return closed >= kClosedMin.of(size) && goal.noise().is_certain(draft_, shift);
  }

  Draft& draft_;
  std::vector<FairShares> shares_;  // in the order of kLoadMeasures
  std::vector<RangeGoal> goals_;
  std::size_t goal_ = 0;         // the one that is served
  std::vector<char> is_stuck_;   // by node, for this goal
  std::vector<char> is_served_;  // by node, for this goal
};

}  // namespace

Plan PrioritisedGoalsRebalance::plan(const ClusterView& view,
                                     const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  GoalsRound(draft).run();
  return draft.finish();
}

}  // namespace shardproof::distribution
