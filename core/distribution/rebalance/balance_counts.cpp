// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <vector>

#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

/// One round over all copies on nodes that have too many. Nodes are tried hottest first; a copy
/// that finds no target is not tried again in this round.
class CountRound {
 public:
  explicit CountRound(Draft& draft)
      : draft_(draft), next_(draft.view().nodes.size()), sources_({&draft}), targets_({&draft}) {
    for (const NodeView& node : draft.view().nodes) {
      if (!draft.takes_copies(node.id)) continue;
      sources_.insert(node.id);
      targets_.insert(node.id);
    }
  }

  /// True if anything was moved.
  bool run() {
    bool moved = false;
    while (!sources_.empty() && is_hotter_than_the_coldest(*sources_.begin())) {
      if (move_one_off(*sources_.begin())) {
        moved = true;
      } else {
        sources_.erase(sources_.begin());
      }
    }
    return moved;
  }

 private:
  static WeightedLoad heat(const Draft& draft, NodeId node) {
    return {draft.copy_count(node), draft.weight(node)};
  }
  /// The heat that has to stay below the source's when a copy arrives.
  static WeightedLoad heat_after(const Draft& draft, NodeId node) {
    return {draft.copy_count(node) + draft.options().count_gap, draft.weight(node)};
  }

  struct HottestFirst {
    const Draft* draft;
    bool operator()(NodeId a, NodeId b) const {
      const auto order = heat(*draft, a) <=> heat(*draft, b);
      return order != 0 ? order > 0 : a < b;
    }
  };
  struct ColdestFirst {
    const Draft* draft;
    bool operator()(NodeId a, NodeId b) const {
      const auto order = heat_after(*draft, a) <=> heat_after(*draft, b);
      return order != 0 ? order < 0 : a < b;
    }
  };

  bool is_hotter_than_the_coldest(NodeId source) const {
    return heat_after(draft_, *targets_.begin()) < heat(draft_, source);
  }

  bool move_one_off(NodeId source) {
    const auto& copies = draft_.copies_on(source);
    for (std::uint32_t& next = next_[source.value()]; next < copies.size(); ++next) {
      const CopyIndex copy = copies[next];
      if (!draft_.is_whole(draft_.shard_of(copy))) continue;
      const NodeId target = coldest_target(copy, source);
      if (target.is_none()) continue;
      apply(copy, source, target);
      return true;
    }
    return false;
  }

  NodeId coldest_target(CopyIndex copy, NodeId source) const {
    const WeightedLoad source_heat = heat(draft_, source);
    const std::uint32_t collision = draft_.collision(copy);
    for (const NodeId target : targets_) {
      if (!(heat_after(draft_, target) < source_heat)) break;
      if (draft_.may_move(copy, target, collision)) return target;
    }
    return NodeId::none();
  }

  /// The sets are ordered by what the move changes, so both nodes are taken out meanwhile.
  void apply(CopyIndex copy, NodeId source, NodeId target) {
    sources_.erase(source);
    targets_.erase(source);
    targets_.erase(target);
    const bool target_is_source = sources_.erase(target) > 0;
    draft_.move(copy, target, MoveReason::Balance);
    sources_.insert(source);
    targets_.insert(source);
    targets_.insert(target);
    if (target_is_source) sources_.insert(target);
  }

  Draft& draft_;
  std::vector<std::uint32_t> next_;  // by node: the first copy not tried yet
  std::set<NodeId, HottestFirst> sources_;
  std::set<NodeId, ColdestFirst> targets_;
};

}  // namespace

bool balance_counts(Draft& draft) {
  bool moved = false;
  while (CountRound(draft).run()) moved = true;
  return moved;
}

}  // namespace shardproof::distribution
