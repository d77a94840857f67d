// SPDX-License-Identifier: Apache-2.0
#include "core/storage/disk_lane.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::storage {

void DiskLane::append(FileId file, std::string& data, Bytes size, bool sync, Effects& effects) {
  SHARDPROOF_CHECK(is_idle());
  operation_.data.swap(data);
  data.clear();
  operation_.kind = DiskOpKind::Append;
  operation_.file = file;
  operation_.size = size;
  operation_.sync = sync;
  issue(effects);
}

void DiskLane::remove(FileId file, Effects& effects) {
  issue_bare(DiskOpKind::Remove, file, effects);
}

void DiskLane::sync(FileId file, Effects& effects) { issue_bare(DiskOpKind::Sync, file, effects); }

void DiskLane::issue_bare(DiskOpKind kind, FileId file, Effects& effects) {
  SHARDPROOF_CHECK(is_idle());
  operation_.data.clear();
  operation_.kind = kind;
  operation_.file = file;
  operation_.size = Bytes(0);
  operation_.sync = false;
  issue(effects);
}

void DiskLane::issue(Effects& effects) {
  operation_.id = DiskOpId(next_);
  next_ += step_;
  state_ = State::InFlight;
  effects.disk(operation_);
}

DiskLane::Progress DiskLane::on_done(DiskOutcome outcome) {
  SHARDPROOF_CHECK(state_ == State::InFlight);
  if (outcome == DiskOutcome::Ok) {
    state_ = State::Idle;
    failures_ = 0;
    return Progress::Done;
  }
  state_ = State::Waiting;
  ++failures_;
  return outcome == DiskOutcome::Full ? Progress::Full : Progress::Failed;
}

std::optional<Nanoseconds> DiskLane::pause() const {
  if (state_ != State::Waiting) return std::nullopt;
  Nanoseconds pause = backoff_.first;
  for (std::uint32_t i = 1; i < failures_ && pause < backoff_.max; ++i) pause += pause;
  return std::min(pause, backoff_.max);
}

void DiskLane::retry(Effects& effects) {
  if (state_ != State::Waiting) return;
  effects.hit(Probe::DiskOperationRepeated);
  issue(effects);
}

void DiskLane::give_up() {
  SHARDPROOF_CHECK(state_ == State::Waiting);
  state_ = State::Idle;
  failures_ = 0;
}

}  // namespace shardproof::storage
