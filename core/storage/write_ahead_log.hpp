// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/storage/disk_lane.hpp"
#include "core/storage/record.hpp"

namespace shardproof::storage {

/// The log that all copies of a node share: records numbered from 1 without gaps, in one file (a
/// segment) after the other. Group commit: while one append is in flight, further records gather in
/// a buffer and go together when it has ended. A batch of unknown outcome is written again behind
/// itself; records that come twice are known by their numbers.
class WriteAheadLog {
 public:
  /// Of that node. Without `syncs`, records count as durable once they are written.
  WriteAheadLog(DiskLane lane, NodeId writer, bool syncs)
      : lane_(std::move(lane)), writer_(writer), syncs_(syncs) {}

  /// Continues behind `last`, in a file that does not exist. Once, before the first append.
  void resume(StorePosition last, FileId segment);

  /// On disk when `durable` has reached the position returned.
  StorePosition append(const Record& record, Effects& effects);
  /// Issues what has gathered, unless something is in flight.
  void flush(Effects& effects);
  /// Lets records that are not issued yet, and later ones, go to this new file. The log must be
  /// idle.
  void rotate(FileId segment);

  bool awaits(DiskOpId op) const { return lane_.awaits(op); }
  DiskLane::Progress on_done(DiskOutcome outcome);
  const DiskLane& lane() const { return lane_; }
  void retry(Effects& effects) { lane_.retry(effects); }

  StorePosition last() const { return last_; }
  StorePosition durable() const { return durable_; }
  FileId segment() const { return segment_; }
  /// Written to the present segment.
  Bytes segment_size() const { return segment_size_; }
  /// Not yet on disk.
  Bytes unwritten() const { return issued_size_ + gathered_size_; }

 private:
  DiskLane lane_;
  NodeId writer_;
  bool syncs_;
  FileId segment_;
  Bytes segment_size_;
  std::string gathered_;
  Bytes gathered_size_;
  Bytes issued_size_;
  StorePosition issued_;
  StorePosition last_;
  StorePosition durable_;
};

}  // namespace shardproof::storage
