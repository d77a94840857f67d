// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

/// Creates a sharded collection: config and all shards in one commit, placed by the configured policy.
/// Waits while a member is neither known to be alive nor dead. Done if there is such a collection with
/// the same settings already. O(shards of all collections).
Progress enable_sharding(const message::AdminRequest& request, Tenure& tenure, Step& step);

}  // namespace shardproof
