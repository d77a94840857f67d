// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>

#include "core/coordinator/copy_book.hpp"
#include "core/coordinator/failure_detector.hpp"
#include "core/coordinator/lease_gate.hpp"
#include "core/coordinator/load_book.hpp"
#include "core/coordinator/operations.hpp"
#include "core/coordinator/planner.hpp"
#include "core/coordinator/proposals.hpp"
#include "core/coordinator/reshard_notes.hpp"
#include "core/coordinator/shard_notes.hpp"

namespace shardproof {

/// All that a coordinator knows beyond the shard table, while it is in office. Gone with the
/// office; a successor begins with the table and asks and hears the rest anew.
struct Tenure {
  /// The table is at least at the revision that recorded the term.
  Tenure(Term term, const Step& step);

  Term term;
  Instant began;
  FailureDetector detector;
  LoadBook loads;
  CopyBook copies;
  Proposals proposals;
  LeaseGate leases;
  Planner planner;
  Operations operations;
  /// Shards of which something was heard or is waited for.
  std::map<ShardId, ShardNotes> notes;
  ReshardNotes reshards;
  /// Shards to look at.
  std::set<ShardId> dirty;
};

/// The state of a member; Removed if the table does not know the node.
NodeState node_state(const ShardTable& table, NodeId node);
/// Whether every member was heard, or is known to be dead: before, nothing is decided that depends
/// on who is alive. O(nodes).
bool knows_all_members(const Tenure& tenure, const ShardTable& table);
/// Whether every living member has reported its load as well: before, nothing is moved, for a disk
/// could be full. O(nodes).
bool knows_all_loads(const Tenure& tenure, const ShardTable& table);
/// Whether a member's state is about to change: until it has, nobody says on whom new shards may be
/// placed, or who may leave. O(nodes).
bool is_any_node_changing(const Tenure& tenure, const ShardTable& table);
/// Whether a collection's settings are about to change, or one to be created. O(collections).
bool is_any_collection_changing(const Tenure& tenure, const ShardTable& table);

}  // namespace shardproof
