// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator_report.hpp"
#include "core/shard_key.hpp"
#include "core/shard_leader.hpp"

/// A leader's part when `enable_sharding` moves the documents of its collection to another one: it
/// says beforehand whether they all can go; refuses writes while they go; and serves nothing from
/// when it has told the coordinator that they are all there until the table shows what came of it.
namespace shardproof {

using message::ShardEvent;

void ShardLeader::on_reshard_check(NodeId from, const message::ReshardCheck& check,
                                   const ReplicaState& state, ReplicaStep& step) {
  if (check.epoch != state.epoch || !serving_ || !step.manager.has_lease(step)) return;
  message::ReshardCheckReply reply{state.id, state.epoch, record_digest(*check.collection), {}};
  for (const VersionedDocument& stored : step.store.scan(state.id)) {
    const auto shard = route(*check.collection, *stored.document);
    if (shard) continue;
    reply.fault = fmt::format("document \"{}\" does not route: {} ({})", stored.document->key,
                              to_string(shard.error()),
                              describe_shard_key(*check.collection, *stored.document));
    break;
  }
  step.effects.send(Endpoint::node(from), std::move(reply));
}

void ShardLeader::follow_resharding(ReplicaState& state, ReplicaStep& step) {
  const CollectionConfig* target = step.table.find_collection(state.collection(step).moving_to);
  if (mover_ && (target == nullptr || mover_->target() != target->id)) mover_.reset();
  if (target == nullptr) return;
  const bool is_settled = serving_ && state.committed == state.log.last().index;
  if (!mover_ && is_settled) mover_ = std::make_unique<ReshardMover>(state, *target, step);
  if (mover_) mover_->pump(state, step);
}

void ShardLeader::on_mover_reply(const message::ShardReply& reply, ReplicaState& state,
                                 ReplicaStep& step) {
  if (!mover_) return;
  mover_->on_reply(reply, state, step);
  if (mover_->is_done() || mover_->has_failed()) report(state, step);
}

void ShardLeader::report_resharding(const ReplicaState& state, ReplicaStep& step) {
  if (mover_->has_failed()) {
    report_to_coordinator(state, ShardEvent::Failed, step.self(), state.log.last(),
                          static_cast<std::uint64_t>(mover_->status()), step);
  } else if (mover_->is_done()) {
    report_to_coordinator(state, ShardEvent::Moved, step.self(), state.log.last(), 0, step);
  }
}

}  // namespace shardproof
