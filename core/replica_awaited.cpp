// SPDX-License-Identifier: Apache-2.0
//
// What a shard copy waits for, in its leader's and its followers' parts.
#include "core/base/humanise.hpp"
#include "core/shard_replica.hpp"

namespace shardproof {

void ShardLeader::describe_awaited(const ReplicaState& state, AwaitedList& awaited) const {
  const LogIndex last = state.log.last().index;
  if (fencing_.has_value()) awaited.push_back(awaited_of(state.id, "FenceReply", fencing_));
  for (const PeerProgress& peer : peers_) {
    if (state.committed == last || !peer.is_required() || peer.matched() >= last) continue;
    awaited.push_back(awaited_of(state.id, fmt::format("AppendReply up to {}", last), peer.node(),
                                 peer.heard_at()));
  }
  if (state.durable.index < last) {
    awaited.push_back({state.id, fmt::format("its own disk, up to {}", last), std::nullopt});
  }
  for (const CopySender& copy : copies_) {
    awaited.push_back(awaited_of(state.id, "CopyAck", copy.target(), copy.last_progress()));
  }
  if (mover_) {
    for (const ShardId target : mover_->unfinished()) {
      awaited.push_back(
          {state.id, fmt::format("ShardReply of {} to moved documents", target), std::nullopt});
    }
  }
  if (!lock_.is_locked()) return;
  awaited.push_back({state.id,
                     fmt::format("end of the write lock of {} ({} waiting)", lock_.migration(),
                                 human_number_of(lock_.waiting(), "write")),
                     std::nullopt, lock_.since()});
}

void ShardReplica::describe_awaited(AwaitedList& awaited) const {
  if (leader_) leader_->describe_awaited(state_, awaited);
  if (sender_ && !sender_->is_done()) {
    awaited.push_back(
        awaited_of(state_.id, "CopyAck", sender_->target(), sender_->last_progress()));
  }
  if (receiver_.is_receiving()) {
    awaited.push_back(
        awaited_of(state_.id, fmt::format("CopyChunk {}", receiver_.staged()), receiver_.source()));
  }
  if (dropping_) awaited.push_back({state_.id, "its own disk, to drop the copy", std::nullopt});
}

}  // namespace shardproof
