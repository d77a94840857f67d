// SPDX-License-Identifier: Apache-2.0
#include "core/shard_replica.hpp"

#include <algorithm>

#include "core/coordinator_report.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

using message::AppendOutcome;

void ShardReplica::recover(ReplicaStep& step) {
  const CopyState kept = step.store.state(state_.id);
  state_.holds_copy = true;
  state_.log.reset(kept.applied);
  state_.committed = kept.applied.index;
  for (const EntryRef& entry : kept.tail) state_.log.push(entry);
  state_.durable = state_.log.last();
  state_.epoch = state_.log.last().epoch;
}

void ShardReplica::create_copy(ReplicaStep& step) {
  step.store.create(state_.id, step.effects);
  state_.holds_copy = true;
  step.effects.fact(fact::CopyCreated{state_.id, state_.epoch});
}

void ShardReplica::stop_leading(ReplicaStep& step) {
  if (!leader_) return;
  leader_->step_down(state_, step);
  leader_.reset();
}

void ShardReplica::adopt(ReplicaStep& step) {
  const ShardInfo& info = state_.info(step);
  if (info.epoch < state_.epoch) return;
  state_.epoch = info.epoch;
  const bool is_member = contains(info.replicas, step.self());
  const bool begins = info.epoch == info.begin_epoch && may_begin_;
  if (is_member && !state_.holds_copy && begins) create_copy(step);
  const bool leads = info.leader == step.self();
  if (leader_ && !(leads && leader_->can_adopt(info))) stop_leading(step);
  if (leader_) {
    leader_->adopt(info, state_, step);
  } else if (leads && info.epoch > lead_after_ && state_.holds_copy) {
    receiver_.abandon(state_, step);
    leader_ = std::make_unique<ShardLeader>(info, state_, step);
  }
  follow_migration(info, step);
}

bool ShardReplica::is_stale(Epoch epoch, ReplicaStep& step) {
  if (epoch < state_.epoch) return true;
  if (epoch > state_.epoch) {
    if (leader_) step.effects.hit(Probe::LeaderDeposedByMessage);
    stop_leading(step);
    state_.epoch = epoch;
    step.watcher.refresh(step);
  }
  return false;
}

// --- Leading ------------------------------------------------------------------------------------

void ShardReplica::on_request(LeaderRequest request, Epoch epoch, ReplicaStep& step) {
  if (leader_) return leader_->on_request(std::move(request), epoch, state_, step);
  if (request.operation->read_from == ReadFrom::Replica) {
    return reads_.on_request(request, epoch, state_, step);
  }
  if (epoch > state_.epoch) step.watcher.refresh(step);
  const ReplyStatus status =
      epoch < state_.epoch ? ReplyStatus::StaleEpoch : ReplyStatus::NotLeader;
  step.effects.send(request.router, message::ShardReply{request.ticket,
                                                        state_.id,
                                                        state_.epoch,
                                                        step.table.revision(),
                                                        status,
                                                        {},
                                                        nullptr,
                                                        {},
                                                        request.request});
}

void ShardReplica::on_append_reply(NodeId from, const message::AppendReply& reply,
                                   ReplicaStep& step) {
  if (leader_) leader_->on_append_reply(from, reply, state_, step);
}

void ShardReplica::on_read_index_query(NodeId from, const message::ReadIndexQuery& query,
                                       ReplicaStep& step) {
  // A question of a newer epoch does not say that another leads: the table will.
  if (query.epoch > state_.epoch) step.watcher.refresh(step);
  if (leader_ && query.epoch == state_.epoch) leader_->on_read_index(from, query, state_, step);
}

void ShardReplica::on_read_index_reply(const message::ReadIndexReply& reply) {
  reads_.on_read_index(reply, state_);
}

void ShardReplica::on_reshard_check(NodeId from, const message::ReshardCheck& check,
                                    ReplicaStep& step) {
  if (leader_) leader_->on_reshard_check(from, check, state_, step);
}

void ShardReplica::on_mover_reply(const message::ShardReply& reply, ReplicaStep& step) {
  if (leader_) leader_->on_mover_reply(reply, state_, step);
}

void ShardReplica::on_fence_reply(NodeId from, const message::FenceReply& reply,
                                  ReplicaStep& step) {
  if (leader_) leader_->on_fence_reply(from, reply, state_, step);
}

void ShardReplica::on_fence_request(NodeId from, const message::FenceRequest& request,
                                    ReplicaStep& step) {
  if (is_stale(request.epoch, step)) {
    // A newer leader exists already: for the one who asks, the answer is as good. It may be this
    // node, which led before and leads again: whoever led between has to stop, not this one.
    step.watcher.refresh(step);
  }
  if (step.fires(FaultPoint::FenceUnanswered)) return;
  step.effects.send(Endpoint::node(from), message::FenceReply{state_.id, state_.epoch});
}

/// A copy that is in memory only is none: a restart would end it. Nor has one without any entry on
/// the disk taken part in anything that was acknowledged.
message::CopyOnDisk ShardReplica::on_disk() const {
  using message::CopyOnDisk;
  if (state_.holds_copy && state_.durable != Version()) return CopyOnDisk::Kept;
  return state_.holds_copy || may_begin_ ? CopyOnDisk::NotBegun : CopyOnDisk::Lost;
}

void ShardReplica::on_position_query(NodeId from, const message::PositionQuery& query,
                                     ReplicaStep& step) {
  if (query.epoch < state_.epoch || step.fires(FaultPoint::PositionUnanswered)) return;
  // Only the table tells a shard whose copy was here from one that is younger than the boot.
  const bool is_unsure = !state_.holds_copy && step.store.has_lost_data();
  if (is_unsure && !step.watcher.is_current()) return;
  const Version last = state_.holds_copy ? state_.durable : Version();
  step.effects.send(Endpoint::node(from), message::PositionReply{state_.id, query.epoch,
                                                                 query.asked_at, on_disk(), last});
}

// --- Following ----------------------------------------------------------------------------------

Version ShardReplica::acknowledged() const {
  const LogIndex index = std::min(matched_, state_.durable.index);
  return index < state_.log.base().index ? state_.log.base() : state_.log.version_at(index);
}

void ShardReplica::reply_append(AppendOutcome outcome, Version last, Step& step) {
  step.effects.send(Endpoint::node(leader_node_),
                    message::AppendReply{state_.id, state_.epoch, outcome, last, state_.committed,
                                         heard_number_});
}

void ShardReplica::on_append(NodeId from, message::AppendEntries& append, ReplicaStep& step) {
  if (is_stale(append.epoch, step)) {
    step.effects.hit(Probe::StaleLeaderRefused);
    step.effects.send(Endpoint::node(from),
                      message::AppendReply{state_.id, state_.epoch, AppendOutcome::Stale, Version(),
                                           state_.committed, append.number});
    return;
  }
  leader_node_ = from;
  if (matched_epoch_ != append.epoch) {
    matched_epoch_ = append.epoch;
    matched_ = LogIndex();
    heard_number_ = 0;
    early_.clear();
  }
  heard_number_ = std::max(heard_number_, append.number);
  if (!state_.holds_copy) {
    const ShardInfo* info = step.table.find_shard(state_.id);
    // The table may tell this node to begin with an empty copy: it comes first.
    if (info == nullptr || info->epoch < append.epoch) return step.watcher.refresh(step);
    return reply_append(AppendOutcome::NoCopy, Version(), step);
  }
  if (append.previous.index > state_.log.last().index) {
    if (append.entries.empty()) {
      return reply_append(AppendOutcome::Mismatch, state_.log.last(), step);
    }
    constexpr std::size_t kEarlyMax = 64;
    step.effects.hit(Probe::EarlyEntriesKept);
    const bool is_full = early_.size() >= kEarlyMax || step.fires(FaultPoint::EarlyEntriesDropped);
    if (!is_full) early_.push_back(std::move(append));
    return;
  }
  const LogIndex matched_before = matched_;
  if (!take_entries(append, step)) {
    const Version joint =
        state_.log.version_at(std::max(state_.committed, state_.log.base().index));
    return reply_append(AppendOutcome::Mismatch, joint, step);
  }
  take_early_ones(step);
  // The log begins behind a snapshot that the disk does not have yet: there is nothing to promise.
  if (state_.durable.index < state_.log.base().index) return;
  // What is new is acknowledged when it is durable; a probe or repetition is answered at once.
  if (matched_ <= state_.durable.index || matched_ == matched_before) {
    reply_append(AppendOutcome::Durable, acknowledged(), step);
  }
}

bool ShardReplica::take_entries(const message::AppendEntries& append, ReplicaStep& step) {
  ReplicaLog& log = state_.log;
  const LogIndex previous = append.previous.index;
  const bool by_version = step.config.rules.is_on(Rule::TailsReconciled);
  if (by_version && previous > log.base().index && log.version_at(previous) != append.previous) {
    return false;
  }
  if (by_version && previous == log.base().index && log.base() != append.previous) return false;
  LogIndex matched = previous;
  for (const EntryRef& entry : append.entries) {
    const LogIndex index = entry->index();
    matched = index;
    if (index <= log.base().index) continue;
    if (log.contains(index)) {
      if (!by_version || log.version_at(index) == entry->version) continue;
      SHARDPROOF_CHECK(index > state_.committed, "{}: committed {} contradicts the leader's {}",
                       state_.id, log.version_at(index), entry->version);
      step.effects.hit(Probe::TailReconciled);
      const LogIndex kept(index.value() - 1);
      log.truncate_after(kept);
      state_.rewritten = step.store.truncate_tail(state_.id, kept, step.effects);
      state_.durable = std::min(state_.durable, log.last());
      step.effects.fact(fact::TailTruncated{state_.id, kept});
    }
    state_.append(entry, step);
  }
  matched_ = std::max(matched_, std::max(matched, log.base().index));
  state_.commit_to(std::min(append.committed, matched_), step);
  state_.trim(state_.committed, step.config.bounds.log_entries_kept);
  return true;
}

void ShardReplica::take_early_ones(ReplicaStep& step) {
  for (bool progress = !early_.empty(); progress;) {
    progress = false;
    for (std::size_t i = 0; i < early_.size(); ++i) {
      if (early_[i].previous.index > state_.log.last().index) continue;
      const message::AppendEntries append = std::move(early_[i]);
      early_.erase(early_.begin() + static_cast<std::ptrdiff_t>(i));
      take_entries(append, step);
      progress = true;
      break;
    }
  }
}

bool ShardReplica::is_in_log(const DurabilityWait& wait) const {
  const LogIndex index = wait.version.index;
  return state_.holds_copy && wait.position >= state_.rewritten &&
         index <= state_.log.last().index && index >= state_.log.base().index &&
         state_.log.version_at(index) == wait.version;
}

void ShardReplica::on_durable(const DurabilityWait& wait, ReplicaStep& step) {
  switch (wait.kind) {
    case DurabilityWait::Kind::Entries: {
      const Version version = wait.version;
      if (!is_in_log(wait) || version <= state_.durable) return;
      state_.durable = version;
      step.effects.fact(fact::EntriesDurable{state_.id, version});
      if (leader_) return leader_->on_own_durable(state_, step);
      if (leader_node_.has_value() && matched_epoch_ == state_.epoch && version.index <= matched_) {
        reply_append(AppendOutcome::Durable, acknowledged(), step);
      }
      return;
    }
    case DurabilityWait::Kind::Chunk: return receiver_.on_chunk_durable(wait, state_, step);
    case DurabilityWait::Kind::Install:
      // Also of a stream that was given up meanwhile: nothing else would say that it is durable.
      if (is_in_log(wait)) state_.durable = std::max(state_.durable, wait.version);
      if (!receiver_.on_install_durable(wait, state_, step)) return;
      matched_ = LogIndex();
      early_.clear();
      report_migration(state_.info(step), step);
      return;
    case DurabilityWait::Kind::Drop:
      dropping_ = false;
      report_migration(state_.info(step), step);
      return;
  }
}

}  // namespace shardproof
