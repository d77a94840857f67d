// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/shard_table.hpp"

namespace shardproof {

/// Whether a database or a collection may be called so: an error if the name is empty, begins with
/// `_` (those are the system's own) or contains `.` or `/`. `what` it is begins the message.
Result<void> validate_name(const char* what, const std::string& name);

/// Errors of a collection's settings, in words for the operator: a name as in `validate_name`;
/// num_shards outside 1..65536; a replication factor of 0 or above the number of active members; a
/// shard key that is empty or repeats a field; a write concern above the replication factor.
Result<void> validate_new_collection(const CollectionConfig& collection, const ShardTable& table);

}  // namespace shardproof
