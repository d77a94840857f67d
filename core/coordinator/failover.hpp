// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// Gives a shard a leader: if it has none, if its leader is dead, or restarted within the epoch. All live
/// in-sync holders are asked how far they are, and asked again until they have answered; the one with
/// the highest position leads (then: who leads fewest shards, then the lower id). If after a second some
/// have not answered, those that have are enough, unless acknowledged writes may be on fewer nodes than
/// all: then as many must have answered that one of them has every acknowledged write. With nobody
/// alive the shard goes Offline, with its in-sync set as it is.
///
/// `shard` is the record without a fencing that is over. True if the shard needs a leader: then nothing
/// else is to be done for it.
bool attend_failover(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step);

}  // namespace shardproof
