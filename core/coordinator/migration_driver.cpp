// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/migration_driver.hpp"

#include "core/coordinator/shard_changes.hpp"

namespace shardproof {
namespace {

using message::ShardEvent;
using message::ShardReport;

/// One look at one migration: what it needs at hand.
struct Drive {
  Tenure& tenure;
  const ShardInfo& shard;
  ShardNotes& notes;
  Step& step;

  const Migration& migration() const { return *shard.migration; }
  bool is_queue_mode() const { return migration().mode == WriteMode::Queue; }
  const ShardReport* heard(ShardEvent event, NodeId from) const { return notes.find(event, from); }
  bool propose(ShardInfo after, const char* intent) const {
    tenure.proposals.propose(change::sealed(std::move(after), shard), intent, step);
    return true;
  }
  bool abort(const char* intent, Probe probe) const {
    step.effects.hit(probe);
    propose_abort(shard, intent, tenure, step);
    return true;
  }
  bool enter(MigrationPhase phase) const {
    ShardInfo after = shard;
    change::advance(after, phase);
    return propose(std::move(after), to_string(phase));
  }
};

/// Compares two digests at one position. Nothing while they are not about the same position; true
/// if they agree.
std::optional<bool> compare(const Drive& drive, const ShardReport* leader,
                            const ShardReport* target) {
  if (leader == nullptr || target == nullptr) return std::nullopt;
  if (leader->position != target->position) return std::nullopt;
  const bool by_digest = drive.step.config.rules.is_on(Rule::DigestsNotCounts);
  if (by_digest && leader->digest != target->digest) return false;
  drive.step.effects.fact(fact::MigrationVerified{drive.shard.id, drive.migration().id,
                                                  drive.shard.epoch, leader->position,
                                                  leader->digest, target->digest});
  return true;
}

bool on_prepare(const Drive& drive) {
  const ShardReport* leader = drive.heard(ShardEvent::Prepared, drive.shard.leader);
  const ShardReport* target = drive.heard(ShardEvent::Prepared, drive.migration().target);
  if (leader == nullptr || target == nullptr) return false;
  ShardInfo after = drive.shard;
  change::advance(after, MigrationPhase::Copy);
  after.migration->lock_point = leader->position.index;
  return drive.propose(std::move(after), to_string(MigrationPhase::Copy));
}

bool on_copy(const Drive& drive) {
  const ShardReport* copied = drive.heard(ShardEvent::Copied, drive.migration().target);
  if (!drive.is_queue_mode()) {
    return copied != nullptr && drive.enter(MigrationPhase::Sync);
  }
  const auto equal =
      compare(drive, drive.heard(ShardEvent::SourceReady, drive.shard.leader), copied);
  if (!equal) return false;
  return *equal ? drive.enter(MigrationPhase::Sync)
                : drive.abort("digests differ", Probe::MigrationDigestsDiffer);
}

bool switch_over(const Drive& drive) {
  // The new leader is to wait for one predecessor only.
  const bool source_leads = drive.migration().source == drive.shard.leader;
  if (source_leads && drive.shard.fencing.has_value()) {
    drive.step.effects.hit(Probe::SwitchWaitsForFencing);
    return false;
  }
  ShardInfo after = drive.shard;
  change::switch_over(after);
  return drive.propose(std::move(after), to_string(MigrationPhase::Switch));
}

bool on_sync(const Drive& drive) {
  const ShardReport* synced = drive.heard(ShardEvent::Synced, drive.shard.leader);
  if (synced == nullptr) return false;
  if (drive.is_queue_mode()) return switch_over(drive);
  const auto equal =
      compare(drive, synced, drive.heard(ShardEvent::Copied, drive.migration().target));
  if (!equal) return false;
  return *equal ? switch_over(drive) : drive.abort("digests differ", Probe::MigrationDigestsDiffer);
}

/// Whose word it takes that the source's copy is not needed any more: the target's, or if that has
/// fallen out of the in-sync set since the Switch, the leader's.
NodeId successor_of_source(const ShardInfo& shard) {
  const NodeId target = shard.migration->target;
  return contains(shard.replicas, target) ? target : shard.leader;
}

/// What the target had before the Switch it may have lost since, and the source's copy be the last.
bool on_switch(const Drive& drive) {
  const bool needs_word = drive.step.config.rules.is_on(Rule::VerificationNeedsAnswer);
  if (needs_word && drive.heard(ShardEvent::Copied, successor_of_source(drive.shard)) == nullptr) {
    return false;
  }
  return drive.enter(MigrationPhase::Cleanup);
}

bool on_cleanup(const Drive& drive) {
  const NodeId source = drive.migration().source;
  const bool dropped = drive.heard(ShardEvent::Dropped, source) != nullptr;
  if (!dropped && !drive.tenure.detector.is_dead(source)) return false;
  if (!dropped) drive.step.effects.hit(Probe::CleanupWithoutSource);
  ShardInfo after = drive.shard;
  change::end_migration(after);
  // Who has dropped its copy knows that it does not lead.
  if (after.fencing == source) after.fencing = NodeId::none();
  return drive.propose(std::move(after), "migrated");
}

Nanoseconds time_allowed(const Drive& drive) {
  const Timing& timing = drive.step.config.timing;
  if (drive.migration().phase != MigrationPhase::Copy) return timing.migration_timeout;
  return copy_time_limit(drive.migration(), drive.tenure.loads.shard(drive.shard.id).bytes, timing);
}

/// Arms the phase's time limit when it is first seen; true once that is over.
bool is_overdue(const Drive& drive) {
  ShardNotes& notes = drive.notes;
  if (!notes.in_phase) {
    notes.in_phase = true;
    notes.phase_since = drive.step.now;
  }
  const Instant limit = notes.phase_since + time_allowed(drive);
  notes.wake = std::min(notes.wake, limit);
  return drive.step.now >= limit;
}

bool advance(const Drive& drive) {
  switch (drive.migration().phase) {
    case MigrationPhase::Prepare: return on_prepare(drive);
    case MigrationPhase::Copy: return on_copy(drive);
    case MigrationPhase::Sync: return on_sync(drive);
    case MigrationPhase::Switch: return on_switch(drive);
    case MigrationPhase::Cleanup: return on_cleanup(drive);
  }
  return false;
}

/// A failure that one of the migration's nodes has reported.
bool has_failed(const Drive& drive) {
  for (const ShardNotes::Report& known : drive.notes.reports) {
    if (known.report.event == ShardEvent::Failed) return true;
  }
  return false;
}

}  // namespace

bool attend_migration(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step) {
  if (!shard.migration) return false;
  const Drive drive{tenure, shard, notes, step};
  const MigrationPhase phase = shard.migration->phase;
  if (has_failed(drive) && aborts(phase, MigrationInput::ReportedFailed)) {
    return drive.abort("failed", Probe::MigrationReportedFailed);
  }
  if (advance(drive)) return true;
  if (!aborts(phase, MigrationInput::TimedOut)) return false;
  if (!is_overdue(drive) && !step.fires(FaultPoint::PhaseTimeout)) return false;
  if (!step.config.rules.is_on(Rule::VerificationNeedsAnswer)) {
    if (phase == MigrationPhase::Copy) return drive.enter(MigrationPhase::Sync);
    if (phase == MigrationPhase::Sync) return switch_over(drive);
  }
  return drive.abort("timed out", Probe::MigrationTimedOut);
}

std::optional<MigrationInput> migration_input(const ShardInfo& shard, NodeId from,
                                              const ShardReport& report) {
  if (!shard.migration || report.migration != shard.migration->id) return std::nullopt;
  const bool leads = from == shard.leader;
  const bool is_source = from == shard.migration->source;
  const bool is_target = from == shard.migration->target;
  switch (report.event) {
    case ShardEvent::Prepared:
      if (leads) return MigrationInput::LeaderPrepared;
      if (is_target) return MigrationInput::TargetPrepared;
      break;
    case ShardEvent::Copied:
      if (is_target) return MigrationInput::TargetCopied;
      if (leads) return MigrationInput::LeaderHolds;
      break;
    case ShardEvent::SourceReady:
      if (leads) return MigrationInput::LeaderReady;
      break;
    case ShardEvent::Synced:
      if (leads) return MigrationInput::LeaderSynced;
      break;
    case ShardEvent::Dropped:
      if (is_source) return MigrationInput::SourceDropped;
      break;
    case ShardEvent::Failed:
      if (leads || is_source || is_target) return MigrationInput::ReportedFailed;
      break;
    case ShardEvent::Restarted:
    case ShardEvent::CaughtUp:
    case ShardEvent::Lagging:
    case ShardEvent::Moved:
    case ShardEvent::Surplus: break;
  }
  return std::nullopt;
}

void propose_abort(const ShardInfo& shard, const char* intent, Tenure& tenure, Step& step) {
  ShardInfo after = shard;
  change::abort_migration(after);
  tenure.proposals.propose(change::sealed(std::move(after), shard), intent, step);
}

std::optional<AwaitedReport> awaited_report(const ShardInfo& shard, const ShardNotes* notes) {
  const Migration& migration = *shard.migration;
  const auto lacks = [&](ShardEvent event, NodeId from) {
    return notes == nullptr || notes->find(event, from) == nullptr;
  };
  const bool is_live = migration.mode == WriteMode::Live;
  switch (migration.phase) {
    case MigrationPhase::Prepare:
      return AwaitedReport{ShardEvent::Prepared, lacks(ShardEvent::Prepared, shard.leader)
                                                     ? shard.leader
                                                     : migration.target};
    case MigrationPhase::Copy:
      if (is_live || lacks(ShardEvent::Copied, migration.target)) {
        return AwaitedReport{ShardEvent::Copied, migration.target};
      }
      if (lacks(ShardEvent::SourceReady, shard.leader)) {
        return AwaitedReport{ShardEvent::SourceReady, shard.leader};
      }
      return AwaitedReport{ShardEvent::Copied, migration.target,
                           notes->find(ShardEvent::Copied, migration.target)->position,
                           notes->find(ShardEvent::SourceReady, shard.leader)->position};
    case MigrationPhase::Sync:
      if (is_live && !lacks(ShardEvent::Synced, shard.leader)) {
        return AwaitedReport{ShardEvent::Copied, migration.target};
      }
      return AwaitedReport{ShardEvent::Synced, shard.leader};
    case MigrationPhase::Switch: {
      const NodeId successor = successor_of_source(shard);
      if (!lacks(ShardEvent::Copied, successor)) return std::nullopt;
      return AwaitedReport{ShardEvent::Copied, successor};
    }
    case MigrationPhase::Cleanup: return AwaitedReport{ShardEvent::Dropped, migration.source};
  }
  return std::nullopt;
}

std::string describe_waiting(const ShardInfo& shard, const ShardNotes* notes) {
  const Migration& migration = *shard.migration;
  const auto report = awaited_report(shard, notes);
  if (!report) return "the commit of Cleanup";
  if (migration.phase == MigrationPhase::Sync) {
    return fmt::format("target {} to be up to date with leader {}", migration.target, shard.leader);
  }
  const char* role = report->from == migration.target ? "target" : "leader";
  switch (report->event) {
    case ShardEvent::Copied:
      if (report->was_at) {
        return fmt::format("{} {} to have a copy of {}, not of {}", role, report->from,
                           report->needed_at, *report->was_at);
      }
      return fmt::format("{} {} to have a complete copy", role, report->from);
    case ShardEvent::SourceReady: return fmt::format("leader {} to give its digest", shard.leader);
    case ShardEvent::Dropped: return fmt::format("source {} to drop its copy", migration.source);
    default: break;
  }
  return fmt::format("{} {} to prepare", role, report->from);
}

}  // namespace shardproof
