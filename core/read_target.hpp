// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/operation.hpp"
#include "core/shard_table.hpp"

namespace shardproof {

/// Whether a replica of `shard` may be asked for the operation: a read that allows it. Where the
/// client asks for a collection by the name of one that this has succeeded, or has seen another
/// shard's writes in place of this one's, no replica can tell what the session has seen: that is
/// the leader's.
bool may_ask_replica(const Operation& operation, const ShardInfo& shard);

/// Whom a router on node `self` asks for a read that a replica may serve: itself if it is in sync,
/// else one of the in-sync copies, the leader's too, each in turn as the client goes on.
/// `shard.replicas` must not be empty. O(replicas).
NodeId read_target(const ShardInfo& shard, RequestId request, NodeId self);

}  // namespace shardproof
