// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// Keeps a led shard's in-sync set honest: followers and learners that are dead, or that the leader
/// finds lagging, leave it; learners that have caught up join it while copies are missing, and go
/// otherwise; of more copies than there are to be one at a time is given up. Never touches the
/// leader. A migration's target is not promoted here.
///
/// A surplus copy is given up in two commits, each on the word of the leader in its epoch: it
/// counts no more, and it goes. A disk that dies while the first is on its way does not take the
/// last copy along.
///
/// `shard` is the record without a fencing that is over. True if a change was proposed.
bool attend_in_sync_set(Tenure& tenure, const ShardInfo& shard, const ShardNotes& notes,
                        Step& step);

}  // namespace shardproof
