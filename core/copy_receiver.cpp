// SPDX-License-Identifier: Apache-2.0
#include "core/copy_receiver.hpp"

#include <algorithm>

namespace shardproof {
namespace {

using message::CopyOutcome;

std::uint64_t recomputed_digest(const Chunk& chunk) {
  std::uint64_t sum = 0;
  for (const ChunkItem& item : chunk.items) {
    const Document& document = *item.document;
    sum += document_digest(document.key, item.version, item.tombstone, document.content);
  }
  return sum;
}

bool has_room_for(const Chunk& chunk, const ReplicaStep& step) {
  if (step.fires(FaultPoint::ChunkNoRoom)) return false;
  const Bytes free = step.store.disk_free();
  if (free == Bytes::max() || !step.config.rules.is_on(Rule::FullDiskNoTarget)) return true;
  const Bytes capacity = step.store.disk_used() + free;
  const Bytes limit(step.config.bounds.disk_high_watermark.of(capacity.count()));
  return step.store.disk_used() + chunk.bytes <= limit;
}

bool is_older(Version snapshot, const ReplicaState& state) {
  if (!state.holds_copy) return false;
  return snapshot < std::max(state.log.version_at(state.committed), state.durable);
}

}  // namespace

void CopyReceiver::acknowledge(CopyOutcome outcome, std::uint64_t stream, const ReplicaState& state,
                               Step& step) const {
  const std::uint64_t digest = outcome == CopyOutcome::Installed ? installed_digest_ : 0;
  step.effects.send(Endpoint::node(source_), message::CopyAck{state.id, state.epoch, stream,
                                                              durable_next_, outcome, digest});
}

void CopyReceiver::begin(NodeId from, const message::CopyChunk& chunk, const ReplicaState& state,
                         ReplicaStep& step) {
  source_ = from;
  stream_ = chunk.stream;
  next_ = 0;
  durable_next_ = 0;
  digest_ = 0;
  items_ = 0;
  early_.clear();
  receiving_ = true;
  complete_ = false;
  step.store.begin_stage(state.id, step.effects);
}

void CopyReceiver::on_chunk(NodeId from, const message::CopyChunk& chunk, ReplicaState& state,
                            ReplicaStep& step) {
  // Pieces of a stream may overtake its first one; but one that follows acknowledged ones, of a
  // stream that this node does not know, comes from before its restart: the sender has to start
  // over.
  if (chunk.stream > stream_ && chunk.acknowledged == 0) {
    source_ = from;
    // The sender has begun anew: of its former stream nothing more will come.
    abandon(state, step);
    if (is_older(chunk.snapshot, state)) {
      answer_older(chunk.stream, chunk.snapshot, state, step);
      return;
    }
    begin(from, chunk, state, step);
  }
  if (chunk.stream != stream_) {
    // Of the same sender it is a late one. Another's clock may be behind that of the sender before:
    // told of the larger number, it begins anew with one beyond.
    if (from == source_ && chunk.stream < stream_) return;
    source_ = from;
    step.effects.hit(Probe::StreamWithoutStage);
    return acknowledge(CopyOutcome::Corrupt, std::max(chunk.stream, stream_), state, step);
  }
  if (complete_) {
    if (!receiving_) acknowledge(CopyOutcome::Installed, stream_, state, step);
    return;
  }
  if (!receiving_) {
    // Its stage is gone.
    step.effects.hit(Probe::StreamWithoutStage);
    return acknowledge(CopyOutcome::Corrupt, stream_, state, step);
  }
  if (chunk.number < next_) return acknowledge(CopyOutcome::Receiving, stream_, state, step);
  if (chunk.number > next_) {
    step.effects.hit(Probe::ChunkOutOfOrder);
    // Further ahead no sender is, of whatever version.
    if (chunk.number - next_ < kChunksInFlightMax) early_.try_emplace(chunk.number, chunk);
    return;
  }
  if (!take(chunk, state, step)) return;
  while (!early_.empty() && early_.begin()->first <= next_ && !complete_) {
    const auto early = early_.extract(early_.begin());
    if (early.key() == next_ && !take(early.mapped(), state, step)) return;
  }
}

bool CopyReceiver::take(const message::CopyChunk& chunk, ReplicaState& state, ReplicaStep& step) {
  if (!has_room_for(*chunk.chunk, step)) {
    step.effects.hit(Probe::CopyRefusedByFullDisk);
    acknowledge(CopyOutcome::Full, stream_, state, step);
    abandon(state, step);
    return false;
  }
  if (step.fires(FaultPoint::ChunkRefused)) {
    acknowledge(CopyOutcome::Corrupt, stream_, state, step);
    return false;
  }
  const std::uint64_t digest = recomputed_digest(*chunk.chunk);
  const bool is_checked = step.config.rules.is_on(Rule::ChunksChecked);
  if (is_checked && (digest != chunk.chunk->digest || digest_ + digest != chunk.digest)) {
    step.effects.hit(Probe::ChunkDigestMismatch);
    acknowledge(CopyOutcome::Corrupt, stream_, state, step);
    return false;
  }
  digest_ += digest;
  items_ += chunk.chunk->items.size();
  next_ += 1;
  const StorePosition staged = step.store.stage(state.id, chunk.chunk, step.effects);
  step.effects.fact(fact::ChunkStaged{state.id, stream_, chunk.number, chunk.chunk->bytes});
  const Version number{Epoch(), LogIndex(chunk.number)};
  step.durability.push({staged, state.id, DurabilityWait::Kind::Chunk, number, stream_});
  if (chunk.chunk->last) install(chunk.snapshot, state, step);
  return true;
}

bool CopyReceiver::answer_older(std::uint64_t stream, Version snapshot, const ReplicaState& state,
                                ReplicaStep& step) {
  step.effects.hit(Probe::StreamOlderThanCopy);
  const Version applied = state.log.version_at(state.committed);
  // A tail that is not known to be committed may have been promised for, or be another history's:
  // a snapshot that is newer decides.
  if (snapshot > applied || snapshot.index > state.durable.index) {
    acknowledge(CopyOutcome::Outdated, stream, state, step);
    return false;
  }
  installed_ = applied;
  installed_digest_ = step.store.summary(state.id).digest;
  acknowledge(CopyOutcome::Installed, stream, state, step);
  return true;
}

bool CopyReceiver::is_as_sent(const ReplicaState& state, const ReplicaStep& step) const {
  const CopySummary staged = step.store.stage_summary(state.id);
  if (step.config.rules.is_on(Rule::DigestsNotCounts)) return staged.digest == digest_;
  return staged.documents + staged.tombstones == items_;
}

void CopyReceiver::install(Version snapshot, ReplicaState& state, ReplicaStep& step) {
  if (is_older(snapshot, state)) {
    // The log has gone on here while the stream came.
    abandon(state, step);
    complete_ = answer_older(stream_, snapshot, state, step);
    return;
  }
  if (!is_as_sent(state, step)) {
    acknowledge(CopyOutcome::Corrupt, stream_, state, step);
    abandon(state, step);
    return;
  }
  complete_ = true;
  const StorePosition installed =
      step.store.install_stage(state.id, state.epoch, snapshot, step.effects);
  installed_ = snapshot;
  installed_digest_ = step.store.summary(state.id).digest;
  state.rewritten = installed;
  state.log.reset(snapshot);
  state.committed = snapshot.index;
  state.durable = Version::zero();
  state.holds_copy = true;
  step.durability.push({installed, state.id, DurabilityWait::Kind::Install, snapshot, stream_});
}

void CopyReceiver::on_chunk_durable(const DurabilityWait& wait, const ReplicaState& state,
                                    ReplicaStep& step) {
  if (wait.stream != stream_ || !receiving_) return;
  durable_next_ = static_cast<std::uint32_t>(wait.version.index.value()) + 1;
  if (!complete_) acknowledge(CopyOutcome::Receiving, stream_, state, step);
}

bool CopyReceiver::on_install_durable(const DurabilityWait& wait, const ReplicaState& state,
                                      ReplicaStep& step) {
  if (wait.stream != stream_ || !receiving_) return false;
  receiving_ = false;
  acknowledge(CopyOutcome::Installed, stream_, state, step);
  return true;
}

void CopyReceiver::abandon(const ReplicaState& state, ReplicaStep& step) {
  if (receiving_ && !complete_) step.store.discard_stage(state.id, step.effects);
  receiving_ = false;
  complete_ = false;
  early_.clear();
}

}  // namespace shardproof
