// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

/// Errors of a collection's settings that need no cluster to see: names empty, with '/' or '.', or
/// beginning with '_' (reserved for the system); num_shards outside 1..65536; replication_factor 0;
/// shard_key empty or naming a field twice; write_concern above the replication factor.
Result<void> validate_settings(const CollectionConfig& collection);

/// Creates a sharded collection: config and all shards in one commit, placed by the configured policy.
/// Waits while a member is neither known to be alive nor dead. Done if there is such a collection with
/// the same settings already. O(shards of all collections).
Progress enable_sharding(const message::AdminRequest& request, Tenure& tenure, Step& step);

}  // namespace shardproof
