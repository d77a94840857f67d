// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/coordinator/migration_reactions.hpp"
#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// Drives the shard's migration, if it has one, from the committed phase on: each phase is a
/// function of what the nodes have said in the present epoch, and its end is one commit. See
/// migration_reactions.hpp for what is listened to when.
///
///   Prepare  leader (locked, in queue mode) and target know the epoch           -> Copy
///   Copy     queue: digests of leader and target agree at the lock point        -> Sync, else
///   abort
///            live: the target has a complete copy                               -> Sync
///   Sync     queue: the target has every queued write                           -> Switch
///            live: digests agree at the leader's last position                  -> Switch, else
///            abort
///   Switch   the target, or the leader if that is not in sync any more, still has
///            the copy                                                           -> Cleanup
///   Cleanup  the source has dropped its copy, or is dead                        -> no migration
///
/// `shard` is the record without a fencing that is over. True if a change was proposed.
bool attend_migration(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step);

/// Which input a report is to the shard's migration; nothing if it is about another one, or from a
/// node that has no say in it.
std::optional<MigrationInput> migration_input(const ShardInfo& shard, NodeId from,
                                              const message::ShardReport& report);

/// Proposes the abort of a migration that has not switched.
void propose_abort(const ShardInfo& shard, const char* intent, Tenure& tenure, Step& step);

/// The report without which the shard's migration does not go on: one that the coordinator has not
/// heard (`notes` may be null: of none is known that it was), or that was of another position than
/// it has to be; nothing where a commit alone is waited for.
struct AwaitedReport {
  message::ShardEvent event = message::ShardEvent::Prepared;
  NodeId from;
  /// Of which position the one was that was heard, and of which it has to be.
  std::optional<Version> was_at = {};
  Version needed_at = {};
};
std::optional<AwaitedReport> awaited_report(const ShardInfo& shard, const ShardNotes* notes);

/// The same, for an operator.
std::string describe_waiting(const ShardInfo& shard, const ShardNotes* notes);

}  // namespace shardproof
