// SPDX-License-Identifier: Apache-2.0
#include "core/storage_engine.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof {

using storage::CopySet;
using storage::DiskLane;
using storage::StoredCopy;
namespace record = storage::record;

namespace {

/// Operation numbers are the log's, the compaction's and the look's in turn.
constexpr std::uint64_t kLanes = 3;

}  // namespace

DocumentStore::DocumentStore(const Bounds& bounds, const StoreTuning& tuning, RuleSet rules,
                             NodeId owner)
    : bounds_(bounds),
      tuning_(tuning),
      rules_(rules),
      owner_(owner),
      copies_(rules),
      log_(DiskLane(0, kLanes, tuning.backoff), owner, rules.is_on(Rule::AckAfterSync)),
      compaction_(DiskLane(1, kLanes, tuning.backoff), owner, tuning.checkpoint_piece),
      look_(2, kLanes, tuning.backoff) {}

void DocumentStore::recover(const DiskImage& image, Effects& effects) {
  used_ = image.used;
  capacity_ = image.capacity;
  storage::Recovered recovered = storage::recover_copies(image, owner_, rules_);
  copies_ = std::move(recovered.copies);
  recovery_report_ = recovered.report;
  next_file_ = recovered.next_file.value;
  is_replacement_ = image.is_replacement;
  log_.resume(recovered.last, new_file());
  if (recovery_report_.bad_tails > 0) effects.hit(Probe::TornTailDropped);
  if (recovery_report_.foreign_files > 0) effects.hit(Probe::ForeignDiskFound);
  if (recovery_report_.bad_checkpoints > 0) effects.hit(Probe::UnfinishedCheckpointFound);
  if (recovery_report_.has_lost_data()) {
    effects.hit(Probe::DamagedLogGivenUp);
    copies_.reset();
    // Without the files that show the damage, what is left might look whole.
    reset_ = log_.append(storage::record::Reset{}, effects);
    damaged_.swap(recovered.useless);
  }
  compaction_.resume(std::move(recovered.needed), recovered.needed_size,
                     std::move(recovered.useless), effects);
  for (const ShardId shard : copies_.shards()) {
    const StoredCopy& found = copy(shard);
    effects.fact(
        fact::CopyRecovered{shard, found.applied, found.last(), found.content.summary().digest});
  }
  set_timer(effects);
}

const StoredCopy& DocumentStore::copy(ShardId shard) const {
  const StoredCopy* found = copies_.find(shard);
  SHARDPROOF_CHECK(found != nullptr, "no copy of {} is held", shard);
  return *found;
}

CopyState DocumentStore::state(ShardId shard) const {
  const StoredCopy& held = copy(shard);
  return {shard, held.applied, {held.tail.begin(), held.tail.end()}, held.content.summary()};
}

CopySummary DocumentStore::stage_summary(ShardId shard) const {
  const storage::ShardContent* stage = copies_.find_stage(shard);
  SHARDPROOF_CHECK(stage != nullptr, "no stage of {} is there", shard);
  return stage->summary();
}

StorePosition DocumentStore::create(ShardId shard, Effects& effects) {
  copies_.create(shard);
  return log_.append(record::Create{shard}, effects);
}

StorePosition DocumentStore::append(ShardId shard, const EntryRef& entry, LogIndex committed,
                                    Effects& effects) {
  copies_.append(shard, entry, committed);
  return log_.append(record::Entry{shard, std::min(committed, entry->index()), entry}, effects);
}

StorePosition DocumentStore::truncate_tail(ShardId shard, LogIndex last_kept, Effects& effects) {
  copies_.truncate(shard, last_kept);
  return log_.append(record::Truncate{shard, last_kept}, effects);
}

void DocumentStore::apply(ShardId shard, LogIndex committed, Effects& effects) {
  const StoredCopy& held = copy(shard);
  while (!held.tail.empty() && held.tail.front().index() <= committed) {
    effects.fact(fact::EntryApplied{shard, copies_.apply_next(shard)});
  }
}

StorePosition DocumentStore::drop(ShardId shard, Effects& effects) {
  copies_.drop(shard);
  // An install that becomes durable now is no copy any more.
  std::erase_if(installing_, [&](const Installing& it) { return it.installed.shard == shard; });
  return log_.append(record::Drop{shard}, effects);
}

void DocumentStore::begin_stage(ShardId shard, Effects& effects) {
  copies_.begin_stage(shard);
  log_.append(record::StageBegin{shard}, effects);
}

StorePosition DocumentStore::stage(ShardId shard, const ChunkRef& chunk, Effects& effects) {
  copies_.stage(shard, *chunk);
  return log_.append(record::StageChunk{shard, chunk}, effects);
}

StorePosition DocumentStore::install_stage(ShardId shard, Epoch epoch, Version applied,
                                           Effects& effects) {
  copies_.install(shard, applied);
  const CopySummary& summary = content(shard).summary();
  const StorePosition position = log_.append(record::Install{shard, applied}, effects);
  installing_.push_back({position, {shard, epoch, applied, summary.digest, summary.bytes}});
  return position;
}

void DocumentStore::discard_stage(ShardId shard, Effects& effects) {
  if (!has_stage(shard)) return;
  copies_.discard_stage(shard);
  log_.append(record::StageDiscard{shard}, effects);
}

void DocumentStore::on_disk_done(const DiskDone& done, Effects& effects) {
  used_ = done.used;
  capacity_ = done.capacity;
  const bool is_answer = done.outcome == DiskOutcome::Ok || done.outcome == DiskOutcome::Full;
  disk_answers_ += is_answer ? 1 : 0;
  if (log_.awaits(done.op)) {
    if (log_.on_done(done.outcome) == DiskLane::Progress::Done) {
      state_installs(effects);
      discard_damaged(effects);
      compact_if_due(effects);
      log_.flush(effects);
    }
  } else if (look_.awaits(done.op)) {
    if (look_.on_done(done.outcome) != DiskLane::Progress::Done) look_.give_up();
  } else {
    SHARDPROOF_CHECK(compaction_.awaits(done.op), "{} is not in flight", done.op);
    const bool was_writing = compaction_.is_writing();
    const bool was_full = !compaction_.on_done(done.outcome, effects);
    if (was_writing && was_full) effects.hit(Probe::CompactionGivenUp);
    compaction_paused_ = compaction_paused_ || (was_writing && was_full);
  }
  if (log_.lane().pause() || compaction_.lane().pause()) set_timer(effects);
}

void DocumentStore::state_installs(Effects& effects) {
  while (!installing_.empty() && installing_.front().position <= durable()) {
    effects.fact(installing_.front().installed);
    installing_.pop_front();
  }
}

void DocumentStore::discard_damaged(Effects& effects) {
  if (damaged_.empty() || durable() < reset_) return;
  compaction_.discard(std::exchange(damaged_, {}), effects);
}

void DocumentStore::on_timer(Effects& effects) {
  compaction_paused_ = false;
  log_.retry(effects);
  compaction_.retry(effects);
  compact_if_due(effects);
  const bool is_quiet = log_.lane().is_idle() && compaction_.lane().is_idle() && look_.is_idle();
  if (is_quiet) look_.sync(log_.segment(), effects);
  set_timer(effects);
}

void DocumentStore::set_timer(Effects& effects) const {
  Nanoseconds delay = kDiskIdleMax;
  delay = std::min(delay, log_.lane().pause().value_or(delay));
  delay = std::min(delay, compaction_.lane().pause().value_or(delay));
  effects.set_timer(TimerKind::Store, delay);
}

void DocumentStore::compact_if_due(Effects& effects) {
  if (!is_compaction_due()) return;
  effects.hit(Probe::CompactionBegun);
  compaction_wanted_ = false;
  const FileId closed = log_.segment();
  const Bytes closed_size = log_.segment_size();
  const FileId checkpoint = new_file();
  log_.rotate(new_file());
  compaction_.start(copies_, log_.last(), checkpoint, closed, closed_size, effects);
}

bool DocumentStore::is_crowded() const {
  return capacity_ != Bytes(0) && used_.count() > bounds_.disk_high_watermark.of(capacity_.count());
}

bool DocumentStore::is_compaction_due() const {
  if (compaction_.is_writing() || compaction_paused_) return false;
  if (!log_.lane().is_idle() || log_.segment_size() == Bytes(0)) return false;
  const Bytes size = compaction_.needed_size() + log_.segment_size();
  const Bytes content = copies_.footprint();
  const Bytes size_max = is_crowded()
                             ? content + content / 4 + tuning_.checkpoint_piece
                             : content * bounds_.log_garbage_factor + bounds_.compaction_min;
  return (size > size_max || compaction_wanted_) &&
         disk_free() >= content + tuning_.checkpoint_piece;
}

Bytes DocumentStore::disk_free() const {
  if (capacity_ == Bytes(0)) return Bytes::max();
  return disk_used() < capacity_ ? capacity_ - disk_used() : Bytes(0);
}

std::vector<FileId> DocumentStore::files() const {
  std::vector<FileId> files = compaction_.files();
  files.push_back(log_.segment());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace shardproof
