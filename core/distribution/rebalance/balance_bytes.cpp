// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

/// How many partners a node is tried with: the best few are as good as any, and each try costs the
/// copies of both nodes.
constexpr std::size_t kPartnersTried = 4;
constexpr CopyIndex kNoCopy = static_cast<CopyIndex>(-1);

/// One copy from source to target, and maybe one back.
struct Exchange {
  CopyIndex forth = kNoCopy;
  CopyIndex back = kNoCopy;
};

using SizedCopy = std::pair<std::uint64_t, CopyIndex>;  // bytes first: the order of search

/// One round over the nodes outside their band; those for which nothing helps are not tried again
/// in it.
class BytesRound {
 public:
  explicit BytesRound(Draft& draft) : draft_(draft) {
    for (const NodeView& node : draft.view().nodes) {
      if (!draft.takes_copies(node.id)) continue;
      nodes_.push_back(node.id);
      total_bytes_ += draft.bytes(node.id).count();
      total_weight_ += draft.weight(node.id);
    }
    untried_.assign(draft.view().nodes.size(), 1);
  }

  /// True if anything was moved.
  bool run() {
    bool moved = false;
    for (NodeId node = worst_outside_band(); node.has_value(); node = worst_outside_band()) {
      if (relieve(node)) {
        moved = true;
      } else {
        untried_[node.value()] = 0;
      }
    }
    return moved;
  }

 private:
  UInt128 share(NodeId node) const {
    return static_cast<UInt128>(total_bytes_) * draft_.weight(node) / total_weight_;
  }
  WeightedLoad fill(NodeId node) const { return {draft_.bytes(node).count(), draft_.weight(node)}; }
  bool is_over(NodeId node) const { return draft_.bytes(node).count() > share(node); }

  UInt128 band(NodeId node) const {
    const Ratio band = draft_.options().bytes_band;
    return share(node) * band.numerator() / band.denominator();
  }
  static UInt128 distance(UInt128 a, UInt128 b) { return a > b ? a - b : b - a; }

  /// By how much a node is further from its share than the band allows; zero inside it.
  UInt128 outside_band(NodeId node) const {
    const UInt128 from_share = distance(draft_.bytes(node).count(), share(node));
    const UInt128 allowed = band(node);
    return from_share > allowed ? from_share - allowed : 0;
  }

  /// Whether a node is further from being as full as the other than its band allows. A share may be
  /// out of reach (failure domains, full disks, what is pinned): nodes that are even among
  /// themselves then exchange nothing, however far all of them are from their shares.
  bool are_apart(NodeId node, NodeId other) const {
    const UInt128 as_full = static_cast<UInt128>(draft_.bytes(other).count()) *
                            draft_.weight(node) / draft_.weight(other);
    return distance(draft_.bytes(node).count(), as_full) > band(node);
  }

  NodeId worst_outside_band() const {
    NodeId worst;
    UInt128 worst_distance = 0;
    for (const NodeId node : nodes_) {
      const UInt128 distance = untried_[node.value()] ? outside_band(node) : 0;
      if (distance > worst_distance) std::tie(worst, worst_distance) = std::tie(node, distance);
    }
    return worst;
  }

  /// The nodes at the other end that are far enough, furthest first.
  std::vector<NodeId> partners(NodeId node) const {
    const bool over = is_over(node);
    std::vector<NodeId> others;
    for (const NodeId other : nodes_) {
      if (!(over ? fill(other) < fill(node) : fill(node) < fill(other))) continue;
      if (are_apart(node, other)) others.push_back(other);
    }
    const auto further = [&](NodeId a, NodeId b) {
      const auto order = fill(a) <=> fill(b);
      if (order == 0) return a < b;
      return over ? order < 0 : order > 0;
    };
    const std::size_t kept = std::min(kPartnersTried, others.size());
    std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(kept),
                      others.end(), further);
    others.resize(kept);
    return others;
  }

  bool relieve(NodeId node) {
    const bool over = is_over(node);
    for (const NodeId partner : partners(node)) {
      const NodeId source = over ? node : partner;
      const NodeId target = over ? partner : node;
      const auto exchange = best_exchange(source, target);
      if (!exchange) continue;
      draft_.move(exchange->forth, target, MoveReason::Balance);
      if (exchange->back != kNoCopy) draft_.move(exchange->back, source, MoveReason::Balance);
      return true;
    }
    return false;
  }

  /// What would make both equally full: (b_s w_t - b_t w_s) / (w_s + w_t), positive.
  std::uint64_t wanted_bytes(NodeId source, NodeId target) const {
    const UInt128 source_weight = draft_.weight(source);
    const UInt128 target_weight = draft_.weight(target);
    const UInt128 gap =
        draft_.bytes(source).count() * target_weight - draft_.bytes(target).count() * source_weight;
    return static_cast<std::uint64_t>(gap / (source_weight + target_weight));
  }

  /// A single copy may go if the counts stay as even as they are.
  bool may_shift_count(NodeId source, NodeId target) const {
    const WeightedLoad target_after{draft_.copy_count(target) + 1, draft_.weight(target)};
    return target_after <= WeightedLoad{draft_.copy_count(source), draft_.weight(source)};
  }

  std::vector<SizedCopy> movable(NodeId source, NodeId target) const {
    std::vector<SizedCopy> copies;
    for (const CopyIndex copy : draft_.copies_on(source)) {
      if (!draft_.is_whole(draft_.shard_of(copy))) continue;
      if (!draft_.may_move(copy, target, draft_.collision(copy))) continue;
      copies.emplace_back(draft_.bytes_of(copy).count(), copy);
    }
    std::sort(copies.begin(), copies.end());
    return copies;
  }

  /// The exchange that comes closest to what is wanted, if it closes at least an eighth of the gap;
  /// a single copy before two, then the smaller copies.
  std::optional<Exchange> best_exchange(NodeId source, NodeId target) const {
    const std::uint64_t wanted = wanted_bytes(source, target);
    const std::vector<SizedCopy> forth = movable(source, target);
    if (wanted == 0 || forth.empty() || forth.back().first == 0) return std::nullopt;
    const std::vector<SizedCopy> back = movable(target, source);
    const bool single = may_shift_count(source, target);
    std::optional<Exchange> best;
    std::tuple<std::uint64_t, bool> best_score{wanted - wanted / 8, false};
    const auto consider = [&](std::uint64_t sent, std::uint64_t returned, Exchange exchange) {
      const std::uint64_t net = sent > returned ? sent - returned : 0;
      const std::uint64_t miss = net > wanted ? net - wanted : wanted - net;
      const std::tuple score{miss, exchange.back != kNoCopy};
      if (net == 0 || !(score < best_score)) return;
      best_score = score;
      best = exchange;
    };
    for (const auto& [sent, copy] : forth) {
      if (single) consider(sent, 0, {copy, kNoCopy});
      // The copies just below and just above what would be the right return.
      const SizedCopy right{sent > wanted ? sent - wanted : 0, 0};
      const auto above = std::lower_bound(back.begin(), back.end(), right);
      if (above != back.end()) consider(sent, above->first, {copy, above->second});
      if (above != back.begin()) consider(sent, (above - 1)->first, {copy, (above - 1)->second});
    }
    return best;
  }

  Draft& draft_;
  std::vector<NodeId> nodes_;
  std::vector<char> untried_;  // by node
  std::uint64_t total_bytes_ = 0;
  UInt128 total_weight_ = 0;
};

}  // namespace

bool balance_bytes(Draft& draft) {
  bool moved = false;
  while (BytesRound(draft).run()) moved = true;
  return moved;
}

}  // namespace shardproof::distribution
