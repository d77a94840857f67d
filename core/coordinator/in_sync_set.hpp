// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// Keeps a led shard's in-sync set honest: followers and learners that are dead, or that the leader
/// finds lagging, leave it; learners that have caught up join it while copies are missing, and go
/// otherwise. Never touches the leader. A migration's target is not promoted here.
///
/// `shard` is the record without a fencing that is over. True if a change was proposed.
bool attend_in_sync_set(Tenure& tenure, const ShardInfo& shard, const ShardNotes& notes,
                        Step& step);

}  // namespace shardproof
