// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// The record without its fencing if that is over: the node's lease has run out, or it has adopted
/// a table in which it does not lead any more. Who leads need not wait for it then.
ShardInfo without_past_fencing(const ShardInfo& shard, const Tenure& tenure, const Step& step);

/// Whether the node that is to lead first may not have heard of that. The first holders begin with
/// nothing in the shard's `begin_epoch`, and in no other one: a change of the shard now would leave
/// it without any copy.
bool is_perhaps_unheard_of(const ShardInfo& shard, const Tenure& tenure, const Step& step);

/// How many in-sync copies must be compared so that one of them surely has every acknowledged
/// write: one, unless the collection's write concern is below its replication factor. Then a write
/// is on `write_concern` of them, less one for each copy that has left the set since and was not
/// replaced, and always on the leader's.
std::size_t copies_to_ask(const ShardInfo& shard, const Step& step);

/// Whether leadership can be handed over, as planned, while its holder lives: the node is another
/// in-sync holder, alive and active; every acknowledged write is on it; and nobody but the present
/// leader may serve. `shard` is the record without a past fencing.
bool can_take_over(const ShardInfo& shard, NodeId node, const Tenure& tenure, const Step& step);
/// The node to take over: who leads fewest shards, then the lower id; none if nobody can.
NodeId best_successor(const ShardInfo& shard, const Tenure& tenure, const Step& step);

/// Proposes that `node`, which can take over, leads, once the present leader has stopped.
void hand_over(const ShardInfo& shard, NodeId node, const char* intent, Tenure& tenure, Step& step);

/// Hands over the leadership of a node in maintenance. True if a change was proposed.
bool attend_leadership(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step);

}  // namespace shardproof
