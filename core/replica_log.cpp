// SPDX-License-Identifier: Apache-2.0
#include "core/replica_log.hpp"

#include "core/base/check.hpp"

namespace shardproof {

const EntryRef& ReplicaLog::at(LogIndex index) const {
  SHARDPROOF_CHECK(contains(index), "{} is not in {}..{}", index, base_, last());
  return entries_[trimmed_ + index.value() - base_.index.value() - 1];
}

Version ReplicaLog::version_at(LogIndex index) const {
  return index == base_.index ? base_ : at(index)->version;
}

void ReplicaLog::reset(Version base) {
  base_ = base;
  entries_.clear();
  trimmed_ = 0;
}

void ReplicaLog::push(EntryRef entry) {
  SHARDPROOF_CHECK(entry->index() == last().index.next(), "{} behind {}", entry->version, last());
  SHARDPROOF_CHECK(entry->epoch() >= last().epoch, "{} behind {}", entry->version, last());
  entries_.push_back(std::move(entry));
}

void ReplicaLog::truncate_after(LogIndex index) {
  SHARDPROOF_CHECK(index >= base_.index, "{} is before the base {}", index, base_);
  if (index >= last().index) return;
  entries_.resize(trimmed_ + index.value() - base_.index.value());
}

void ReplicaLog::trim_to(LogIndex index) {
  if (index <= base_.index) return;
  const Version base = version_at(index);
  const std::size_t count = index.value() - base_.index.value();
  for (std::size_t i = 0; i < count; ++i) entries_[trimmed_ + i].reset();
  trimmed_ += count;
  base_ = base;
  if (trimmed_ * 2 > entries_.size()) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(trimmed_));
    trimmed_ = 0;
  }
}

}  // namespace shardproof
