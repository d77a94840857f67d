// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "sim/check/audit_view.hpp"

namespace shardproof::sim::check {

/// Whether a shard can be served by those who are there, and why.
struct Recoverability {
  bool is_possible = false;
  /// "n2 is up and in sync, and its disk has a copy", or what is the matter with each copy.
  std::string reason;
};

/// How many in-sync copies hold between them every acknowledged write, whichever they are: one,
/// unless the collection's write concern promises fewer copies than there are. A write is on
/// `write_concern` copies, of which some may have left the set since.
std::size_t copies_needed(const ShardInfo& shard, const CollectionConfig& collection);

/// Tells a shard that cannot be served (its in-sync copies are gone, or on nodes that are broken
/// for good) from one that could be, by the committed table, the disks, and who is up: not by what
/// the cluster has decided. A copy that its node was to begin, and that never was on the disk, can
/// begin anew: no in-sync holder has acknowledged anything without it. Nothing is claimed of the
/// former; of the latter that it is served in the end. With a lowered write concern too few copies
/// are as good as none, unless every other holder is there and has lost its own: nobody else could
/// know more then. A node that is down, but not for good, has yet to come back: it counts as gone.
/// O(copies).
Recoverability recoverability(const AuditView& view, const ShardInfo& shard);

/// Whether the shard has a leader that is up and serves it. O(1).
bool is_served(const AuditView& view, const ShardInfo& shard);

}  // namespace shardproof::sim::check
