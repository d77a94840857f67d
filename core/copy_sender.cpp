// SPDX-License-Identifier: Apache-2.0
#include "core/copy_sender.hpp"

#include <algorithm>

namespace shardproof {

CopySender::CopySender(NodeId target, MigrationId migration, Bandwidth bandwidth,
                       const ReplicaState& state, const ReplicaStep& step)
    : target_(target), migration_(migration), bandwidth_(bandwidth), last_sent_(step.now) {
  // The own clock names the stream: a later attempt has a larger number, also after a restart.
  restart(static_cast<std::uint64_t>(step.now.count()), state, step);
}

void CopySender::restart(std::uint64_t stream, const ReplicaState& state, const ReplicaStep& step) {
  stream_ = stream;
  snapshot_ = state.log.version_at(state.committed);
  cursor_ = 0;
  digest_ = 0;
  acked_ = 0;
  sent_ = 0;
  unacked_.clear();
  read_all_ = false;
  done_ = false;
  outdated_ = false;
  last_progress_ = step.now;
}

namespace {

/// What is sent without Rule::TombstonesTravel or Rule::MoveWithoutCap: `number` is the chunk's.
ChunkRef curtailed(const ChunkRef& chunk, std::uint32_t number, RuleSet rules) {
  constexpr std::uint32_t kChunksMax = 4;
  const auto shorter = std::make_shared<Chunk>(*chunk);
  if (!rules.is_on(Rule::TombstonesTravel)) {
    std::erase_if(shorter->items, [&](const ChunkItem& item) {
      if (item.tombstone) {
        shorter->bytes -= stored_size(*item.document, true);
        shorter->digest -=
            document_digest(item.document->key, item.version, true, item.document->content);
      }
      return item.tombstone;
    });
  }
  if (!rules.is_on(Rule::MoveWithoutCap)) shorter->last = chunk->last || number + 1 >= kChunksMax;
  return shorter;
}

}  // namespace

bool CopySender::read_next(const ReplicaState& state, const ReplicaStep& step) {
  if (read_all_ || unacked_.size() >= step.config.bounds.chunks_in_flight) return false;
  // A piece holds at least one document.
  const Bytes size = step.fires(FaultPoint::SmallChunk) ? Bytes(1) : step.config.bounds.chunk_size;
  ChunkRef chunk = step.store.read_chunk(state.id, cursor_, size);
  if (!step.config.rules.all_on()) {
    const auto number = acked_ + static_cast<std::uint32_t>(unacked_.size());
    chunk = curtailed(chunk, number, step.config.rules);
  }
  read_all_ = chunk->last;
  digest_ += chunk->digest;
  unacked_.push_back({std::move(chunk), digest_});
  return true;
}

void CopySender::send(std::uint32_t number, bool again, const ReplicaState& state,
                      ReplicaStep& step) {
  const Piece& piece = unacked_[number - acked_];
  step.effects.send(Endpoint::node(target_),
                    message::CopyChunk{state.id, state.epoch, stream_, number, acked_, snapshot_,
                                       piece.digest, piece.chunk});
  step.effects.fact(fact::ChunkSent{state.id, migration_, target_, piece.chunk->bytes, again});
  last_sent_ = step.now;
}

Instant CopySender::next_send() const {
  return last_sent_ + bandwidth_.time_for(unacked_[sent_ - acked_].chunk->bytes);
}

void CopySender::pump(const ReplicaState& state, ReplicaStep& step) {
  if (done_ || refused_ || (outdated_ && !catch_up(state, step))) return;
  const Nanoseconds resend_after = step.config.timing.chunk_timeout;
  const bool is_late =
      step.now - last_progress_ >= resend_after && step.now - last_sent_ >= resend_after;
  const bool stalled = sent_ > acked_ && (is_late || step.fires(FaultPoint::ChunkRepeated));
  std::uint32_t resend_until = 0;
  if (stalled) {
    step.effects.hit(Probe::ChunkSentAgain);
    resend_until = sent_;
    sent_ = acked_;
  }
  const auto has_next = [&] { return sent_ < acked_ + unacked_.size() || read_next(state, step); };
  while (has_next() && next_send() <= step.now) {
    send(sent_, sent_ < resend_until, state, step);
    sent_ += 1;
  }
  const bool is_waiting = sent_ < acked_ + unacked_.size();
  Instant due = is_waiting ? next_send() : std::max(last_progress_, last_sent_) + resend_after;
  if (due <= step.now) due = step.now + resend_after;
  step.copy_due = std::min(step.copy_due, due);
}

bool CopySender::catch_up(const ReplicaState& state, ReplicaStep& step) {
  if (state.log.version_at(state.committed) > snapshot_) {
    restart(stream_ + 1, state, step);
    return true;
  }
  step.copy_due = std::min(step.copy_due, step.now + step.config.timing.chunk_timeout);
  return false;
}

bool CopySender::is_overdue(const ReplicaStep& step) const {
  const Nanoseconds chunk_time = bandwidth_.time_for(step.config.bounds.chunk_size);
  return step.now - last_progress_ >= step.config.timing.migration_timeout + chunk_time;
}

void CopySender::on_ack(const message::CopyAck& ack, const ReplicaState& state, ReplicaStep& step) {
  if (ack.stream > stream_) return restart(ack.stream + 1, state, step), pump(state, step);
  if (ack.stream < stream_) return;
  switch (ack.outcome) {
    case message::CopyOutcome::Receiving:
      if (ack.next <= acked_ || ack.next > acked_ + unacked_.size()) break;
      unacked_.erase(unacked_.begin(), unacked_.begin() + (ack.next - acked_));
      acked_ = ack.next;
      sent_ = std::max(sent_, acked_);
      last_progress_ = step.now;
      break;
    case message::CopyOutcome::Installed: done_ = true; return;
    case message::CopyOutcome::Corrupt: restart(stream_ + 1, state, step); break;
    case message::CopyOutcome::Full: refused_ = true; return;
    case message::CopyOutcome::Outdated: outdated_ = true; break;
    case message::CopyOutcome::Stale: return;
  }
  pump(state, step);
}

}  // namespace shardproof
