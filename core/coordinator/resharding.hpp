// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/coordinator/tenure.hpp"

/// `enable_sharding` on a collection that has documents, as the coordinator drives it. What is
/// committed decides how it goes on, under any coordinator:
///
///  1. The old shard's leader says that every document routes by the new shard key. Nothing is
///     committed before.
///  2. One commit makes the new collection and its shards, names it in the old one's `moving_to`,
///  and
///     raises the old shard's epoch: its leader refuses writes and moves the documents.
///  3. That leader reports Moved: one commit names the new collection in the old one's `successor`
///  and
///     retires the old shard. Or it reports Failed (a document was written since 1 that does not
///     route, a disk is full): one commit ends `moving_to`, retires the new shards and lets the old
///     collection succeed the new one.
///
/// Copies of retired shards are dropped by their holders. No lease is waited for: the old shard's
/// leader serves nothing once it has reported Moved, and no client is ever sent to the new shards
/// of a move that is given up, where at most the mover's late requests are still written.
namespace shardproof {

/// How far `wanted` in place of the unsharded `present` is; does what is to be done next for it.
Progress reshard(const CollectionConfig& present, const CollectionConfig& wanted, Tenure& tenure,
                 Step& step);

/// A leader's answer to the question of step 1.
void hear_check(NodeId from, const message::ReshardCheckReply& reply, Tenure& tenure, Step& step);

/// True if the report, of the shard's present epoch, was about step 3.
bool hear_resharding(NodeId from, const message::ShardReport& report, const ShardInfo& shard,
                     Tenure& tenure, Step& step);

/// Collections between steps 2 and 3, old and new ones, in no particular order. O(collections).
std::vector<CollectionId> collections_in_resharding(const ShardTable& table);
bool contains(const std::vector<CollectionId>& collections, CollectionId collection);

}  // namespace shardproof
