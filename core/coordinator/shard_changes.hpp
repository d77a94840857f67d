// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/migration_reactions.hpp"
#include "core/shard_table.hpp"

/// The ways in which a coordinator changes a shard's record. Each edits a copy of the record;
/// `sealed` makes it the successor of the committed one. Pure.
namespace shardproof::change {

/// `edited` with the epoch after that of `before` and the status that its content calls for.
ShardInfo sealed(ShardInfo edited, const ShardInfo& before);

/// `leader` leads, from the in-sync set; `fencing` may still serve (none if surely nobody does). A
/// migration that has not switched is aborted.
void set_leader(ShardInfo& shard, NodeId leader, NodeId fencing);
/// No disk has anything of the shard: from the next epoch on, which `sealed` gives it, those that
/// hold nothing begin with an empty copy.
void begin_anew(ShardInfo& shard);
/// Nobody leads until an in-sync holder returns. The in-sync set stays; learners have nobody to
/// learn from, and would count among the moves in flight, for ever if nobody returns.
void take_offline(ShardInfo& shard);
/// The node is neither replica nor learner any more. It must not be the leader nor the last
/// replica. A migration that has not switched and needs it is aborted.
void drop_copy(ShardInfo& shard, NodeId node);
void add_learner(ShardInfo& shard, NodeId node);
/// The replica becomes a learner: it counts no more, and keeps its copy. Else as `drop_copy`.
void demote(ShardInfo& shard, NodeId replica);
/// The learner becomes a replica.
void promote(ShardInfo& shard, NodeId learner);

/// Begins `migration`, in phase Prepare, with its target as a learner.
void begin_migration(ShardInfo& shard, const Migration& migration);
/// The next phase, but not Switch.
void advance(ShardInfo& shard, MigrationPhase phase);
/// The target takes the source's place, its leadership too: then the source is fenced.
void switch_over(ShardInfo& shard);
/// Everything as before Prepare.
void abort_migration(ShardInfo& shard);
/// The way back from Switch, when every in-sync copy is lost: the source leads with the copy that
/// it has kept, alone; `fencing` may still serve (none if surely nobody does).
void turn_back(ShardInfo& shard, NodeId fencing);
/// The record of a migration that has switched goes.
void end_migration(ShardInfo& shard);

/// Nobody leads or holds the shard any more: its documents are in another collection. No migration
/// is under way.
void retire(ShardInfo& shard);

/// The only id that a migration prepared in this epoch of the shard can have; unique for the life
/// of the cluster, under any coordinator.
MigrationId migration_id(ShardId shard, Epoch prepared);

}  // namespace shardproof::change
