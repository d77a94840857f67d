// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/check/audit_view.hpp"
#include "sim/observe/pending.hpp"

namespace shardproof::sim::check {

/// Nobody leads the shard who is there, and nobody who is could: of such a shard nothing is
/// claimed. O(copies).
bool is_beyond_help(const AuditView& view, const ShardInfo& shard);

/// How many copies in sync the shard is owed, with `factor` of them wanted; 0 if those that it has
/// are all that there can be. Nothing is owed in place of a node in maintenance: it is expected
/// back, whatever has become of it, and only its operator can say otherwise. O(nodes).
std::size_t copies_owed(const AuditView& view, const ShardInfo& shard, std::uint32_t factor);

/// Whether every copy on the node has somewhere else to go, and another member is there to take the
/// office: if not, its drain waits for somebody to join or return, for the nodes that it was to
/// leave its copies to have gone themselves; or for ever, for a resharding that cannot end, or
/// because it is the source or the target of a migration that has switched, of a shard that nobody
/// who comes back can serve. O(shards * (nodes + shards * copies)).
bool can_be_emptied(const AuditView& view, NodeId node);

/// Whether the documents of the collection can go to where sharding brings them: if not, a shard
/// that has them, or is to get them, is lost with its last disk, and the change waits for ever.
/// O(shards).
bool can_be_resharded(const AuditView& view, const CollectionConfig& collection);

/// Whether `enable_sharding` of a collection as it is wanted can come to an end: enough nodes are
/// left to hold its copies, and if documents of the same collection have to move, they can. What
/// became of other collections is nothing to it. O(nodes + shards).
bool can_be_sharded(const AuditView& view, const CollectionConfig& wanted);

/// What the cluster has begun and not ended, by its tables and stores: shards in change or short of
/// copies, members that are down, tables that are not the committed one. In order of shard, then of
/// node. What is on its way (requests, messages, disk operations) is not looked at. O(shards +
/// nodes).
std::vector<PendingItem> unfinished_changes(const AuditView& view);

/// Adds to what is unfinished who waits for what: to a shard what every node that is up waits for
/// on its behalf, to a node what it waits for itself. What is waited for about other shards comes
/// as items of their own, behind the others, but for those beyond help: who waits for them waits in
/// vain. O(nodes * (shards * copies + nodes + items)).
void add_waits(const AuditView& view, std::vector<PendingItem>& items);

}  // namespace shardproof::sim::check
