// SPDX-License-Identifier: Apache-2.0
#include "core/storage/checkpoint.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof::storage {

CheckpointEncoder::CheckpointEncoder(RecordHome home, CopySet copies, StorePosition covered)
    : home_(home), copies_(std::move(copies)), covered_(covered) {
  for (const ShardId shard : copies_.shards()) parts_.push_back({shard, false});
  for (const ShardId shard : copies_.staged_shards()) parts_.push_back({shard, true});
}

Bytes CheckpointEncoder::next_piece(std::string& buffer, Bytes max) {
  SHARDPROOF_CHECK(!finished_);
  piece_size_ = Bytes(0);
  if (number_ == 0) {
    write(buffer, record::CheckpointBegin{covered_});
    if (copies_.has_lost_data()) write(buffer, record::Reset{});
  }
  do {
    advance(buffer, max);
  } while (!finished_ && piece_size_ < max);
  return piece_size_;
}

void CheckpointEncoder::advance(std::string& buffer, Bytes max) {
  if (parts_.empty()) {
    write(buffer, record::CheckpointEnd{checksum_});
    finished_ = true;
    return;
  }
  const Part part = parts_.front();
  switch (step_) {
    case Step::Begin:
      write(buffer, record::StageBegin{part.shard});
      step_ = Step::Content;
      break;
    case Step::Content: write_content(part, buffer, max); break;
    case Step::Tail: write_entry(part, buffer); break;
  }
}

void CheckpointEncoder::write_content(const Part& part, std::string& buffer, Bytes max) {
  const ShardContent& content =
      part.is_stage ? *copies_.find_stage(part.shard) : copies_.find(part.shard)->content;
  const ChunkRef chunk = content.read_chunk(cursor_, max);
  write(buffer, record::StageChunk{part.shard, chunk});
  if (!chunk->last) return;
  if (part.is_stage) {
    finish_part();
  } else {
    write(buffer, record::Install{part.shard, copies_.find(part.shard)->applied});
    step_ = Step::Tail;
  }
}

void CheckpointEncoder::write_entry(const Part& part, std::string& buffer) {
  const StoredCopy& copy = *copies_.find(part.shard);
  if (entries_written_ == copy.tail.size()) {
    finish_part();
    return;
  }
  const EntryRef& entry = copy.tail.begin()[entries_written_++];
  write(buffer, record::Entry{part.shard, std::min(copy.committed, entry->index()), entry});
}

void CheckpointEncoder::finish_part() {
  parts_.pop_front();
  step_ = Step::Begin;
  cursor_ = 0;
  entries_written_ = 0;
}

void CheckpointEncoder::write(std::string& buffer, const Record& record) {
  const std::size_t begin = buffer.size();
  piece_size_ += append_record(buffer, home_, ++number_, record);
  checksum_ = combine64(checksum_, record_checksum(std::string_view(buffer).substr(begin)));
}

bool begins_anew(RecordHome home, std::string_view data) {
  const std::optional<RawRecord> first = RecordScanner(home, data).next();
  return first && first->is<record::Reset>();
}

bool is_checkpoint(RecordHome home, std::string_view data) {
  const std::optional<RawRecord> first = RecordScanner(home, data).next();
  return first && first->is<record::CheckpointBegin>();
}

namespace {

/// The records of a file by their numbers from 1, each once; nothing when the next one is missing.
class NumberedRecords {
 public:
  NumberedRecords(RecordHome home, std::string_view data) : scanner_(home, data) {}

  std::optional<Record> next() {
    while (const std::optional<RawRecord> raw = scanner_.next()) {
      if (raw->number <= number_) continue;
      if (raw->number != number_ + 1) return std::nullopt;
      ++number_;
      checksum_before_ = checksum_;
      checksum_ = combine64(checksum_, raw->checksum);
      return decode(*raw);
    }
    return std::nullopt;
  }
  /// Folded over the records before the last one.
  std::uint64_t checksum_before() const { return checksum_before_; }

 private:
  RecordScanner scanner_;
  std::uint64_t number_ = 0;
  std::uint64_t checksum_ = 0;
  std::uint64_t checksum_before_ = 0;
};

}  // namespace

std::optional<Checkpoint> read_checkpoint(RecordHome home, std::string_view data) {
  NumberedRecords records(home, data);
  const std::optional<Record> first = records.next();
  if (!first || !std::holds_alternative<record::CheckpointBegin>(*first)) return std::nullopt;
  Checkpoint checkpoint;
  checkpoint.covered = std::get<record::CheckpointBegin>(*first).covered;
  while (const std::optional<Record> record = records.next()) {
    if (const auto* end = std::get_if<record::CheckpointEnd>(&*record)) {
      if (end->checksum != records.checksum_before()) return std::nullopt;
      return checkpoint;
    }
    if (!checkpoint.copies.replay(*record)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace shardproof::storage
