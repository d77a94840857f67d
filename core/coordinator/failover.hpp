// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// Gives a shard a leader: if it has none, if its leader is dead, or restarted within the epoch.
/// All live in-sync holders are asked how far they are, and asked again until they have answered;
/// the one with the highest position leads (then: who leads fewest shards, then the lower id). If
/// after a second some have not answered, `copies_to_ask` of them are enough. If all in-sync nodes
/// live and some have lost their copies, those that have theirs are enough, too. With fewer of them
/// alive than that the shard goes Offline, with its in-sync set as it is, until holders return.
///
/// Whoever has not lost its copy, but never had it on its disk, counts among those that have
/// answered: what is acknowledged is on the disks of in-sync holders, so that of the shard nothing
/// was. It leads only if nobody has a copy; then the shard begins anew in the new epoch.
///
/// In Switch the source of the migration has kept its copy, for nobody has confirmed yet that the
/// target has one. It is asked, too, and leads if every in-sync holder has said that its own copy
/// is lost, and there are as many of them as the collection wants: then nobody has left the set
/// since the Switch who could have more.
///
/// `shard` is the record without a fencing that is over. True if the shard needs a leader: then
/// nothing else is to be done for it.
bool attend_failover(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step);

/// Who is asked what it has of the shard, whether it lives or not: the in-sync holders, and the
/// source of a migration in Switch.
NodeList holders_to_ask(const ShardInfo& shard);

}  // namespace shardproof
