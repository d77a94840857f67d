// SPDX-License-Identifier: Apache-2.0
#include "core/shard_leader.hpp"

#include <algorithm>

#include "core/coordinator_report.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

ShardLeader::ShardLeader(const ShardInfo& info, ReplicaState& state, ReplicaStep& step)
    : fencing_(info.fencing == step.self() ? NodeId::none() : info.fencing),
      since_(info.epoch),
      adopted_(info.epoch) {
  update_peers(info, step);
  auto* barrier = new LogEntry;
  barrier->version = {state.epoch, state.log.last().index.next()};
  barrier_ = barrier->version.index;
  append_and_replicate(EntryRef(barrier), state, step);
  if (fencing_.has_value()) send_fence(state, step);
  follow_migration(info, state, step);
}

PeerProgress* ShardLeader::find_peer(NodeId node) {
  const auto it = std::find_if(peers_.begin(), peers_.end(),
                               [&](const PeerProgress& peer) { return peer.node() == node; });
  return it == peers_.end() ? nullptr : &*it;
}

const PeerProgress* ShardLeader::find_peer(NodeId node) const {
  return const_cast<ShardLeader*>(this)->find_peer(node);
}

void ShardLeader::update_peers(const ShardInfo& info, Step& step) {
  const auto gone = [&](const PeerProgress& peer) {
    return !contains(info.replicas, peer.node()) && !contains(info.learners, peer.node());
  };
  peers_.erase(std::remove_if(peers_.begin(), peers_.end(), gone), peers_.end());
  const auto add = [&](NodeId node, bool is_learner) {
    if (node == step.self()) return;
    if (PeerProgress* peer = find_peer(node)) return peer->set_learner(is_learner, info.epoch);
    peers_.emplace_back(node, is_learner, info.epoch, step.now);
  };
  for (const NodeId node : info.replicas) add(node, false);
  for (const NodeId node : info.learners) add(node, true);
}

void ShardLeader::adopt(const ShardInfo& info, ReplicaState& state, ReplicaStep& step) {
  adopted_ = info.epoch;
  // The predecessor's lease has run out: it need not answer any more, and perhaps never will.
  if (info.fencing.is_none()) fencing_ = NodeId::none();
  update_peers(info, step);
  const auto obsolete = [&](const CopySender& copy) {
    const bool other_migration =
        copy.migration().has_value() && (!info.migration || info.migration->id != copy.migration());
    return other_migration || !contains(info.learners, copy.target());
  };
  copies_.erase(std::remove_if(copies_.begin(), copies_.end(), obsolete), copies_.end());
  follow_migration(info, state, step);
  for (PeerProgress& peer : peers_) peer.resend(state, step);
  advance(state, step);
  follow_resharding(state, step);
  report(state, step);
}

void ShardLeader::follow_migration(const ShardInfo& info, ReplicaState& state, ReplicaStep& step) {
  const MigrationId migration = info.migration ? info.migration->id : MigrationId::none();
  if (migration != migration_) {
    migration_ = migration;
    sync_point_ = LogIndex();
    lock_point_ = Version();
    is_in_sync_phase_ = false;
  }
  const bool queue_mode = info.migration && info.migration->mode == WriteMode::Queue;
  const bool before_sync = info.migration && info.migration->phase < MigrationPhase::Sync;
  const bool in_sync_phase = info.migration && info.migration->phase == MigrationPhase::Sync;
  if (queue_mode && before_sync && info.migration->id != unlocked_) {
    lock_.lock(info.migration->id, state, step);
  }
  const bool last_round = in_sync_phase && !queue_mode;
  const bool is_kept = !step.config.rules.is_on(Rule::LockReleased) && !info.migration;
  if (lock_.is_locked() && !(queue_mode && before_sync) && !last_round && !is_kept) {
    lock_.unlock(state, step);
  }
  if (in_sync_phase && !is_in_sync_phase_) {
    is_in_sync_phase_ = true;
    // Another than this leader may have given it its copy, in place of one that it has lost.
    if (PeerProgress* target = find_peer(info.migration->target)) target->start_over(info.epoch);
  }
  const bool target_joins = step.config.rules.is_on(Rule::QueueBeforeSwitch);
  if (in_sync_phase && queue_mode && target_joins) {
    if (PeerProgress* target = find_peer(info.migration->target)) target->join(step.now);
  }
  if (!lock_.is_locked()) drain_queue(state, step);
  if (in_sync_phase && queue_mode && sync_point_ == LogIndex()) {
    sync_point_ = state.log.last().index;
  }
}

void ShardLeader::step_down(ReplicaState& state, ReplicaStep& step) {
  lock_.unlock(state, step);
  if (lock_.waiting() > 0) step.effects.hit(Probe::QueueRefusedAtStepDown);
  refuse_queue(ReplyStatus::NotLeader, state, step);
  if (serving_) step.effects.fact(fact::LeadershipLeft{state.id, since_});
}

// --- Takeover -----------------------------------------------------------------------------------

void ShardLeader::send_fence(const ReplicaState& state, Step& step) {
  step.effects.send(Endpoint::node(fencing_), message::FenceRequest{state.id, state.epoch});
}

void ShardLeader::on_fence_reply(NodeId from, const message::FenceReply& reply, ReplicaState& state,
                                 ReplicaStep& step) {
  if (from != fencing_ || reply.epoch < since_) return;
  fencing_ = NodeId::none();
  start_serving_if_ready(state, step);
}

void ShardLeader::start_serving_if_ready(ReplicaState& state, ReplicaStep& step) {
  if (serving_ || fencing_.has_value() || state.committed < barrier_) return;
  if (state.info(step).leader != step.self()) return;
  serving_ = true;
  step.effects.fact(fact::LeadershipTaken{state.id, state.epoch, state.log.last()});
  report(state, step);
}

// --- Commitment ---------------------------------------------------------------------------------

LogIndex ShardLeader::committable(const ReplicaState& state, const Step& step) const {
  boost::container::small_vector<LogIndex, 8> in_sync;
  in_sync.push_back(state.durable.index);
  LogIndex bound = state.durable.index;
  const RuleSet rules = step.config.rules;
  if (!rules.is_on(Rule::ReplicasBeforeAck)) return bound;
  const bool waits_for_lagging = rules.is_on(Rule::LaggingLeavesFirst);
  const bool counts_learners = !rules.is_on(Rule::LearnerNotCounted);
  for (const PeerProgress& peer : peers_) {
    const bool is_counted = !peer.is_learner() || counts_learners;
    if (is_counted && (waits_for_lagging || !peer.is_lagging(state, step))) {
      in_sync.push_back(peer.matched());
    }
    if (peer.is_learner() && peer.is_required()) bound = std::min(bound, peer.matched());
  }
  std::sort(in_sync.begin(), in_sync.end(), std::greater<>());
  const std::uint32_t concern = state.collection(step).write_concern;
  const std::size_t needed =
      concern == 0 ? in_sync.size() : std::min<std::size_t>(concern, in_sync.size());
  return std::min(bound, in_sync[needed - 1]);
}

void ShardLeader::advance(ReplicaState& state, ReplicaStep& step) {
  // Who has no lease may have a successor that was chosen without what would be committed here.
  if (!step.manager.has_lease(step)) return;
  const LogIndex index = committable(state, step);
  if (index > state.committed) {
    state.commit_to(index, step);
    answer_committed(state, step);
    trim(state, step);
  }
  start_serving_if_ready(state, step);
}

void ShardLeader::answer_committed(ReplicaState& state, ReplicaStep& step) {
  NodeList required{step.self()};
  for (const PeerProgress& peer : peers_) {
    if (peer.is_required()) required.push_back(peer.node());
  }
  std::size_t answered = 0;
  for (; answered < pending_.size() && pending_[answered].index <= state.committed; ++answered) {
    Pending& write = pending_[answered];
    const EntryRef& entry = state.log.at(write.index);
    if (entry->outcome == ReplyStatus::Ok) {
      step.effects.fact(fact::WriteAcknowledged{state.id, state.epoch, entry, required});
      write.present = {entry->version, nullptr};
    }
    message::ShardReply reply{write.request.ticket,
                              state.id,
                              state.epoch,
                              step.table.revision(),
                              entry->outcome,
                              std::move(write.present),
                              nullptr,
                              state.log.version_at(state.committed),
                              write.request.request};
    step.effects.send(write.request.router, std::move(reply));
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(answered));
}

void ShardLeader::trim(ReplicaState& state, const Step& step) const {
  if (!step.config.rules.is_on(Rule::LogKeptForReplicas)) return state.trim(state.committed, 0);
  LogIndex needed = state.committed;
  for (const PeerProgress& peer : peers_) {
    if (!peer.is_learner()) needed = std::min(needed, peer.matched());
  }
  for (const CopySender& copy : copies_) needed = std::min(needed, copy.snapshot().index);
  // A learner whose copy comes from elsewhere joins the log at the lock point at the latest.
  const std::optional<Migration>& migration = state.info(step).migration;
  if (migration && migration->phase <= MigrationPhase::Sync) {
    const PeerProgress* target = find_peer(migration->target);
    if (target != nullptr)
      needed = std::min(needed, std::max(target->matched(), lock_point_.index));
  }
  const std::uint32_t kept =
      step.fires(FaultPoint::LogTrimmed) ? 0 : step.config.bounds.log_entries_kept;
  state.trim(needed, kept);
}

void ShardLeader::on_own_durable(ReplicaState& state, ReplicaStep& step) { advance(state, step); }

void ShardLeader::on_append_reply(NodeId from, const message::AppendReply& reply,
                                  ReplicaState& state, ReplicaStep& step) {
  PeerProgress* peer = find_peer(from);
  if (peer == nullptr) return;
  if (reply.epoch > state.epoch) return step.watcher.refresh(step);
  peer->on_reply(reply, state, step);
  advance(state, step);
  const bool waits = peer->is_learner() || lock_.is_locked() || sync_point_ != LogIndex();
  if (waits || peer->mode() == PeerProgress::Mode::NeedsCopy) {
    start_copies(state.info(step), state, step);
    report(state, step);
  }
}

void ShardLeader::append_and_replicate(EntryRef entry, ReplicaState& state, ReplicaStep& step) {
  const Version previous = state.log.last();
  step.effects.fact(fact::WriteAccepted{state.id, state.epoch, entry, previous});
  // The disk's answer, and each follower's.
  if (!entry->mutations.empty()) step.manager.count_inputs(state.id, 1 + peers_.size());
  state.append(entry, step);
  for (PeerProgress& peer : peers_) peer.on_appended(state, step);
}

// --- Periodic work and reports ------------------------------------------------------------------

void ShardLeader::remind_source(const ShardInfo& info) {
  if (!info.migration || info.migration->phase != MigrationPhase::Copy) return;
  if (PeerProgress* source = find_peer(info.migration->source)) source->forget_known_commitment();
}

Nanoseconds ShardLeader::lock_limit(const ShardInfo& info, const ReplicaState& state,
                                    const ReplicaStep& step) const {
  const Timing& timing = step.config.timing;
  // In live mode the copy is complete before the lock.
  if (!info.migration || info.migration->mode == WriteMode::Live) return timing.migration_timeout;
  return copy_time_limit(*info.migration, step.store.summary(state.id).bytes, timing);
}

void ShardLeader::tick(ReplicaState& state, ReplicaStep& step) {
  if (fencing_.has_value()) send_fence(state, step);
  const ShardInfo& info = state.info(step);
  remind_source(info);
  for (PeerProgress& peer : peers_) {
    if (step.fires(FaultPoint::AppendRepeated)) peer.resend(state, step);
    peer.tick(state, step);
  }
  // What waited for the lease goes on here.
  advance(state, step);
  start_copies(info, state, step);
  follow_resharding(state, step);
  const bool overdue = step.now - lock_.since() >= lock_limit(info, state, step);
  if (lock_.is_locked() && overdue && step.config.rules.is_on(Rule::LockReleased)) {
    step.effects.hit(Probe::LockOverdue);
    unlocked_ = lock_.migration();
    lock_.unlock(state, step);
    drain_queue(state, step);
  }
  report(state, step);
}

bool ShardLeader::is_idle(const ReplicaState& state) const {
  const auto is_done = [&](const PeerProgress& peer) {
    return !peer.is_learner() && peer.is_idle(state);
  };
  return serving_ && !lock_.is_locked() && copies_.empty() && !mover_ &&
         state.committed == state.log.last().index &&
         std::all_of(peers_.begin(), peers_.end(), is_done);
}

CopySender* ShardLeader::find_copy(NodeId target) {
  const auto it = std::find_if(copies_.begin(), copies_.end(),
                               [&](const CopySender& copy) { return copy.target() == target; });
  return it == copies_.end() ? nullptr : &*it;
}
const CopySender* ShardLeader::find_copy(NodeId target) const {
  return const_cast<ShardLeader*>(this)->find_copy(target);
}

bool ShardLeader::is_given_up(const PeerProgress& peer, const ReplicaState& state,
                              const ReplicaStep& step) const {
  if (!peer.is_lagging(state, step)) return false;
  const CopySender* copy = find_copy(peer.node());
  return copy == nullptr || !peer.is_learner() || copy->is_overdue(step);
}

void ShardLeader::report(const ReplicaState& state, ReplicaStep& step) {
  const ShardInfo& info = state.info(step);
  if (info.epoch != state.epoch || info.leader != step.self()) return;
  for (PeerProgress& peer : peers_) {
    const bool is_target = info.migration && info.migration->target == peer.node();
    // The source's stream is not the leader's to judge: the coordinator limits the time of Copy.
    if (is_target && info.migration->phase == MigrationPhase::Copy) peer.note_progress(step.now);
    if (is_given_up(peer, state, step)) {
      // Without the others nobody may have the shard: this node's own copy is not on its disk yet.
      if (!peer.is_learner() && state.durable == Version()) continue;
      report_to_coordinator(state, message::ShardEvent::Lagging, peer.node(), Version(), 0, step);
      continue;
    }
    if (!peer.is_learner() || is_target || !serving_) continue;
    const std::uint64_t behind = state.log.last().index.value() - peer.matched().value();
    if (peer.mode() == PeerProgress::Mode::Replicate &&
        behind <= step.config.bounds.last_round_entries) {
      peer.join(step.now);
    }
    // What is acknowledged from now on waits for it; it must have what was acknowledged before,
    // too.
    if (peer.is_required() && peer.matched() >= state.committed) {
      report_to_coordinator(state, message::ShardEvent::CaughtUp, peer.node(), state.log.last(), 0,
                            step);
    }
  }
  if (info.migration && serving_) report_migration(info, state, step);
  const bool is_at_rest = !info.migration && info.learners.empty();
  if (serving_ && is_at_rest && has_surplus(info, state.collection(step))) {
    report_to_coordinator(state, message::ShardEvent::Surplus, step.self(), state.log.last(), 0,
                          step);
  }
  if (mover_) report_resharding(state, step);
}

void ShardLeader::report_migration(const ShardInfo& info, const ReplicaState& state,
                                   ReplicaStep& step) {
  using message::ShardEvent;
  const Migration& migration = *info.migration;
  const bool queue_mode = migration.mode == WriteMode::Queue;
  if (migration.id == unlocked_) {
    return report_to_coordinator(state, ShardEvent::Failed, step.self(), Version(), 0, step);
  }
  const bool drained = state.committed == state.log.last().index;
  switch (migration.phase) {
    case MigrationPhase::Prepare:
      if (queue_mode && !drained) return;
      if (queue_mode) {
        lock_point_ = state.log.last();
        lock_digest_ = step.store.summary(state.id).digest;
      }
      report_to_coordinator(state, ShardEvent::Prepared, step.self(), state.log.last(), 0, step);
      return;
    case MigrationPhase::Copy:
      if (queue_mode && lock_point_ == Version()) {
        step.effects.hit(Probe::LockPointLost);
        // A leader that began in this phase: its barrier is behind the point that was copied.
        report_to_coordinator(state, ShardEvent::Failed, step.self(), Version(), 0, step);
      } else if (queue_mode) {
        report_to_coordinator(state, ShardEvent::SourceReady, step.self(), lock_point_,
                              lock_digest_, step);
      }
      return;
    case MigrationPhase::Sync: {
      const PeerProgress* target = find_peer(migration.target);
      if (target == nullptr) return;
      if (queue_mode) {
        const bool target_waits = step.config.rules.is_on(Rule::QueueBeforeSwitch);
        if (target_waits && target->matched() < sync_point_) return;
        if (state.committed < sync_point_) return;
        report_to_coordinator(state, ShardEvent::Synced, step.self(),
                              state.log.version_at(state.committed), 0, step);
      } else if (lock_.is_locked() && drained && target->matched() == state.committed) {
        report_to_coordinator(state, ShardEvent::Synced, step.self(), state.log.last(),
                              step.store.summary(state.id).digest, step);
      }
      return;
    }
    case MigrationPhase::Switch:
    case MigrationPhase::Cleanup: return;
  }
}

// --- Copies -------------------------------------------------------------------------------------

void ShardLeader::start_copies(const ShardInfo& info, ReplicaState& state, ReplicaStep& step) {
  if (!serving_) return;
  lock_for_last_round(info, state, step);
  for (const PeerProgress& peer : peers_) {
    if (!peer.is_learner() || peer.mode() != PeerProgress::Mode::NeedsCopy) continue;
    // A migration's target gets its copy from the source, in phase Copy.
    if (info.migration && info.migration->target == peer.node()) continue;
    const bool running = std::any_of(copies_.begin(), copies_.end(), [&](const CopySender& copy) {
      return copy.target() == peer.node() && !copy.is_done();
    });
    if (running) continue;
    const Bandwidth share = distribution::bandwidth_share(
        limits_in_force(step.config.distribution.limits, step.table.settings().limits));
    copies_.emplace_back(peer.node(), MigrationId::none(), share, state, step);
    copies_.back().pump(state, step);
  }
}

void ShardLeader::lock_for_last_round(const ShardInfo& info, ReplicaState& state,
                                      ReplicaStep& step) {
  const bool live_sync = info.migration && info.migration->mode == WriteMode::Live &&
                         info.migration->phase == MigrationPhase::Sync;
  if (!live_sync || lock_.is_locked() || info.migration->id == unlocked_) return;
  PeerProgress* target = find_peer(info.migration->target);
  if (target == nullptr || target->mode() != PeerProgress::Mode::Replicate) return;
  const std::uint64_t behind = state.log.last().index.value() - target->matched().value();
  if (behind > step.config.bounds.last_round_entries) return;
  target->join(step.now);
  lock_.lock(info.migration->id, state, step);
}

void ShardLeader::on_copy_ack(NodeId from, const message::CopyAck& ack, ReplicaState& state,
                              ReplicaStep& step) {
  CopySender* copy = find_copy(from);
  if (copy == nullptr) return;
  copy->on_ack(ack, state, step);
  PeerProgress* peer = find_peer(from);
  if (peer != nullptr) peer->note_progress(copy->last_progress());
  if (copy->is_refused()) {
    report_to_coordinator(state, message::ShardEvent::Lagging, from, Version(), 0, step);
  } else if (copy->is_done() && peer != nullptr) {
    peer->on_copy_installed(copy->snapshot());
    peer->pump(state, step);
  }
  if (copy->is_refused() || copy->is_done())
    copies_.erase(copies_.begin() + (copy - copies_.data()));
}

void ShardLeader::pump_copies(ReplicaState& state, ReplicaStep& step) {
  for (CopySender& copy : copies_) copy.pump(state, step);
}

}  // namespace shardproof
