// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "core/storage/copy_set.hpp"

namespace shardproof::storage {

/// Writes the state of all copies as of one position of the log as a sequence of records: what a
/// log would hold that led to this state and nothing else, between CheckpointBegin and
/// CheckpointEnd. Works on a snapshot (documents are shared, immutable), so the store goes on
/// meanwhile.
class CheckpointEncoder {
 public:
  /// O(keys), without copying a document.
  CheckpointEncoder(RecordHome home, CopySet copies, StorePosition covered);

  /// Appends the next records, of at least one and about `max`, to `buffer`; the last piece ends
  /// with CheckpointEnd. Returns what they cost on disk. Must not be finished.
  Bytes next_piece(std::string& buffer, Bytes max);
  bool is_finished() const { return finished_; }

 private:
  /// One copy or stage of the snapshot.
  struct Part {
    ShardId shard;
    bool is_stage = false;
  };
  enum class Step : std::uint8_t { Begin, Content, Tail };

  void advance(std::string& buffer, Bytes max);
  void write_content(const Part& part, std::string& buffer, Bytes max);
  void write_entry(const Part& part, std::string& buffer);
  void finish_part();
  void write(std::string& buffer, const Record& record);

  RecordHome home_;
  CopySet copies_;
  StorePosition covered_;
  /// What is not written completely: copies before stages, ascending. The step is the first one's.
  std::deque<Part> parts_;
  Step step_ = Step::Begin;
  ChunkCursor cursor_ = 0;
  std::size_t entries_written_ = 0;
  bool finished_ = false;
  std::uint64_t number_ = 0;
  std::uint64_t checksum_ = 0;
  Bytes piece_size_;
};

/// What a complete checkpoint restores.
struct Checkpoint {
  StorePosition covered;
  CopySet copies;
};

/// Whether the file is meant to be a checkpoint, complete or not. A file that lost its first record
/// is none.
bool is_checkpoint(RecordHome home, std::string_view data);
/// Whether the file is a segment of the log that says itself that nothing before it counts.
bool begins_anew(RecordHome home, std::string_view data);
/// The checkpoint in the file, or nothing if it is none, not complete or damaged anywhere.
std::optional<Checkpoint> read_checkpoint(RecordHome home, std::string_view data);

}  // namespace shardproof::storage
