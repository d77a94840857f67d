// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/schedule.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/check.hpp"

namespace shardproof::distribution {
namespace {

/// Classes in the order of admission.
std::uint32_t urgency(MoveReason reason) {
  switch (reason) {
    case MoveReason::Repair: return 0;
    case MoveReason::Drain: return 1;
    case MoveReason::Domain: return 1;
    case MoveReason::Balance: return 2;
  }
  SHARDPROOF_CHECK(false);
}

/// How many copies may share the bandwidth: each share is at least a byte per second, for a rate of
/// zero would mean no limit.
std::uint64_t share_count(const MoveLimits& limits) {
  SHARDPROOF_CHECK(limits.bandwidth_shares > 0);
  return std::min<std::uint64_t>(limits.bandwidth_shares, limits.bandwidth.bytes_per_second());
}

/// Moves in flight by everything that is limited.
class InFlight {
 public:
  InFlight(const ClusterView& view, const MoveLimits& limits)
      : view_(view), limits_(limits), per_node_(view.nodes.size()) {
    for (const NodeView& node : view.nodes) domains_.push_back(key(node.id));
    std::sort(domains_.begin(), domains_.end());
    domains_.erase(std::unique(domains_.begin(), domains_.end()), domains_.end());
    per_domain_.resize(domains_.size());
  }

  void add(NodeId source, NodeId target, MoveKind kind) {
    ++cluster_wide_;
    copies_ += kind != MoveKind::LeaderTransfer;
    ++per_node_[source.value()];
    ++per_node_[target.value()];
    ++per_domain_[domain(source)];
    if (domain(source) != domain(target)) ++per_domain_[domain(target)];
  }

  bool has_room(const Move& move) const {
    const bool copies_data = move.kind != MoveKind::LeaderTransfer;
    if (copies_data && !limits_.bandwidth.is_unlimited() && copies_ >= share_count(limits_)) {
      return false;
    }
    return below(cluster_wide_, limits_.moves_cluster_wide) &&
           below(per_node_[move.source.value()], limits_.moves_per_node) &&
           below(per_node_[move.target.value()], limits_.moves_per_node) &&
           below(per_domain_[domain(move.source)], limits_.moves_per_domain) &&
           below(per_domain_[domain(move.target)], limits_.moves_per_domain);
  }

 private:
  static bool below(std::uint32_t count, std::uint32_t limit) {
    return limit == 0 || count < limit;
  }
  std::uint64_t key(NodeId node) const {
    return domain_key(view_.node(node).domain, limits_.domain_level);
  }
  std::size_t domain(NodeId node) const {
    const auto found = std::lower_bound(domains_.begin(), domains_.end(), key(node));
    return static_cast<std::size_t>(found - domains_.begin());
  }

  const ClusterView& view_;
  const MoveLimits& limits_;
  std::uint32_t cluster_wide_ = 0;
  std::uint32_t copies_ = 0;
  std::vector<std::uint32_t> per_node_;
  std::vector<std::uint64_t> domains_;  // keys, ascending
  std::vector<std::uint32_t> per_domain_;
};

/// Indices into the queue, in order of admission.
std::vector<std::size_t> order_of_admission(const std::vector<Move>& queue,
                                            const MoveLimits& limits) {
  std::vector<std::tuple<std::uint32_t, std::uint64_t, std::size_t>> keys;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const Move& move = queue[i];
    std::uint64_t rank = 0;
    if (move.reason == MoveReason::Repair) {
      rank = limits.fewest_copies_first ? move.living_copies : move.shard.value();
    }
    keys.emplace_back(urgency(move.reason), rank, i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> order;
  for (const auto& key : keys) order.push_back(std::get<2>(key));
  return order;
}

/// By queue index, whether a move is its shard's next: the first repair, else the first move, and
/// nothing while one is active.
std::vector<char> next_of_their_shards(const std::vector<Move>& queue,
                                       const std::vector<ActiveMove>& active) {
  std::vector<std::tuple<ShardId, std::uint32_t, std::size_t>> keys;
  for (const ActiveMove& move : active) keys.emplace_back(move.shard, 0, queue.size());
  for (std::size_t i = 0; i < queue.size(); ++i) {
    keys.emplace_back(queue[i].shard, queue[i].reason == MoveReason::Repair ? 1 : 2, i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<char> next(queue.size());
  ShardId previous;
  for (const auto& [shard, rank, index] : keys) {
    if (shard != previous && index < queue.size()) next[index] = 1;
    previous = shard;
  }
  return next;
}

}  // namespace

Bandwidth bandwidth_share(const MoveLimits& limits) {
  if (limits.bandwidth.is_unlimited()) return {};
  return Bandwidth(limits.bandwidth.bytes_per_second() / share_count(limits));
}

std::vector<Admission> admit(const std::vector<Move>& queue, const std::vector<ActiveMove>& active,
                             const ClusterView& view, const MoveLimits& limits, Instant now) {
  const bool open = inside_windows(limits.windows, now, limits.time_of_day_at_start);
  const Bandwidth share = bandwidth_share(limits);
  InFlight in_flight(view, limits);
  for (const ActiveMove& move : active) in_flight.add(move.source, move.target, move.kind);
  const std::vector<char> is_next = next_of_their_shards(queue, active);
  std::vector<Admission> admitted;
  for (const std::size_t index : order_of_admission(queue, limits)) {
    const Move& move = queue[index];
    if (!is_next[index]) continue;
    if (move.reason == MoveReason::Balance && !open) continue;
    if (!in_flight.has_room(move)) continue;
    in_flight.add(move.source, move.target, move.kind);
    admitted.push_back({index, share});
  }
  return admitted;
}

}  // namespace shardproof::distribution
