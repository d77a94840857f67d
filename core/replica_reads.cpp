// SPDX-License-Identifier: Apache-2.0
#include "core/replica_reads.hpp"

#include <algorithm>

#include "core/table_watcher.hpp"

namespace shardproof {

void ReplicaReads::on_request(const LeaderRequest& request, Epoch epoch, const ReplicaState& state,
                              ReplicaStep& step) {
  const Operation& operation = *request.operation;
  message::ShardReply reply;
  reply.ticket = request.ticket;
  reply.request = request.request;
  reply.shard = state.id;
  reply.epoch = state.epoch;
  reply.revision = step.table.revision();
  reply.status = admit(operation, epoch, state, step);
  if (reply.status == ReplyStatus::Ok) {
    step.manager.count_request(state.id);
    reply.applied = state.log.version_at(state.committed);
    reply.result = step.store.get(state.id, operation.document->key);
    if (!reply.result.document) reply.status = ReplyStatus::NotFound;
    step.effects.fact(fact::ReplicaReadServed{state.id, state.epoch, request.operation,
                                              reply.result, reply.applied, reached_->asked_at});
  }
  step.effects.send(request.router, std::move(reply));
}

ReplyStatus ReplicaReads::admit(const Operation& operation, Epoch epoch, const ReplicaState& state,
                                ReplicaStep& step) {
  if (epoch < state.epoch) return ReplyStatus::StaleEpoch;
  const ShardInfo* info = step.table.find_shard(state.id);
  if (info == nullptr || info->epoch < epoch) {
    step.watcher.refresh(step);
    return ReplyStatus::NotReady;
  }
  if (!state.holds_copy || !contains(info->replicas, step.self())) return ReplyStatus::NotReady;
  if (epoch_ != state.epoch) {
    *this = ReplicaReads();
    epoch_ = state.epoch;
  }
  ask_if_due(state, step);
  const SessionMark& session = operation.session;
  const bool is_other = session.shard.has_value() && session.shard != state.id;
  const bool is_behind = state.log.version_at(state.committed) < session.version;
  if (is_other || is_behind || !is_confirmed(state, step)) {
    step.effects.hit(Probe::ReplicaReadUnconfirmed);
    return ReplyStatus::NotReady;
  }
  return ReplyStatus::Ok;
}

bool ReplicaReads::is_confirmed(const ReplicaState& state, const Step& step) {
  if (awaited_ && awaited_->committed <= state.committed) {
    reached_ = awaited_;
    awaited_.reset();
  }
  return reached_ && step.now - reached_->asked_at <= step.config.timing.staleness_bound;
}

void ReplicaReads::ask_if_due(const ReplicaState& state, Step& step) {
  const ShardInfo& info = state.info(step);
  const Nanoseconds bound = step.config.timing.staleness_bound;
  // Half the bound is left for the answer to come.
  const bool is_young = reached_ && step.now - reached_->asked_at < bound / 2;
  const Nanoseconds patience = step.config.timing.resend_after * 5;
  const bool is_waiting = asked_at_ && step.now - *asked_at_ < std::min(patience, bound);
  if (is_young || is_waiting || info.leader.is_none()) return;
  asked_at_ = step.now;
  step.effects.send(Endpoint::node(info.leader),
                    message::ReadIndexQuery{state.id, state.epoch, step.now});
}

void ReplicaReads::on_read_index(const message::ReadIndexReply& reply, const ReplicaState& state) {
  // An answer to an earlier incarnation may bear a time that this one's clock has not reached.
  if (reply.epoch != epoch_ || reply.epoch != state.epoch || reply.asked_at != asked_at_) return;
  if (reply.committed <= state.committed) {
    reached_ = ReadIndex{reply.asked_at, reply.committed};
    awaited_.reset();
  } else if (!awaited_) {
    awaited_ = ReadIndex{reply.asked_at, reply.committed};
  }
}

}  // namespace shardproof
