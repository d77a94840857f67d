// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/detours.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace shardproof::distribution {
namespace {

/// The search remembers which nodes are left and reached as bits of a word.
constexpr std::size_t kStepsMax = 12;

bool is_for_evenness(const Move& move) { return move.reason == MoveReason::Balance; }

/// The elements of `these` that are not in `those`; both ascend.
std::vector<NodeId> difference(const std::vector<NodeId>& these, const std::vector<NodeId>& those) {
  std::vector<NodeId> left;
  std::set_difference(these.begin(), these.end(), those.begin(), those.end(),
                      std::back_inserter(left));
  return left;
}

/// Where a shard's copies are and who leads.
struct Holders {
  std::vector<NodeId> copies;  ///< ascending
  NodeId leader;

  bool hold(NodeId node) const { return std::binary_search(copies.begin(), copies.end(), node); }
  void replace(NodeId source, NodeId target) {
    std::erase(copies, source);
    copies.insert(std::upper_bound(copies.begin(), copies.end(), target), target);
  }
  void apply(const Move& move) {
    if (move.kind == MoveKind::Move) replace(move.source, move.target);
    if (move.moves_leader) leader = move.target;
  }
};

/// One shard's way from its holders before a plan to those after it.
class Route {
 public:
  Route(const ClusterView& view, const ShardView& shard, std::vector<Move> moves)
      : view_(view),
        moves_(std::move(moves)),
        before_{planned_copies(shard), planned_leader(shard)},
        after_(before_),
        leader_stays_(shard.leader_stays) {
    for (const Move& move : moves_) after_.apply(move);
    left_ = difference(before_.copies, after_.copies);
    new_ = difference(after_.copies, before_.copies);
  }

  bool has_detour() const {
    return std::count_if(moves_.begin(), moves_.end(), [](const Move& move) {
             return move.kind == MoveKind::Move;
           }) > static_cast<std::ptrdiff_t>(left_.size());
  }

  /// The moves of the net difference, or as they were if there is no legal order of them.
  std::vector<Move> straight() {
    if (left_.size() > kStepsMax || !search(before_.copies, 0, 0)) return moves_;
    std::vector<Move> made = dressed();
    const bool hands_over = std::any_of(made.begin(), made.end(), [](const Move& move) {
      return move.kind == MoveKind::LeaderTransfer;
    });
    if (!leader_stays_ || !hands_over) return made;
    // On the detour the leadership went with the data, as it may at any time. That alone is not
    // worth moving every copy; but without it the next plan would see another need.
    return left_.empty() ? std::vector<Move>() : moves_;
  }

 private:
  using Spread = std::array<std::size_t, 3>;

  struct Step {
    std::size_t from = 0;  ///< in left_
    std::size_t to = 0;    ///< in new_
  };

  /// A step that may come next, best first: that loses domains at the fewest levels (a drain alone
  /// may lose any), gains at the most, and takes leadership where it is to end.
  struct Candidate {
    std::size_t lost = 0;
    std::size_t not_gained = 0;
    bool leads_astray = false;
    Step step;

    auto rank() const { return std::tuple(lost, not_gained, leads_astray, step.from, step.to); }
  };

  bool drains(NodeId node) const { return view_.node(node).state == NodeState::Draining; }

  Spread spread(std::span<const NodeId> copies) const {
    Spread counts{};
    for (std::size_t level = 0; level < counts.size(); ++level) {
      counts[level] = count_domains(view_, copies, static_cast<DomainLevel>(level));
    }
    return counts;
  }

  /// Finds `steps_` from where the nodes of these bits are left and reached to the end.
  bool search(const std::vector<NodeId>& copies, std::uint32_t gone, std::uint32_t reached) {
    if (steps_.size() == left_.size()) return true;
    if (!tried_.insert({gone, reached}).second) return false;
    for (const Candidate& next : candidates(copies, gone, reached)) {
      Holders then{copies, NodeId::none()};
      then.replace(left_[next.step.from], new_[next.step.to]);
      steps_.push_back(next.step);
      if (search(then.copies, gone | 1u << next.step.from, reached | 1u << next.step.to)) {
        return true;
      }
      steps_.pop_back();
    }
    return false;
  }

  std::vector<Candidate> candidates(const std::vector<NodeId>& copies, std::uint32_t gone,
                                    std::uint32_t reached) const {
    const Spread now = spread(copies);
    bool any_drains = false;
    for (std::size_t i = 0; i < left_.size(); ++i) {
      any_drains = any_drains || (!(gone >> i & 1) && drains(left_[i]));
    }
    std::vector<Candidate> found;
    for (std::size_t from = 0; from < left_.size(); ++from) {
      if (gone >> from & 1 || drains(left_[from]) != any_drains) continue;
      for (std::size_t to = 0; to < new_.size(); ++to) {
        if (reached >> to & 1) continue;
        const Candidate one = judge(copies, now, {from, to});
        if (one.lost == 0 || any_drains) found.push_back(one);
      }
    }
    std::sort(found.begin(), found.end(),
              [](const Candidate& a, const Candidate& b) { return a.rank() < b.rank(); });
    return found;
  }

  Candidate judge(const std::vector<NodeId>& copies, const Spread& now, Step step) const {
    Holders then{copies, NodeId::none()};
    then.replace(left_[step.from], new_[step.to]);
    const Spread later = spread(then.copies);
    Candidate one;
    one.step = step;
    for (std::size_t level = 0; level < now.size(); ++level) {
      one.lost += later[level] < now[level] ? 1 : 0;
      one.not_gained += later[level] > now[level] ? 0 : 1;
    }
    one.leads_astray = (left_[step.from] == before_.leader) != (new_[step.to] == after_.leader);
    return one;
  }

  /// How many of the steps come before the moves for evenness: those off draining nodes and, if
  /// the shard was to be spread, those up to the last that spreads it.
  std::size_t steps_of_need() const {
    std::size_t needed = 0;
    const bool is_spread = has(MoveKind::Move, MoveReason::Domain);
    Holders at = before_;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Spread now = spread(at.copies);
      at.replace(left_[steps_[i].from], new_[steps_[i].to]);
      const Spread later = spread(at.copies);
      bool gains = false;
      for (std::size_t level = 0; level < now.size(); ++level) gains |= later[level] > now[level];
      if (drains(left_[steps_[i].from]) || (is_spread && gains)) needed = i + 1;
    }
    return needed;
  }

  bool has(MoveKind kind, MoveReason reason) const {
    return std::any_of(moves_.begin(), moves_.end(), [&](const Move& move) {
      return move.kind == kind && move.reason == reason;
    });
  }

  /// The steps as moves, with what leadership needs.
  std::vector<Move> dressed() const {
    std::vector<Move> made;
    Holders at = before_;
    const std::size_t needed = steps_of_need();
    // A leader in maintenance hands over as soon as another copy may lead.
    bool hands_over = has(MoveKind::LeaderTransfer, MoveReason::Drain);
    const auto hand_over = [&] {
      if (!hands_over) return;
      const NodeId next = successor(at);
      if (next.is_none()) return;
      add(MoveKind::LeaderTransfer, MoveReason::Drain, at.leader, next, at, made);
      hands_over = false;
    };
    hand_over();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const NodeId source = left_[steps_[i].from];
      const MoveReason reason = drains(source) ? MoveReason::Drain
                                : i < needed   ? MoveReason::Domain
                                               : MoveReason::Balance;
      add(MoveKind::Move, reason, source, new_[steps_[i].to], at, made);
      hand_over();
    }
    if (at.leader != after_.leader) {
      add(MoveKind::LeaderTransfer, MoveReason::Balance, at.leader, after_.leader, at, made);
    }
    return made;
  }

  /// Who leads in the end if it has a copy already, else the first node that may lead; none if no
  /// copy but the leader's is on such.
  NodeId successor(const Holders& at) const {
    if (at.hold(after_.leader) && after_.leader != at.leader) return after_.leader;
    for (const NodeId node : at.copies) {
      if (node != at.leader && takes_copies(view_.node(node))) return node;
    }
    return NodeId::none();
  }

  void add(MoveKind kind, MoveReason reason, NodeId source, NodeId target, Holders& at,
           std::vector<Move>& made) const {
    Move move = moves_.front();
    move.source = source;
    move.target = target;
    move.kind = kind;
    move.reason = reason;
    move.moves_leader = source == at.leader;
    move.bytes = kind == MoveKind::Move ? bytes() : Bytes(0);
    at.apply(move);
    made.push_back(move);
  }

  /// What a copy of the shard weighs; there is one that moves.
  Bytes bytes() const {
    const auto data = std::find_if(moves_.begin(), moves_.end(),
                                   [](const Move& move) { return move.kind == MoveKind::Move; });
    return data->bytes;
  }

  const ClusterView& view_;
  std::vector<Move> moves_;
  Holders before_;
  Holders after_;
  bool leader_stays_ = false;
  std::vector<NodeId> left_;
  std::vector<NodeId> new_;
  std::vector<Step> steps_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> tried_;
};

}  // namespace

std::vector<Move> without_detours(const ClusterView& view, std::vector<Move> moves) {
  std::map<ShardId, std::vector<Move>> by_shard;
  for (const Move& move : moves) by_shard[move.shard].push_back(move);
  std::map<ShardId, std::vector<Move>> shorter;
  for (auto& [id, own] : by_shard) {
    if (own.size() < 2) continue;
    Route route(view, view.shards[index_of(view, id)], std::move(own));
    if (route.has_detour()) shorter.emplace(id, route.straight());
  }
  if (shorter.empty()) return moves;
  std::vector<Move> result;
  for (const Move& move : moves) {
    const auto found = shorter.find(move.shard);
    if (found == shorter.end()) {
      result.push_back(move);
    } else {
      result.insert(result.end(), found->second.begin(), found->second.end());
      found->second.clear();
    }
  }
  std::stable_partition(result.begin(), result.end(),
                        [](const Move& move) { return !is_for_evenness(move); });
  return result;
}

}  // namespace shardproof::distribution
