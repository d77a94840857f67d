// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/detours.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/base/contains.hpp"

namespace shardproof::distribution {
namespace {

/// More of them are not searched.
constexpr std::size_t kChangesMax = 4;

using DistinctDomains = std::array<std::size_t, 3>;

DistinctDomains distinct_domains(const ClusterView& view, const std::vector<NodeId>& copies) {
  constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};
  DistinctDomains counts{};
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    std::vector<std::uint64_t> keys;
    for (const NodeId node : copies) keys.push_back(domain_key(view.node(node).domain, kLevels[i]));
    std::sort(keys.begin(), keys.end());
    counts[i] = static_cast<std::size_t>(std::unique(keys.begin(), keys.end()) - keys.begin());
  }
  return counts;
}

/// A shard's copies and leader, as its moves change them.
struct Holders {
  std::vector<NodeId> copies;
  NodeId leader;

  void carry_out(const Move& move) {
    if (move.kind != MoveKind::LeaderTransfer) {
      std::replace(copies.begin(), copies.end(), move.source, move.target);
    }
    if (move.moves_leader) leader = move.target;
  }
};

bool has_detour(const std::vector<Move>& moves) {
  std::vector<NodeId> left;
  for (const Move& move : moves) {
    if (move.kind != MoveKind::Move) continue;
    if (contains(left, move.target)) return true;
    left.push_back(move.source);
  }
  return false;
}

/// Finds the shortest way of one shard from what it has to what its moves end in.
class Shortening {
 public:
  Shortening(const ClusterView& view, const ShardView& shard, std::vector<Move> moves)
      : view_(view), shard_(shard), moves_(std::move(moves)) {}

  /// Nothing if there is no way.
  std::optional<std::vector<Move>> run() {
    Holders before{planned_copies(shard_), planned_leader(shard_)};
    const std::size_t kept = count_kept();
    for (std::size_t i = 0; i < kept; ++i) before.carry_out(moves_[i]);
    Holders after = before;
    for (std::size_t i = kept; i < moves_.size(); ++i) after.carry_out(moves_[i]);
    auto rest = shortest(before, after);
    if (!rest) return std::nullopt;
    std::vector<Move> result(moves_.begin(), moves_.begin() + static_cast<std::ptrdiff_t>(kept));
    result.insert(result.end(), rest->begin(), rest->end());
    return result;
  }

 private:
  /// How many moves stay: up to the last leader that is handed over to empty its node.
  std::size_t count_kept() const {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      const bool hands_over = moves_[i].kind == MoveKind::LeaderTransfer;
      if (hands_over && moves_[i].reason == MoveReason::Drain) kept = i + 1;
    }
    return kept;
  }

  bool is_draining(NodeId node) const { return view_.node(node).state == NodeState::Draining; }

  std::optional<std::vector<Move>> shortest(const Holders& before, const Holders& after) const {
    std::vector<NodeId> leaving;
    std::vector<NodeId> arriving;
    for (const NodeId node : before.copies) {
      if (!contains(after.copies, node)) leaving.push_back(node);
    }
    for (const NodeId node : after.copies) {
      if (!contains(before.copies, node)) arriving.push_back(node);
    }
    if (leaving.size() > kChangesMax) return std::nullopt;
    std::sort(leaving.begin(), leaving.end());
    std::sort(arriving.begin(), arriving.end());
    std::optional<std::vector<Move>> best;
    do {
      do {
        auto way = steps(before, after, leaving, arriving);
        if (way && (!best || way->size() < best->size())) best = std::move(way);
      } while (std::next_permutation(arriving.begin(), arriving.end()));
    } while (std::next_permutation(leaving.begin(), leaving.end()));
    return best;
  }

  std::optional<std::vector<Move>> steps(Holders now, const Holders& after,
                                         const std::vector<NodeId>& leaving,
                                         const std::vector<NodeId>& arriving) const {
    const auto drains = [&](NodeId node) { return is_draining(node); };
    if (!std::is_partitioned(leaving.begin(), leaving.end(), drains)) return std::nullopt;
    std::vector<Move> way;
    for (std::size_t i = 0; i < leaving.size(); ++i) {
      const DistinctDomains domains = distinct_domains(view_, now.copies);
      way.push_back(step(now, leaving[i], arriving[i]));
      now.carry_out(way.back());
      if (is_draining(leaving[i])) continue;
      const DistinctDomains then = distinct_domains(view_, now.copies);
      for (std::size_t level = 0; level < then.size(); ++level) {
        if (then[level] < domains[level]) return std::nullopt;
      }
    }
    if (now.leader != after.leader) way.push_back(hand_over(now.leader, after.leader));
    return way;
  }

  Move step(const Holders& now, NodeId source, NodeId target) const {
    Move move = moves_.front();
    move.kind = MoveKind::Move;
    move.source = source;
    move.target = target;
    move.reason = reason_of(source);
    move.moves_leader = now.leader == source;
    move.bytes = shard_.bytes;
    return move;
  }

  Move hand_over(NodeId source, NodeId target) const {
    Move move = moves_.front();
    move.kind = MoveKind::LeaderTransfer;
    move.source = source;
    move.target = target;
    move.reason = MoveReason::Balance;
    move.moves_leader = true;
    move.bytes = Bytes(0);
    return move;
  }

  /// What spreads a shard spreads it by all of its steps together.
  MoveReason reason_of(NodeId source) const {
    if (is_draining(source)) return MoveReason::Drain;
    const bool spreads = std::any_of(moves_.begin(), moves_.end(), [](const Move& move) {
      return move.reason == MoveReason::Domain;
    });
    return spreads ? MoveReason::Domain : MoveReason::Balance;
  }

  const ClusterView& view_;
  const ShardView& shard_;
  std::vector<Move> moves_;
};

const ShardView& shard_with_id(const ClusterView& view, ShardId id) {
  return *std::lower_bound(view.shards.begin(), view.shards.end(), id,
                           [](const ShardView& shard, ShardId each) { return shard.id < each; });
}

}  // namespace

std::vector<Move> without_detours(const ClusterView& view, std::vector<Move> moves) {
  std::vector<std::pair<ShardId, std::size_t>> order;
  for (std::size_t i = 0; i < moves.size(); ++i) order.emplace_back(moves[i].shard, i);
  std::sort(order.begin(), order.end());
  std::vector<char> is_dropped(moves.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    std::vector<Move> of_shard;
    for (; end < order.size() && order[end].first == order[begin].first; ++end) {
      of_shard.push_back(moves[order[end].second]);
    }
    if (has_detour(of_shard)) {
      const auto shorter =
          Shortening(view, shard_with_id(view, order[begin].first), of_shard).run();
      // The places of the first moves are taken; there are never more than before.
      for (std::size_t i = 0; shorter && i < of_shard.size(); ++i) {
        const std::size_t place = order[begin + i].second;
        is_dropped[place] = i >= shorter->size();
        if (!is_dropped[place]) moves[place] = (*shorter)[i];
      }
    }
    begin = end;
  }
  std::vector<Move> result;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (!is_dropped[i]) result.push_back(moves[i]);
  }
  return result;
}

}  // namespace shardproof::distribution
