// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/attention.hpp"

#include <algorithm>

#include "core/coordinator/failover.hpp"
#include "core/coordinator/in_sync_set.hpp"
#include "core/coordinator/leadership.hpp"
#include "core/coordinator/migration_driver.hpp"
#include "core/coordinator/resharding.hpp"
#include "core/coordinator/shard_changes.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {
namespace {

/// The shard's notes, emptied if they are of an earlier epoch.
ShardNotes& notes_of(const ShardInfo& shard, Tenure& tenure) {
  ShardNotes& notes = tenure.notes[shard.id];
  if (notes.epoch != shard.epoch) {
    notes = ShardNotes{};
    notes.epoch = shard.epoch;
  }
  return notes;
}

/// A dead predecessor need not be waited for, and one that is to leave the cluster not be
/// remembered; any other answers the leader itself.
bool attend_fencing(Tenure& tenure, const ShardInfo& committed, const ShardInfo& shard,
                    ShardNotes& notes, Step& step) {
  if (committed.fencing.is_none()) return false;
  const bool leaves = node_state(step.table, committed.fencing) == NodeState::Draining;
  if (!leaves && !tenure.detector.is_dead(committed.fencing)) return false;
  if (shard.fencing.has_value()) {
    notes.wake = step.now;
    return false;
  }
  tenure.proposals.propose(change::sealed(shard, committed), "unfence", step);
  return true;
}

bool attend_led_shard(Tenure& tenure, const ShardInfo& committed, const ShardInfo& shard,
                      ShardNotes& notes, Step& step) {
  if (is_perhaps_unheard_of(shard, tenure, step)) {
    notes.wake = step.now;
    return false;
  }
  return attend_in_sync_set(tenure, shard, notes, step) ||
         attend_migration(tenure, shard, notes, step) ||
         attend_leadership(tenure, shard, notes, step) ||
         attend_fencing(tenure, committed, shard, notes, step);
}

/// What needs no leader, of a shard that perhaps never gets one again: nobody who is to leave the
/// cluster, or is a party to a move, has to wait for that.
bool attend_leaderless_shard(Tenure& tenure, const ShardInfo& committed, const ShardInfo& shard,
                             ShardNotes& notes, Step& step) {
  if (committed.leader.has_value() || tenure.proposals.is_busy(committed.id)) return false;
  const bool cleans_up = shard.migration && shard.migration->phase == MigrationPhase::Cleanup;
  return (cleans_up && attend_migration(tenure, shard, notes, step)) ||
         attend_fencing(tenure, committed, shard, notes, step);
}

/// Whether a report is of use to the in-sync set or to a failover.
bool concerns_leadership(const ShardInfo& shard, NodeId from, message::ShardEvent event) {
  using message::ShardEvent;
  if (from != shard.leader) return false;
  return event == ShardEvent::Restarted || event == ShardEvent::Lagging ||
         event == ShardEvent::CaughtUp || event == ShardEvent::Surplus;
}

bool is_of_use(const ShardInfo& shard, NodeId from, const message::ShardReport& report) {
  if (concerns_leadership(shard, from, report.event)) return true;
  const auto input = migration_input(shard, from, report);
  return input && reaction(shard.migration->phase, *input) != MigrationReaction::Ignored;
}

/// Copying takes long: its time limit counts from the target's last sign of progress.
void note_progress(const ShardInfo& shard, NodeId from, const message::ShardReport& report,
                   ShardNotes& notes, Instant now) {
  if (!shard.migration || shard.migration->target != from) return;
  const message::ShardReport* known = notes.find(report.event, from);
  if (known == nullptr || known->digest != report.digest) notes.phase_since = now;
}

bool is_unsettled(const ShardInfo& shard) {
  if (shard.status == ShardStatus::Retired) return false;
  return shard.status != ShardStatus::Active || shard.migration || !shard.learners.empty() ||
         shard.fencing.has_value();
}

}  // namespace

void attend(ShardId id, Tenure& tenure, Step& step) {
  const ShardInfo* committed = step.table.find_shard(id);
  if (committed == nullptr || tenure.proposals.is_busy(id)) return;
  if (committed->status == ShardStatus::Retired) {
    tenure.notes.erase(id);
    return;
  }
  ShardNotes& notes = notes_of(*committed, tenure);
  if (notes.wake <= step.now) notes.wake = Instant::never();
  const ShardInfo shard = without_past_fencing(*committed, tenure, step);
  if (attend_failover(tenure, shard, notes, step)) {
    attend_leaderless_shard(tenure, *committed, shard, notes, step);
  } else {
    attend_led_shard(tenure, *committed, shard, notes, step);
  }
  if (notes.is_empty() && notes.wake == Instant::never()) tenure.notes.erase(id);
}

void attend_due(Tenure& tenure, Step& step) {
  for (const auto& [shard, notes] : tenure.notes) {
    if (notes.wake <= step.now) tenure.dirty.insert(shard);
  }
  std::set<ShardId> due;
  due.swap(tenure.dirty);
  for (const ShardId shard : due) attend(shard, tenure, step);
}

void mark_shards_of(const std::vector<NodeId>& nodes, Tenure& tenure, const ShardTable& table) {
  if (nodes.empty()) return;
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none()) continue;
    const bool affected =
        std::any_of(nodes.begin(), nodes.end(), [&](NodeId node) { return names(shard, node); });
    if (affected) tenure.dirty.insert(shard.id);
  }
}

void mark_unsettled(Tenure& tenure, const ShardTable& table) {
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.has_value() && is_unsettled(shard)) tenure.dirty.insert(shard.id);
  }
}

void hear_report(NodeId from, const message::ShardReport& report, Tenure& tenure, Step& step) {
  const ShardInfo* shard = step.table.find_shard(report.shard);
  if (shard == nullptr || report.epoch > shard->epoch) {
    step.watcher.refresh(step);
    return;
  }
  if (report.epoch < shard->epoch) return;
  if (hear_resharding(from, report, *shard, tenure, step)) return;
  if (!is_of_use(*shard, from, report)) return;
  ShardNotes& notes = notes_of(*shard, tenure);
  note_progress(*shard, from, report, notes, step.now);
  notes.add(from, report);
  attend(report.shard, tenure, step);
}

void hear_position(NodeId from, const message::PositionReply& reply, Tenure& tenure, Step& step) {
  const ShardInfo* shard = step.table.find_shard(reply.shard);
  if (shard == nullptr || reply.epoch != shard->epoch) return;
  if (!contains(holders_to_ask(*shard), from)) return;
  ShardNotes& notes = notes_of(*shard, tenure);
  if (!notes.asking || reply.asked_at != notes.asked_first) return;
  notes.add(ShardNotes::Position{from, reply.copy, reply.last});
  attend(reply.shard, tenure, step);
}

}  // namespace shardproof
