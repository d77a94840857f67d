// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/shard_table.hpp"

namespace shardproof {

/// Counts over the shard table that a coordinator needs at hand, kept up to date record by record,
/// and what the table alone does not say: which nodes fell out of an in-sync set and so hold an old
/// copy.
class CopyBook {
 public:
  /// The shard's record as adopted, or the factor of its collection. O(copies).
  void on_shard(const ShardInfo& shard, const ShardTable& table);
  /// It is proposed that the node gives its copy of the shard up.
  void on_leaving(ShardId shard, NodeId node);

  /// Shards that the node leads; shards whose record names it in any role, and without those of
  /// which it is about to give its copy up.
  std::uint32_t leads(NodeId node) const { return at(node).leads; }
  std::uint32_t named_by(NodeId node) const { return at(node).named_by; }
  std::uint32_t staying_at(NodeId node) const { return at(node).named_by - at(node).leaving; }

  /// Shards with fewer replicas and learners than their replication factor, a migration's target
  /// not counted.
  const std::set<ShardId>& short_of_copies() const { return short_of_copies_; }
  /// Shards with a migration or a learner.
  const std::set<ShardId>& in_motion() const { return in_motion_; }
  std::uint32_t with_status(ShardStatus status) const {
    return statuses_[static_cast<std::size_t>(status)];
  }
  /// While the shard is short of replicas: the nodes, ascending, that left the in-sync set in this
  /// tenure and hold an old copy.
  const std::vector<NodeId>& stale_holders(ShardId shard) const;

 private:
  struct NodeCounts {
    std::uint32_t leads = 0;
    std::uint32_t named_by = 0;
    std::uint32_t leaving = 0;
  };
  /// What the counts include now.
  struct Seen {
    NodeId leader;
    NodeList replicas;
    NodeList named;
    ShardStatus status = ShardStatus::Active;
  };
  const NodeCounts& at(NodeId node) const;
  NodeCounts& at(NodeId node);
  void count(const Seen& seen, std::uint32_t by);
  void note_stale(const Seen& before, const ShardInfo& shard, std::size_t wanted);
  void forget_leaving(ShardId shard);

  std::vector<NodeCounts> nodes_;
  std::vector<Seen> seen_;
  std::array<std::uint32_t, 5> statuses_{};
  std::set<ShardId> short_of_copies_;
  std::set<ShardId> in_motion_;
  std::map<ShardId, std::vector<NodeId>> stale_;
  std::map<ShardId, NodeId> leaving_;
};

}  // namespace shardproof
