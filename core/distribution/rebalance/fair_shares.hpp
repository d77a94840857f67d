// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/wide.hpp"
#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

/// What each node that takes copies would hold of a measure if what they hold together could be
/// divided at will: its part by weight (node_weights). Moves between such nodes change no share, so
/// it is computed once for a plan, after drains.
class FairShares {
 public:
  /// O(nodes). Weights are divided by their greatest common divisor, and halved until they sum up
  /// to less than 2^40, so that products with an amount and a constant fit 128 bits.
  FairShares(const Draft& draft, LoadMeasure measure);

  LoadMeasure measure() const { return measure_; }
  /// The nodes that take copies, by id.
  const std::vector<NodeId>& nodes() const { return nodes_; }
  /// What they hold together.
  std::uint64_t total() const { return total_; }

  /// The share, rounded down.
  std::uint64_t share(NodeId node) const;
  /// By how much `amount` is more than the node's share, in units() to one: exact, below 2^104.
  Int128 excess(NodeId node, std::uint64_t amount) const;
  /// The same of what the node holds now.
  Int128 excess(NodeId node) const { return excess(node, draft_->amount(node, measure_)); }
  Int128 units() const { return static_cast<Int128>(total_weight_); }
  std::uint64_t weight(NodeId node) const { return weights_[node.value()]; }

  /// What the node holds, for its weight.
  WeightedLoad load(NodeId node, std::uint64_t more = 0) const {
    return {draft_->amount(node, measure_) + more, weight(node)};
  }
  /// The nodes, those that hold least for their weight first, equal ones by id. O(n log n).
  std::vector<NodeId> least_loaded_first() const;
  /// Those that hold most first, equal ones by id.
  std::vector<NodeId> most_loaded_first() const;

 private:
  const Draft* draft_;
  LoadMeasure measure_;
  std::vector<NodeId> nodes_;
  std::vector<std::uint64_t> weights_;  // by node index
  std::uint64_t total_ = 0;
  std::uint64_t total_weight_ = 0;
};

/// The copy's shard may be moved for evenness, and the copy to `target` without sharing a failure
/// domain at more levels than now. O(R).
bool may_even_out(const Draft& draft, CopyIndex copy, NodeId target);

/// The same of a leader's handing over to the node of another copy. O(R).
bool may_hand_over(const Draft& draft, ShardIndex shard, NodeId target);

}  // namespace shardproof::distribution
