// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>

#include "core/config.hpp"
#include "core/storage/compaction.hpp"
#include "core/storage/recovery.hpp"
#include "core/storage/write_ahead_log.hpp"
#include "core/store.hpp"

namespace shardproof {

/// What a document store may be tuned by, beyond the protocol's bounds.
struct StoreTuning {
  /// A checkpoint is written in operations of about this size.
  Bytes checkpoint_piece = Bytes(256 * 1024);
  storage::Backoff backoff;
};

/// A store of real documents: one checksummed log for all copies of the node, replaced by a
/// checkpoint when it has become `Bounds::log_garbage_factor` times as large as what it holds and
/// `Bounds::compaction_min` on top, or
/// earlier when the disk is filled beyond its high watermark. Recovered by scanning.
///
/// What holds at every moment, whatever the disk has done of the operations in flight:
///  1. The newest complete checkpoint (if any) and the segments behind it hold the log without a
///  gap up
///     to at least `durable()`.
///  2. At a checkpoint's start the log goes on in a new file of a higher number than the
///  checkpoint's.
///     So files of lower numbers hold nothing that the checkpoint does not cover.
///  3. A file is removed only if it is not needed for 1.
///  4. After a recovery nothing is appended to a file that was there before.
///  5. What another node has written, whose disk this was, counts for nothing and is removed.
///
/// Copying shares the documents and yields an independent store.
class DocumentStore : public Store {
 public:
  /// `owner`: the node whose store it is; what it writes says so.
  explicit DocumentStore(const Bounds& bounds = {}, const StoreTuning& tuning = {},
                         RuleSet rules = {}, NodeId owner = NodeId(0));

  void recover(const DiskImage& image, Effects& effects) override;

  std::vector<ShardId> copies() const override { return copies_.shards(); }
  bool holds(ShardId shard) const override { return copies_.find(shard) != nullptr; }
  CopyState state(ShardId shard) const override;
  CopySummary summary(ShardId shard) const override { return content(shard).summary(); }

  StorePosition create(ShardId shard, Effects& effects) override;
  StorePosition append(ShardId shard, const EntryRef& entry, LogIndex committed,
                       Effects& effects) override;
  StorePosition truncate_tail(ShardId shard, LogIndex last_kept, Effects& effects) override;
  void apply(ShardId shard, LogIndex committed, Effects& effects) override;
  StorePosition drop(ShardId shard, Effects& effects) override;

  void begin_stage(ShardId shard, Effects& effects) override;
  StorePosition stage(ShardId shard, const ChunkRef& chunk, Effects& effects) override;
  bool has_stage(ShardId shard) const override { return copies_.find_stage(shard) != nullptr; }
  CopySummary stage_summary(ShardId shard) const override;
  StorePosition install_stage(ShardId shard, Epoch epoch, Version applied,
                              Effects& effects) override;
  void discard_stage(ShardId shard, Effects& effects) override;

  VersionedDocument get(ShardId shard, std::string_view key) const override {
    return content(shard).get(key);
  }
  std::optional<SessionRecord> find_session(ShardId shard, ClientId client) const override {
    return content(shard).find_session(client);
  }
  std::vector<VersionedDocument> scan(ShardId shard) const override {
    return content(shard).scan();
  }
  ChunkRef read_chunk(ShardId shard, ChunkCursor& cursor, Bytes max) const override {
    return content(shard).read_chunk(cursor, max);
  }

  StorePosition durable() const override { return log_.durable(); }
  void on_disk_done(const DiskDone& done, Effects& effects) override;
  void on_timer(Effects& effects) override;
  std::uint64_t disk_answers() const override { return disk_answers_; }
  bool has_lost_data() const override { return is_replacement_ || copies_.has_lost_data(); }
  void compact_soon() override { compaction_wanted_ = true; }

  Bytes disk_used() const override { return used_ + log_.unwritten(); }
  Bytes disk_free() const override;
  std::vector<FileId> files() const override;

  /// What the last recovery came across.
  const storage::RecoveryReport& recovery_report() const { return recovery_report_; }
  /// The summary computed anew from the documents, for audits: equal to `summary` or the store is
  /// broken. O(documents). The shard must be held.
  CopySummary recount(ShardId shard) const { return content(shard).recount(); }
  /// The log's last append has failed, and is to be repeated.
  bool is_stalled() const { return log_.lane().is_failing(); }
  /// A checkpoint is being written.
  bool is_compacting() const { return compaction_.is_writing(); }

 private:
  /// An installed copy whose record is not durable yet.
  struct Installing {
    StorePosition position;
    fact::CopyInstalled installed;
  };

  const storage::StoredCopy& copy(ShardId shard) const;
  const storage::ShardContent& content(ShardId shard) const { return copy(shard).content; }
  FileId new_file() { return FileId{next_file_++}; }

  void state_installs(Effects& effects);
  void discard_damaged(Effects& effects);
  void compact_if_due(Effects& effects);
  bool is_compaction_due() const;
  /// Whether the disk was filled beyond its high watermark when it was last heard of.
  bool is_crowded() const;
  void set_timer(Effects& effects) const;

  Bounds bounds_;
  StoreTuning tuning_;
  RuleSet rules_;
  NodeId owner_;
  storage::CopySet copies_;
  storage::WriteAheadLog log_;
  storage::Compaction compaction_;
  /// A disk says how full it is only at the end of an operation, others may fill and empty it while
  /// nothing is written here, and it may stand still: without a look now and then nobody would
  /// learn of it.
  storage::DiskLane look_;
  std::uint64_t disk_answers_ = 0;
  std::deque<Installing> installing_;
  /// Files of a log that was found damaged, until it is on disk that nothing of it counts.
  std::vector<FileId> damaged_;
  StorePosition reset_;
  /// The last compaction met a full disk: no further one before the timer.
  bool compaction_paused_ = false;
  /// Somebody wants the log compacted, however little garbage there is.
  bool compaction_wanted_ = false;
  bool is_replacement_ = false;
  std::uint64_t next_file_ = 0;
  Bytes used_;
  Bytes capacity_;
  storage::RecoveryReport recovery_report_;
};

}  // namespace shardproof
