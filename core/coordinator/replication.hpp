// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

struct ShardInfo;

/// An operator's order of how many copies a collection's shards are to have. Done when the table
/// says so: missing copies are repaired, and surplus ones given up (see `surplus_replica`),
/// afterwards.
///
/// Refused: no copies at all; more than there are active nodes; fewer than before where a write is
/// acknowledged before all copies have it (`write_concern`): which of them have it nobody knows, so
/// that none can be spared; a collection that is being resharded.
Progress set_replication(const message::AdminRequest& request, Tenure& tenure, Step& step);

/// The in-sync copy, other than the leader's, that a shard with a surplus is to give up first: one
/// on a node that does not live, or is not active; of the others one that shares a domain with most
/// copies; then one of the node with most copies by its disk's size, those that it is about to give
/// up left out. The shard has another than the leader's. O(nodes + copies^2).
NodeId surplus_replica(const ShardInfo& shard, const Tenure& tenure, const Step& step);

}  // namespace shardproof
