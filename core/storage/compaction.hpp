// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/storage/checkpoint.hpp"
#include "core/storage/disk_lane.hpp"

namespace shardproof::storage {

/// Replaces the files of the log by a checkpoint, one bounded disk operation after the other, and
/// only when that is complete and synced removes them. Keeps the list of files that recovery needs,
/// but for the segment being written.
class Compaction {
 public:
  Compaction(DiskLane lane, NodeId writer, Bytes piece_size)
      : lane_(std::move(lane)), writer_(writer), piece_size_(piece_size) {}

  /// What recovery found: the files needed, what they occupy, and files to remove.
  void resume(std::vector<FileId> needed, Bytes needed_size, std::vector<FileId> useless,
              Effects& effects);

  bool is_writing() const { return encoder_.has_value(); }
  /// Begins to write `copies`, the state as of `covered`, to the new `file`. `closed` is the log's
  /// segment up to now, in which nothing is written any more. Nothing may be being written.
  void start(CopySet copies, StorePosition covered, FileId file, FileId closed, Bytes closed_size,
             Effects& effects);

  bool awaits(DiskOpId op) const { return lane_.awaits(op); }
  /// Removes further files that nobody needs.
  void discard(const std::vector<FileId>& useless, Effects& effects);
  /// Goes on. A full disk ends the attempt: what was written is removed. False then.
  bool on_done(DiskOutcome outcome, Effects& effects);
  const DiskLane& lane() const { return lane_; }
  void retry(Effects& effects) { lane_.retry(effects); }

  /// What the needed files occupy.
  Bytes needed_size() const { return needed_size_; }
  /// What is needed, and the checkpoint that is being written.
  std::vector<FileId> files() const;

 private:
  void work(Effects& effects);
  void write_piece(Effects& effects);
  void complete();
  void abandon();

  DiskLane lane_;
  NodeId writer_;
  Bytes piece_size_;
  std::vector<FileId> needed_;
  Bytes needed_size_;
  std::vector<FileId> useless_;

  std::optional<CheckpointEncoder> encoder_;
  FileId file_;
  Bytes written_;
  std::string buffer_;
};

}  // namespace shardproof::storage
