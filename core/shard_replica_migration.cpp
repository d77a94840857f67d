// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator_report.hpp"
#include "core/shard_replica.hpp"
#include "core/table_watcher.hpp"

/// A replica's part in migrations that does not need the leader: the source streams its copy, the
/// target takes it in, the former holder cleans up; each tells the coordinator until the table
/// moves.
///
/// phase    source                       target                     former holder
/// Prepare  -                            reports Prepared           -
/// Copy     streams from the lock point; stages, reports Copied     -
///          if refused, reports Failed
/// Sync     -                            follows the log; live      -
///                                       mode: reports Copied; if
///                                       it lost its copy, Failed
/// Switch   -                            reports Copied             -
/// Cleanup  -                            -                          drops, reports Dropped
namespace shardproof {

using message::ShardEvent;

void ShardReplica::on_copy_chunk(NodeId from, const message::CopyChunk& chunk, ReplicaStep& step) {
  if (is_stale(chunk.epoch, step)) return;
  const ShardInfo* info = step.table.find_shard(state_.id);
  // Nothing replaces a copy that others count on.
  if (info == nullptr || leader_ || contains(info->replicas, step.self())) return;
  if (!contains(info->learners, step.self())) return;
  receiver_.on_chunk(from, chunk, state_, step);
}

void ShardReplica::on_copy_ack(NodeId from, const message::CopyAck& ack, ReplicaStep& step) {
  if (ack.outcome == message::CopyOutcome::Stale) return;
  if (leader_) leader_->on_copy_ack(from, ack, state_, step);
  if (!sender_ || sender_->target() != from) return;
  sender_->on_ack(ack, state_, step);
  if (sender_->is_refused()) {
    report_to_coordinator(state_, ShardEvent::Failed, step.self(), Version(), 0, step);
  }
}

void ShardReplica::follow_migration(const ShardInfo& info, ReplicaStep& step) {
  const bool streams = info.migration && info.migration->source == step.self() &&
                       info.migration->phase == MigrationPhase::Copy && state_.holds_copy;
  if (!streams || (sender_ && sender_->migration() != info.migration->id)) sender_.reset();
  if (streams && !sender_ && state_.committed >= info.migration->lock_point) {
    sender_ = std::make_unique<CopySender>(info.migration->target, info.migration->id,
                                           info.migration->bandwidth, state_, step);
    sender_->pump(state_, step);
  }
  const bool listed = contains(info.replicas, step.self()) || contains(info.learners, step.self());
  if (!listed && receiver_.is_receiving()) receiver_.abandon(state_, step);
  if (may_drop(info, step)) drop_copy(info, step);
  report_migration(info, step);
}

bool ShardReplica::may_drop(const ShardInfo& info, const ReplicaStep& step) const {
  if (!state_.holds_copy || info.epoch < state_.epoch) return false;
  if (!step.config.rules.is_on(Rule::CleanupAfterSwitch) && info.migration &&
      info.migration->source == step.self()) {
    return info.migration->phase >= MigrationPhase::Sync;
  }
  if (contains(info.replicas, step.self()) || contains(info.learners, step.self())) return false;
  if (info.migration && info.migration->source == step.self()) {
    return info.migration->phase == MigrationPhase::Cleanup;
  }
  if (info.status == ShardStatus::Retired) return true;
  // A copy that fell out of the set is worth keeping until the others are complete.
  const std::uint32_t wanted = state_.collection(step).replication_factor;
  return info.leader.has_value() && info.replicas.size() >= wanted;
}

void ShardReplica::drop_copy(const ShardInfo& info, ReplicaStep& step) {
  stop_leading(step);
  const CopySummary summary = step.store.summary(state_.id);
  const Version last = state_.log.last();
  const StorePosition dropped = step.store.drop(state_.id, step.effects);
  step.effects.fact(
      fact::CopyDropped{state_.id, info.epoch, step.table.revision(), last, summary.digest});
  state_.holds_copy = false;
  state_.rewritten = dropped;
  state_.log.reset(Version());
  state_.durable = Version();
  state_.committed = LogIndex();
  receiver_ = CopyReceiver();
  dropping_ = true;
  step.durability.push({dropped, state_.id, DurabilityWait::Kind::Drop, Version(), 0});
}

bool ShardReplica::lacks_copy(const ShardInfo& info, const Step& step) const {
  if (state_.holds_copy) return false;
  const bool was_complete = info.migration && info.migration->target == step.self() &&
                            info.migration->phase == MigrationPhase::Sync &&
                            !receiver_.is_receiving();
  return was_complete || contains(info.replicas, step.self());
}

/// A leader without writes asks nobody how far they are: it has to be told.
void ShardReplica::report_lost_copy(const ShardInfo& info, ReplicaStep& step) {
  if (!lacks_copy(info, step) || info.leader.is_none() || info.leader == step.self()) return;
  step.effects.hit(Probe::LostCopyReported);
  step.effects.send(Endpoint::node(info.leader),
                    message::AppendReply{state_.id, state_.epoch, message::AppendOutcome::NoCopy,
                                         Version(), state_.committed, 0});
}

void ShardReplica::report_held_copy(const ShardInfo& info, ReplicaStep& step) {
  const bool is_target = info.migration->target == step.self();
  const bool is_asked = is_target ? contains(info.replicas, step.self())
                                  : leader_ && leader_->is_serving() &&
                                        !contains(info.replicas, info.migration->target);
  if (!is_asked || on_disk() != message::CopyOnDisk::Kept) return;
  report_to_coordinator(state_, ShardEvent::Copied, step.self(), state_.durable,
                        step.store.summary(state_.id).digest, step);
}

void ShardReplica::report_migration(const ShardInfo& info, ReplicaStep& step) {
  if (info.epoch != state_.epoch) return;
  report_lost_copy(info, step);
  // Who has no copy (any more) leads in no epoch: somebody who has one must.
  if (info.leader == step.self() && (info.epoch <= lead_after_ || !state_.holds_copy)) {
    report_to_coordinator(state_, ShardEvent::Restarted, step.self(), state_.durable, 0, step);
  }
  if (!info.migration) return;
  const Migration& migration = *info.migration;
  if (migration.target == step.self() && migration.phase == MigrationPhase::Prepare) {
    report_to_coordinator(state_, ShardEvent::Prepared, step.self(), Version(), 0, step);
  }
  if (sender_ && sender_->is_refused()) {
    report_to_coordinator(state_, ShardEvent::Failed, step.self(), Version(), 0, step);
  }
  const bool copying = migration.phase == MigrationPhase::Copy && receiver_.is_receiving();
  if (migration.target == step.self() && copying) {
    // A sign of progress: the phase's time limit counts from the last one.
    report_to_coordinator(state_, ShardEvent::Prepared, step.self(), Version(), receiver_.staged(),
                          step);
  }
  const std::optional<Version> copied =
      receiver_.is_receiving() ? std::nullopt : receiver_.installed();
  if (migration.target == step.self() && migration.phase == MigrationPhase::Copy && copied) {
    report_to_coordinator(state_, ShardEvent::Copied, step.self(), *copied,
                          receiver_.installed_digest(), step);
  }
  const bool in_sync_phase = migration.phase == MigrationPhase::Sync;
  if (migration.target == step.self() && in_sync_phase && lacks_copy(info, step)) {
    step.effects.hit(Probe::TargetWithoutCopy);
    report_to_coordinator(state_, ShardEvent::Failed, step.self(), Version(), 0, step);
  }
  const bool last_round =
      migration.phase == MigrationPhase::Sync && migration.mode == WriteMode::Live;
  if (migration.target == step.self() && last_round && state_.holds_copy) {
    report_to_coordinator(state_, ShardEvent::Copied, step.self(),
                          state_.log.version_at(state_.committed),
                          step.store.summary(state_.id).digest, step);
  }
  if (migration.phase == MigrationPhase::Switch) report_held_copy(info, step);
  const bool cleaned = !state_.holds_copy && !dropping_;
  if (migration.source == step.self() && migration.phase == MigrationPhase::Cleanup && cleaned) {
    report_to_coordinator(state_, ShardEvent::Dropped, step.self(), Version(), 0, step);
  }
}

bool ShardReplica::tick(ReplicaStep& step) {
  const ShardInfo* info = step.table.find_shard(state_.id);
  if (info == nullptr) return false;
  if (info->epoch < state_.epoch) step.watcher.refresh(step);
  if (leader_) leader_->tick(state_, step);
  follow_migration(*info, step);
  const bool wants_to_lead = info->leader == step.self() && !leader_;
  const bool leftover = state_.holds_copy && !contains(info->replicas, step.self());
  const bool busy =
      leader_ && (!leader_->is_idle(state_) || has_surplus(*info, state_.collection(step)));
  return busy || info->migration.has_value() || wants_to_lead || leftover ||
         lacks_copy(*info, step) || info->epoch < state_.epoch;
}

void ShardReplica::pump_copies(ReplicaStep& step) {
  if (leader_) leader_->pump_copies(state_, step);
  if (sender_) sender_->pump(state_, step);
}

}  // namespace shardproof
