// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "core/distribution/optimum/minimum_flow.hpp"

namespace shardproof::distribution {

/// What a flow costs, lexicographically: a finite sum or difference of such costs is one again.
struct FlowCost {
  std::int64_t unevenness = 0;
  std::int64_t moved = 0;   ///< copies or bytes, as asked for
  std::int64_t copies = 0;  ///< settles ties between equal bytes

  FlowCost operator+(const FlowCost& other) const {
    return {unevenness + other.unevenness, moved + other.moved, copies + other.copies};
  }
  FlowCost operator-(const FlowCost& other) const {
    return {unevenness - other.unevenness, moved - other.moved, copies - other.copies};
  }
  friend auto operator<=>(const FlowCost&, const FlowCost&) = default;
};

/// An integral flow of the model of minimum_flow.hpp: where each copy is. It starts as the view has
/// it and changes by one copy at a time, which is a path of the residual network through the tree
/// of that copy's shard.
///
/// Copies and shards are addressed by index: the copies of shard i are first_copy(i) up to, not
/// including, first_copy(i + 1). A copy that comes to a place where its shard had one at first is
/// that one from then on, so that a copy has moved exactly if it is not where it started.
class FlowState {
 public:
  FlowState(const ClusterView& view, const MinimumFlowRequest& request);

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(view_.nodes.size()); }
  std::uint32_t shard_count() const { return static_cast<std::uint32_t>(view_.shards.size()); }
  std::uint32_t first_copy(std::uint32_t shard) const { return first_copies_[shard]; }
  std::uint32_t shard_of(std::uint32_t copy) const { return shards_[copy]; }
  std::uint32_t origin(std::uint32_t copy) const { return origins_[copy]; }
  std::uint32_t place(std::uint32_t copy) const { return places_[copy]; }
  bool has_moved(std::uint32_t copy) const { return places_[copy] != origins_[copy]; }
  /// Where the shard's copies are, or were at first, in the order of their indices.
  std::span<const std::uint32_t> places_of(std::uint32_t shard) const;
  std::span<const std::uint32_t> origins_of(std::uint32_t shard) const;

  bool receives(std::uint32_t node) const { return receives_[node]; }
  bool must_empty(std::uint32_t node) const { return must_empty_[node]; }
  std::uint64_t count(std::uint32_t node) const { return counts_[node]; }
  std::uint64_t count_at_first(std::uint32_t node) const { return counts_at_first_[node]; }
  /// How many the node is to have, rounded down and up; zero for who is no member.
  std::uint64_t target_floor(std::uint32_t node) const { return floors_[node]; }
  std::uint64_t target_ceiling(std::uint32_t node) const { return ceilings_[node]; }

  /// What one more copy on the node would cost in evenness; what one fewer would save.
  FlowCost cost_of_arrival(std::uint32_t node) const {
    return {marginal_unevenness(node, counts_[node] + 1), 0, 0};
  }
  FlowCost gain_of_departure(std::uint32_t node) const {
    return {marginal_unevenness(node, counts_[node]), 0, 0};
  }
  /// What it costs that a copy is not at its origin.
  FlowCost cost_of_moving(std::uint32_t copy) const;
  /// By how much the node's bytes are above its share of them, by weight.
  std::int64_t bytes_over_share(std::uint32_t node) const {
    return static_cast<std::int64_t>(bytes_[node]) - static_cast<std::int64_t>(shares_[node]);
  }
  /// Among equal costs, bytes are to be evened out.
  bool evens_bytes() const { return request_.even_bytes; }

  /// True if each member has as many copies as it is to have, and nobody else any.
  bool is_on_target() const;
  /// What the whole flow costs; the unevenness counts from that of the state given.
  FlowCost cost() const { return cost_; }

  /// The copies that started on the node and may leave it, in the order in which they are best
  /// given: cheapest first, equal ones as a fair sample (by a hash of the shard's id); with
  /// even_bytes first those that leave the node its share.
  const std::vector<std::uint32_t>& candidates(std::uint32_t node) const {
    return candidates_[node];
  }
  /// The moved copies on a node, and all of them. In no special order, but always the same one.
  const std::vector<std::uint32_t>& arrived(std::uint32_t node) const { return arrived_[node]; }
  const std::vector<std::uint32_t>& moved() const { return moved_; }

  /// True if a copy that has not moved may at all.
  bool may_leave(std::uint32_t copy) const { return may_leave_[copy]; }
  /// The node's rack: a number that is the same for nodes in the same one.
  std::uint64_t rack(std::uint32_t node) const { return domains_.back()[node]; }
  /// True if domains let the copy go to the node, or any other one in the same rack.
  bool may_cross_to(std::uint32_t copy, std::uint32_t node) const;
  /// True if the copy may go to the node as the flow is now. O(copies of the shard).
  bool may_go(std::uint32_t copy, std::uint32_t node) const;
  void move(std::uint32_t copy, std::uint32_t node);
  /// The shard's copy on a node that holds one.
  std::uint32_t copy_on(std::uint32_t shard, std::uint32_t node) const;

 private:
  using Domains = std::vector<std::uint64_t>;  // by node

  void set_targets(const std::vector<bool>& members);
  void sort_candidates(std::uint32_t node);
  void sort_candidates_by_share(std::uint32_t node);
  void add_copies(const ShardView& shard);
  void count_open_domains();
  std::int64_t marginal_unevenness(std::uint32_t node, std::uint64_t unit) const;
  bool has_room_for(std::uint32_t copy, std::uint32_t node) const;
  bool crosses_legally(std::uint32_t shard, std::size_t level, std::uint32_t from,
                       std::uint32_t to) const;
  /// True if the shard started with a copy in the domain, and one may be there.
  bool keeps_one(std::uint32_t shard, std::size_t level, std::uint64_t domain) const;
  void put(std::uint32_t copy, std::uint32_t node);
  void take(std::uint32_t copy);

  const ClusterView& view_;
  const MinimumFlowRequest& request_;

  // By node.
  std::vector<char> receives_;
  std::vector<char> must_empty_;
  std::vector<std::uint64_t> floors_;    // targets
  std::vector<std::uint64_t> ceilings_;  // floor or one more
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint64_t> counts_at_first_;
  std::vector<std::uint64_t> bytes_;
  std::vector<std::uint64_t> shares_;  // of the bytes, by weight
  std::vector<Bytes> incoming_;        // of what is in flight already
  std::array<Domains, 3> domains_;     // by level
  std::vector<std::vector<std::uint32_t>> candidates_;
  std::vector<std::vector<std::uint32_t>> arrived_;

  std::array<Domains, 3> open_domains_;  // by level: keys of those that receive, ascending

  std::vector<std::uint32_t> first_copies_;  // by shard, and one more

  // By copy.
  std::vector<std::uint32_t> shards_;
  std::vector<std::uint32_t> origins_;
  std::vector<char> may_leave_;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint32_t> positions_;        // in arrived_ of its place, while it has moved
  std::vector<std::uint32_t> moved_positions_;  // in moved_, while it has moved

  std::vector<std::uint32_t> moved_;
  FlowCost cost_;
};

}  // namespace shardproof::distribution
