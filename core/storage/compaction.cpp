// SPDX-License-Identifier: Apache-2.0
#include "core/storage/compaction.hpp"

#include <utility>

#include "core/base/check.hpp"

namespace shardproof::storage {

void Compaction::resume(std::vector<FileId> needed, Bytes needed_size, std::vector<FileId> useless,
                        Effects& effects) {
  needed_ = std::move(needed);
  needed_size_ = needed_size;
  useless_ = std::move(useless);
  work(effects);
}

void Compaction::discard(const std::vector<FileId>& useless, Effects& effects) {
  useless_.insert(useless_.end(), useless.begin(), useless.end());
  work(effects);
}

void Compaction::start(CopySet copies, StorePosition covered, FileId file, FileId closed,
                       Bytes closed_size, Effects& effects) {
  SHARDPROOF_CHECK(!is_writing());
  needed_.push_back(closed);
  needed_size_ += closed_size;
  encoder_.emplace(RecordHome{file, writer_}, std::move(copies), covered);
  file_ = file;
  written_ = Bytes(0);
  work(effects);
}

bool Compaction::on_done(DiskOutcome outcome, Effects& effects) {
  const DiskLane::Progress progress = lane_.on_done(outcome);
  const bool was_append = lane_.operation().kind == DiskOpKind::Append;
  if (progress == DiskLane::Progress::Failed) return true;
  if (progress == DiskLane::Progress::Full && !was_append) return true;
  if (progress == DiskLane::Progress::Full) {
    abandon();
  } else if (was_append) {
    written_ += lane_.operation().size;
    if (encoder_->is_finished()) complete();
  }
  work(effects);
  return progress == DiskLane::Progress::Done;
}

void Compaction::work(Effects& effects) {
  if (!lane_.is_idle()) return;
  if (!useless_.empty()) {
    lane_.remove(useless_.back(), effects);
    useless_.pop_back();
  } else if (is_writing()) {
    write_piece(effects);
  }
}

void Compaction::write_piece(Effects& effects) {
  const Bytes size = encoder_->next_piece(buffer_, piece_size_);
  lane_.append(file_, buffer_, size, encoder_->is_finished(), effects);
}

void Compaction::complete() {
  useless_.swap(needed_);
  needed_.assign(1, file_);
  needed_size_ = written_;
  encoder_.reset();
}

void Compaction::abandon() {
  lane_.give_up();
  useless_.push_back(file_);
  encoder_.reset();
}

std::vector<FileId> Compaction::files() const {
  std::vector<FileId> files = needed_;
  if (is_writing()) files.push_back(file_);
  return files;
}

}  // namespace shardproof::storage
