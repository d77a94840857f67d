// SPDX-License-Identifier: Apache-2.0
#include "core/storage/copy_set.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::storage {

namespace {

constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();

/// Does what a record says if it fits to what is held; one call operator for each type.
class Replayer {
 public:
  explicit Replayer(CopySet& copies) : copies_(copies) {}

  bool operator()(const record::Create& create) {
    if (create.shard.is_none() || copies_.find(create.shard) != nullptr) return false;
    copies_.create(create.shard);
    return true;
  }
  bool operator()(const record::Entry& entry) {
    const StoredCopy* copy = copies_.find(entry.shard);
    if (copy == nullptr || entry.entry->index() != copy->last().index.next()) return false;
    copies_.append(entry.shard, entry.entry, entry.committed);
    return true;
  }
  bool operator()(const record::Truncate& truncate) {
    const StoredCopy* copy = copies_.find(truncate.shard);
    if (copy == nullptr || truncate.last_kept < copy->applied.index) return false;
    copies_.truncate(truncate.shard, truncate.last_kept);
    return true;
  }
  bool operator()(const record::Drop& drop) {
    if (copies_.find(drop.shard) == nullptr) return false;
    copies_.drop(drop.shard);
    return true;
  }
  bool operator()(const record::StageBegin& begin) {
    if (begin.shard.is_none()) return false;
    copies_.begin_stage(begin.shard);
    return true;
  }
  bool operator()(const record::StageChunk& stage) {
    if (copies_.find_stage(stage.shard) == nullptr) return false;
    copies_.stage(stage.shard, *stage.chunk);
    return true;
  }
  bool operator()(const record::StageDiscard& discard) {
    if (copies_.find_stage(discard.shard) == nullptr) return false;
    copies_.discard_stage(discard.shard);
    return true;
  }
  bool operator()(const record::Install& install) {
    if (copies_.find_stage(install.shard) == nullptr) return false;
    copies_.install(install.shard, install.applied);
    return true;
  }
  bool operator()(const record::Reset&) {
    copies_.reset();
    return true;
  }
  bool operator()(const record::CheckpointBegin&) { return false; }
  bool operator()(const record::CheckpointEnd&) { return false; }

 private:
  CopySet& copies_;
};

}  // namespace

const CopySet::Held* CopySet::find_held(ShardId shard) const {
  if (shard.value() >= places_.size()) return nullptr;
  const std::uint32_t place = places_[shard.value()];
  return place == kNowhere ? nullptr : &held_[place];
}

CopySet::Held& CopySet::held(ShardId shard) {
  SHARDPROOF_CHECK(shard.has_value());
  if (shard.value() >= places_.size()) places_.resize(shard.value() + std::size_t{1}, kNowhere);
  std::uint32_t& place = places_[shard.value()];
  if (place == kNowhere) {
    place = static_cast<std::uint32_t>(held_.size());
    held_.emplace_back();
  }
  return held_[place];
}

StoredCopy& CopySet::copy(ShardId shard) {
  std::optional<StoredCopy>& copy = held(shard).copy;
  SHARDPROOF_CHECK(copy.has_value(), "no copy of {} is held", shard);
  return *copy;
}

const StoredCopy* CopySet::find(ShardId shard) const {
  const Held* held = find_held(shard);
  return held != nullptr && held->copy ? &*held->copy : nullptr;
}

const ShardContent* CopySet::find_stage(ShardId shard) const {
  const Held* held = find_held(shard);
  return held != nullptr && held->stage ? &*held->stage : nullptr;
}

std::vector<ShardId> CopySet::shards() const {
  std::vector<ShardId> shards;
  for (std::uint32_t value = 0; value < places_.size(); ++value) {
    if (find(ShardId(value)) != nullptr) shards.emplace_back(value);
  }
  return shards;
}

std::vector<ShardId> CopySet::staged_shards() const {
  std::vector<ShardId> shards;
  for (std::uint32_t value = 0; value < places_.size(); ++value) {
    if (find_stage(ShardId(value)) != nullptr) shards.emplace_back(value);
  }
  return shards;
}

void CopySet::create(ShardId shard) {
  std::optional<StoredCopy>& copy = held(shard).copy;
  SHARDPROOF_CHECK(!copy.has_value(), "a copy of {} is held already", shard);
  copy.emplace();
}

void CopySet::append(ShardId shard, const EntryRef& entry, LogIndex committed) {
  StoredCopy& target = copy(shard);
  SHARDPROOF_CHECK(entry->index() == target.last().index.next(), "{}: {} does not follow {}", shard,
                   entry->index(), target.last().index);
  target.tail.push_back(entry);
  target.committed = std::max(target.committed, std::min(committed, entry->index()));
}

void CopySet::truncate(ShardId shard, LogIndex last_kept) {
  StoredCopy& target = copy(shard);
  SHARDPROOF_CHECK(last_kept >= target.applied.index, "{}: {} is applied, not cut off behind {}",
                   shard, target.applied.index, last_kept);
  while (!target.tail.empty() && target.tail.back().index() > last_kept) target.tail.pop_back();
  target.committed = std::min(target.committed, last_kept);
}

EntryRef CopySet::apply_next(ShardId shard) {
  StoredCopy& target = copy(shard);
  EntryRef entry = target.tail.pop_front();
  footprint_ -= target.content.footprint();
  target.content.apply(*entry, rules_);
  footprint_ += target.content.footprint();
  target.applied = entry->version;
  target.committed = std::max(target.committed, target.applied.index);
  return entry;
}

void CopySet::drop(ShardId shard) {
  footprint_ -= copy(shard).content.footprint();
  held(shard).copy.reset();
}

void CopySet::begin_stage(ShardId shard) {
  discard_stage(shard);
  held(shard).stage.emplace();
}

void CopySet::stage(ShardId shard, const Chunk& chunk) {
  std::optional<ShardContent>& stage = held(shard).stage;
  SHARDPROOF_CHECK(stage.has_value(), "no stage of {} is there", shard);
  footprint_ -= stage->footprint();
  stage->merge(chunk, rules_);
  footprint_ += stage->footprint();
}

void CopySet::discard_stage(ShardId shard) {
  if (find_stage(shard) == nullptr) return;
  std::optional<ShardContent>& stage = held(shard).stage;
  footprint_ -= stage->footprint();
  stage.reset();
}

void CopySet::install(ShardId shard, Version applied) {
  Held& target = held(shard);
  SHARDPROOF_CHECK(target.stage.has_value(), "no stage of {} is there", shard);
  if (target.copy) footprint_ -= target.copy->content.footprint();
  target.copy.emplace();
  target.copy->content = std::move(*target.stage);
  target.copy->applied = applied;
  target.copy->committed = applied.index;
  target.stage.reset();
}

void CopySet::reset() {
  places_.clear();
  held_.clear();
  footprint_ = Bytes(0);
  has_lost_data_ = true;
}

bool CopySet::replay(const Record& record) { return std::visit(Replayer(*this), record); }

}  // namespace shardproof::storage
