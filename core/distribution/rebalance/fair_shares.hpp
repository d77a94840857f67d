// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/wide.hpp"
#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

/// What each node that takes copies would hold of a measure if what they hold together could be
/// divided at will: its part by weight (node_weights). Of copies and bytes no node's share is more
/// than failure domains let it hold: those of a small zone that has a copy of everything share that
/// (balanced_counts.hpp). Moves between such nodes change no share, so shares are computed once for
/// a plan, after drains. Fractions are in 2^-20, rounded down.
class FairShares {
 public:
  /// Of one collection, or of all. O(copies log R + nodes), and O(nodes^2) for each domain that
  /// binds. Weights are divided by their greatest common divisor, and halved until they sum up to
  /// less than 2^40, so that products with an amount and a constant fit 128 bits.
  FairShares(const Draft& draft, LoadMeasure measure,
             std::optional<CollectionId> collection = std::nullopt);

  /// One, in the unit of `excess` and `exact_share`.
  static constexpr Int128 kOne = Int128{1} << 20;

  LoadMeasure measure() const { return measure_; }
  /// The nodes that take copies, by id.
  const std::vector<NodeId>& nodes() const { return nodes_; }
  std::uint64_t weight(NodeId node) const { return weights_[node.value()]; }

  /// The share, rounded down.
  std::uint64_t share(NodeId node) const {
    return static_cast<std::uint64_t>(exact_share(node) / kOne);
  }
  Int128 exact_share(NodeId node) const { return shares_[node.value()]; }
  /// By how much `amount` is more than the node's share.
  Int128 excess(NodeId node, std::uint64_t amount) const {
    return static_cast<Int128>(amount) * kOne - exact_share(node);
  }
  /// The same of what the node holds now, of all collections.
  Int128 excess(NodeId node) const { return excess(node, draft_->amount(node, measure_)); }
  /// `amount` for the node's share, kOne for as much as that; kOne as well if nobody is to have
  /// anything. Below 2^84.
  Int128 relative(NodeId node, std::uint64_t amount) const;

  /// Nodes whose shares are parts of the same amount have the same pool.
  std::size_t pool(NodeId node) const { return pools_[node.value()]; }
  std::size_t pool_count() const { return totals_.size(); }
  std::uint64_t pool_total(std::size_t pool) const { return totals_[pool]; }

  /// The nodes, those that hold least for their share first, equal ones by id. O(n log n).
  std::vector<NodeId> least_loaded_first() const;
  /// Those that hold most first, equal ones by id.
  std::vector<NodeId> most_loaded_first() const;

 private:
  void share_among_domains(std::optional<CollectionId> collection);
  void add_pool(const std::vector<NodeId>& nodes, std::uint64_t total);
  std::vector<NodeId> sorted(bool most_first) const;

  const Draft* draft_;
  LoadMeasure measure_;
  std::vector<NodeId> nodes_;
  std::vector<std::uint64_t> weights_;  // by node index
  std::vector<Int128> shares_;          // by node index
  std::vector<std::size_t> pools_;      // by node index
  std::vector<std::uint64_t> totals_;   // by pool
};

/// The copy's shard may be moved for evenness, and the copy to `target` without sharing a failure
/// domain at more levels than now. O(R).
bool may_even_out(const Draft& draft, CopyIndex copy, NodeId target);

/// The same of a leader's handing over to the node of another copy. O(R).
bool may_hand_over(const Draft& draft, ShardIndex shard, NodeId target);

}  // namespace shardproof::distribution
