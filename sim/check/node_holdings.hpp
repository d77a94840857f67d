// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/shard_table.hpp"

namespace shardproof::sim::check {

/// How many copies each node has once everything in flight has arrived, recomputed from the
/// commits. Retired shards count nowhere. O(copies of the shard) per commit of one.
class NodeHoldings {
 public:
  void take(const ShardInfo& after, Revision revision, Instant now);

  std::uint64_t copies(NodeId node) const {
    return node.value() < copies_.size() ? copies_[node.value()] : 0;
  }
  /// The nodes that have one of the shard then, ascending.
  const NodeList& holders(ShardId shard) const { return by_shard_[shard.value()]; }
  /// The commit that changed any of it last, and when that was.
  Revision changed_in() const { return changed_in_; }
  Instant changed_at() const { return changed_at_; }

 private:
  void count(NodeId node, bool is_there);

  std::vector<NodeList> by_shard_;
  std::vector<std::uint64_t> copies_;
  Revision changed_in_;
  Instant changed_at_;
};

}  // namespace shardproof::sim::check
