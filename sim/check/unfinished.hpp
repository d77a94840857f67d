// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/check/audit_view.hpp"

namespace shardproof::sim::check {

/// Something that keeps the world from being at rest.
struct Unfinished {
  /// Whom it is about; either may be none.
  ShardId shard;
  NodeId node;
  /// For a person, naming both: "the migration of s1 from n0 to n2 is in Copy".
  std::string text;
};

/// How many copies of the shard there can be: those in sync, and one more on each node that could
/// be given one and whose disk has room for it. O(nodes).
std::size_t attainable_copies(const AuditView& view, const ShardInfo& shard);

/// Whether every copy on the node has somewhere else to go: if not, its drain waits for somebody to
/// join, for the nodes that it was to leave its copies to have gone themselves. O(shards * nodes).
bool can_be_emptied(const AuditView& view, NodeId node);

/// Whether the documents of the collection can go to where sharding brings them: if not, a shard
/// that has them, or is to get them, is lost with its last disk, and the change waits for ever.
/// O(shards).
bool can_be_resharded(const AuditView& view, const CollectionConfig& collection);

/// What the cluster has begun and not ended, by its tables and stores: shards in change or short of
/// copies, members that are down, tables that are not the committed one. In order of shard, then of
/// node. What is on its way (requests, messages, disk operations) is not looked at. O(shards +
/// nodes).
std::vector<Unfinished> unfinished_changes(const AuditView& view);

}  // namespace shardproof::sim::check
