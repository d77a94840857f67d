// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/local_search.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/contains.hpp"
#include "core/base/stable_hash.hpp"
#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"
#include "core/distribution/rebalance/shift.hpp"

namespace shardproof::distribution {
namespace {

using Search = LocalSearchRebalance;

class DescentRound {
 public:
  explicit DescentRound(Draft& draft)
      : draft_(draft),
        is_stuck_(draft.view().nodes.size()),
        partners_max_(draft.options().number(Search::kPartners)),
        exchanged_max_(draft.options().number(Search::kExchanged)),
        evaluations_max_(draft.options().number(Search::kEvaluations)),
        move_price_(draft.options().ratio(Search::kMovePrice)) {
    for (const LoadMeasure measure : kLoadMeasures) {
      shares_.emplace_back(draft, measure);
      noises_.emplace_back(draft, measure);
    }
  }

  void run() {
    while (pass()) {
    }
  }

 private:
  /// Takes the nodes until none is left for which anything helps; false if nothing has helped.
  bool pass() {
    std::fill(is_stuck_.begin(), is_stuck_.end(), 0);
    bool moved = false;
    while (evaluations_ < evaluations_max_) {
      const NodeId node = worst();
      if (node.is_none()) return moved;
      if (const auto best = best_shift(node)) {
        best->shift.carry_out(draft_);
        moved = true;
      } else {
        is_stuck_[node.value()] = 1;
      }
    }
    return false;
  }

  struct Candidate {
    Shift shift;
    Int128 gain = 0;
    std::uint64_t bytes = 0;
  };

  /// A load of 2^16 shares is as bad as any.
  static Int128 relative(const FairShares& shares, NodeId node, std::uint64_t amount) {
    constexpr Int128 kWorst = FairShares::kOne << 16;
    return std::min(shares.relative(node, amount), kWorst);
  }

  static Int128 cost(const FairShares& shares, NodeId node, std::uint64_t amount) {
    const Int128 off = relative(shares, node, amount) - FairShares::kOne;
    return off * off * static_cast<Int128>(shares.weight(node));
  }

  Int128 cost(NodeId node) const {
    Int128 sum = 0;
    for (const FairShares& shares : shares_) {
      sum += cost(shares, node, draft_.amount(node, shares.measure()));
    }
    return sum;
  }

  const CountingNoise& noise(LoadMeasure measure) const {
    return noises_[static_cast<std::size_t>(measure)];
  }

  bool is_off(NodeId node) const {
    return std::any_of(shares_.begin(), shares_.end(), [&](const FairShares& shares) {
      const std::uint64_t share = shares.share(node);
      const LoadMeasure measure = shares.measure();
      const std::uint64_t held = draft_.amount(node, measure);
      std::uint64_t allowed = draft_.options().bytes_band.of(share) + noise(measure).of(share);
      if (measure == LoadMeasure::Copies || measure == LoadMeasure::Leaders) {
        allowed = std::max<std::uint64_t>(allowed, draft_.options().count_gap);
      }
      return held > share ? held - share > allowed : share - held > allowed;
    });
  }

  NodeId worst() const {
    NodeId worst;
    Int128 most = 0;
    for (const NodeId node : shares_.front().nodes()) {
      if (is_stuck_[node.value()] || !is_off(node)) continue;
      const Int128 mine = cost(node);
      if (mine > most) std::tie(worst, most) = std::tie(node, mine);
    }
    return worst;
  }

  /// The nodes that hold least altogether, and those that hold most.
  std::vector<NodeId> partners(NodeId of) const {
    std::vector<std::pair<Int128, NodeId>> order;
    for (const NodeId node : shares_.front().nodes()) {
      if (node == of) continue;
      Int128 sum = 0;
      for (const FairShares& shares : shares_) {
        sum += shares.relative(node, draft_.amount(node, shares.measure()));
      }
      order.emplace_back(sum, node);
    }
    std::sort(order.begin(), order.end());
    const std::size_t kept = std::min(partners_max_, order.size());
    std::vector<NodeId> nodes;
    for (std::size_t i = 0; i < kept; ++i) {
      for (const NodeId node : {order[i].second, order[order.size() - 1 - i].second}) {
        if (!contains(nodes, node)) nodes.push_back(node);
      }
    }
    return nodes;
  }

  std::optional<Candidate> best_shift(NodeId node) {
    std::optional<Candidate> best;
    const std::vector<NodeId> others = partners(node);
    for (const NodeId partner : others) {
      try_singles(node, partner, best);
      try_singles(partner, node, best);
    }
    if (best) return best;
    for (const NodeId partner : others) try_exchanges(node, partner, best);
    return best;
  }

  void try_singles(NodeId source, NodeId target, std::optional<Candidate>& best) {
    for (const CopyIndex copy : draft_.copies_on(source)) {
      if (draft_.leads(copy)) consider({source, target, copy, std::nullopt, true}, best);
      consider({source, target, copy, std::nullopt, false}, best);
    }
  }

  void try_exchanges(NodeId source, NodeId target, std::optional<Candidate>& best) {
    const std::vector<CopyIndex> back = sample(target);
    for (const CopyIndex sent : sample(source)) {
      for (const CopyIndex returned : back) {
        consider({source, target, sent, returned, false}, best);
      }
    }
  }

  /// Some of the node's copies, the same whatever has moved in the plan before.
  std::vector<CopyIndex> sample(NodeId node) const {
    std::vector<std::pair<std::uint64_t, CopyIndex>> order;
    for (const CopyIndex copy : draft_.copies_on(node)) {
      order.emplace_back(mix64(draft_.shard(draft_.shard_of(copy)).id.value()), copy);
    }
    std::sort(order.begin(), order.end());
    order.resize(std::min(order.size(), exchanged_max_));
    std::vector<CopyIndex> copies;
    for (const auto& [key, copy] : order) copies.push_back(copy);
    return copies;
  }

  void consider(const Shift& shift, std::optional<Candidate>& best) {
    ++evaluations_;
    const Candidate candidate{shift, gain(shift), shift.bytes(draft_)};
    if (candidate.gain <= 0 || (best && !is_better(candidate, *best))) return;
    if (shift.is_legal(draft_)) best = candidate;
  }

  /// By how much the objective falls for certain, less the price.
  Int128 gain(const Shift& shift) const {
    Int128 sum = -price(shift);
    for (const FairShares& shares : shares_) {
      const std::int64_t shifted = shift.amount(draft_, shares.measure());
      if (shifted != 0) sum += gain(shares, shift, shifted);
    }
    return sum;
  }

  Int128 gain(const FairShares& shares, const Shift& shift, std::int64_t shifted) const {
    // What comes back may be more than what goes: the sums wrap round to the right numbers.
    const auto more = static_cast<std::uint64_t>(shifted);
    const std::uint64_t at_source = draft_.amount(shift.source, shares.measure());
    const std::uint64_t at_target = draft_.amount(shift.target, shares.measure());
    const Int128 gained =
        cost(shares, shift.source, at_source) + cost(shares, shift.target, at_target) -
        cost(shares, shift.source, at_source - more) - cost(shares, shift.target, at_target + more);
    const std::uint64_t size = shifted < 0 ? -more : more;
    const std::uint64_t chance = noise(shares.measure()).of(draft_, shift);
    const Int128 by_chance = gained / static_cast<Int128>(size) * static_cast<Int128>(chance);
    if (gained <= 0) return gained + by_chance;
    if (size <= chance) return 0;
    const Int128 off = uncertain(shares, shift, at_source + at_target, size);
    return std::max<Int128>(gained - by_chance - off, 0);
  }

  /// How much of what shifting `size` gains may be chance at the two nodes, who hold `held`.
  Int128 uncertain(const FairShares& shares, const Shift& shift, std::uint64_t held,
                   std::uint64_t size) const {
    const std::uint64_t chance = noise(shares.measure()).of(held - std::min(held, size));
    if (chance == 0) return 0;
    const auto weight = static_cast<Int128>(shares.weight(shift.source));
    return 2 * relative(shares, shift.source, size) * relative(shares, shift.source, chance) *
           weight;
  }

  Int128 price(const Shift& shift) const {
    if (shift.leadership_only) return 0;
    const std::uint64_t copies = shift.back ? 2 : 1;
    const FairShares& of_copies = shares_[static_cast<std::size_t>(LoadMeasure::Copies)];
    const FairShares& of_bytes = shares_[static_cast<std::size_t>(LoadMeasure::Bytes)];
    Int128 moved = of_copies.relative(shift.source, copies);
    const std::uint64_t bytes = shift.bytes(draft_);
    if (bytes > 0) moved += of_bytes.relative(shift.source, bytes);
    return moved * FairShares::kOne * static_cast<Int128>(of_copies.weight(shift.source)) /
           static_cast<Int128>(move_price_.denominator()) *
           static_cast<Int128>(move_price_.numerator());
  }

  bool is_better(const Candidate& a, const Candidate& b) const {
    if (a.gain != b.gain) return a.gain > b.gain;
    if (a.bytes != b.bytes) return a.bytes < b.bytes;
    const auto key = [&](const Candidate& each) {
      const Shift& shift = each.shift;
      const ShardIndex back = shift.back ? draft_.shard_of(*shift.back) : 0;
      return std::tuple{draft_.shard_of(shift.copy), back, shift.source, shift.target};
    };
    return key(a) < key(b);
  }

  Draft& draft_;
  std::vector<FairShares> shares_;     // in the order of kLoadMeasures
  std::vector<CountingNoise> noises_;  // in the same order
  std::vector<char> is_stuck_;         // by node, in this pass
  std::size_t partners_max_;
  std::size_t exchanged_max_;
  std::uint64_t evaluations_max_;
  Ratio move_price_;
  std::uint64_t evaluations_ = 0;
};

}  // namespace

Plan LocalSearchRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  DescentRound(draft).run();
  return draft.finish();
}

}  // namespace shardproof::distribution
