// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/chunk.hpp"
#include "core/ports.hpp"

namespace shardproof {

/// How far a store's own write-ahead log has come: appended records are numbered from 1 in order.
struct StorePosition {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(StorePosition, StorePosition) = default;
};

/// Where a copy stream stands; 0 is the beginning. Stays valid while writes are applied.
using ChunkCursor = std::uint64_t;

/// Counters of one shard's applied content. `bytes` is the `stored_size` of everything, tombstones
/// too. `digest` is the sum (mod 2^64) of `document_digest` over
/// live documents and tombstones: independent of order, equal iff the contents are (but for hash
/// collisions).
struct CopySummary {
  std::uint64_t documents = 0;
  std::uint64_t tombstones = 0;
  Bytes bytes;
  std::uint64_t digest = 0;
};

/// What a store holds of one shard.
struct CopyState {
  ShardId shard;
  /// The last entry applied to the content; everything up to it was committed.
  Version applied;
  /// Entries appended beyond `applied`, in order of index, without gaps.
  std::vector<EntryRef> tail;
  CopySummary summary;
};

/// A node's storage: every shard copy it has, on its disk. One writer, asynchronous: mutations are
/// visible in memory at once and durable when `durable()` has reached the position they returned.
/// A `create`d or `install`ed copy exists after a restart if and only if its record was durable.
///
/// Failed disk operations are retried by the store itself, so `durable()` stalls rather than skips.
/// The disk is asked for something at least once a second, so that `disk_answers()` tells whether
/// it does anything at all.
///
/// The store states three kinds of facts: CopyRecovered for each copy that a recovery finds,
/// EntryApplied for each entry that `apply` applies (not for those that recovery does),
/// CopyInstalled when the record of an `install_stage` has become durable, unless the copy was
/// dropped before (after a crash in between, CopyRecovered says whether it had). All other facts
/// are its caller's.
class Store {
 public:
  virtual ~Store() = default;

  /// Rebuilds everything from what the disk kept; called once, before anything else. Records behind
  /// the first torn one of the log are dropped, and so are stages; if durable ones are damaged,
  /// everything is. What was found is durable:
  /// `durable()` starts there. O(size of the image).
  virtual void recover(const DiskImage& image, Effects& effects) = 0;

  /// The shards with a copy, ascending. Staged copies do not count.
  virtual std::vector<ShardId> copies() const = 0;
  virtual bool holds(ShardId shard) const = 0;
  /// O(tail). The shard must be held.
  virtual CopyState state(ShardId shard) const = 0;
  /// O(1). The shard must be held.
  virtual CopySummary summary(ShardId shard) const = 0;

  /// A new, empty copy. The shard must not be held.
  virtual StorePosition create(ShardId shard, Effects& effects) = 0;
  /// Appends to the shard's log; the index must be the successor of the last one (or of the applied
  /// one). `committed` is the leader's commit index as known now; it is stored along, as a hint for
  /// recovery of how far entries may be applied.
  virtual StorePosition append(ShardId shard, const EntryRef& entry, LogIndex committed,
                               Effects& effects) = 0;
  /// Drops the entries of the tail behind `last_kept`.
  virtual StorePosition truncate_tail(ShardId shard, LogIndex last_kept, Effects& effects) = 0;
  /// Applies tail entries up to and including `committed` to the content. Memory only: recovery
  /// repeats it. A mutation whose version is not newer than the stored one changes nothing.
  virtual void apply(ShardId shard, LogIndex committed, Effects& effects) = 0;
  /// Deletes the copy and its log. A stage stays.
  virtual StorePosition drop(ShardId shard, Effects& effects) = 0;

  /// Starts receiving a copy beside the present one (if any), discarding an earlier stage.
  virtual void begin_stage(ShardId shard, Effects& effects) = 0;
  virtual StorePosition stage(ShardId shard, const ChunkRef& chunk, Effects& effects) = 0;
  virtual bool has_stage(ShardId shard) const = 0;
  virtual CopySummary stage_summary(ShardId shard) const = 0;
  /// Makes the stage the copy, in one atomic step, as of entry `applied`; the log is empty then.
  /// `epoch` is the shard's, for the fact.
  virtual StorePosition install_stage(ShardId shard, Epoch epoch, Version applied,
                                      Effects& effects) = 0;
  /// Does nothing if there is no stage.
  virtual void discard_stage(ShardId shard, Effects& effects) = 0;

  /// The applied state of a key; version zero if it was never written.
  virtual VersionedDocument get(ShardId shard, std::string_view key) const = 0;
  /// How the last request of that client ended that took effect or was refused, if remembered.
  /// Applied entries only.
  virtual std::optional<SessionRecord> find_session(ShardId shard, ClientId client) const = 0;
  /// Every live document, in an order that is the same on every run; O(documents).
  virtual std::vector<VersionedDocument> scan(ShardId shard) const = 0;
  /// The next piece from `cursor` on, of at least one item and about `max` bytes, and advances the
  /// cursor. Documents changed meanwhile appear in their newer version, or again.
  virtual ChunkRef read_chunk(ShardId shard, ChunkCursor& cursor, Bytes max) const = 0;

  /// Everything up to here survives a crash.
  virtual StorePosition durable() const = 0;
  /// Continues after a disk operation of this store; `durable()` may have risen.
  virtual void on_disk_done(const DiskDone& done, Effects& effects) = 0;
  /// Retries what failed, and other work by time; the node calls it on TimerKind::Store.
  virtual void on_timer(Effects& effects) = 0;
  /// How many disk operations have ended well, or met a full disk, since the recovery.
  virtual std::uint64_t disk_answers() const = 0;
  /// At some time durable data has gone, with its disk or by damage: where a copy is missing it may
  /// have been there.
  virtual bool has_lost_data() const = 0;

  /// A hint: the next time that the log could be compacted it may be, even if it need not.
  virtual void compact_soon() {}

  /// What is occupied on the store's disk, as of the last disk operation and with what is on its
  /// way, and what the disk could still take (Bytes::max() if it is unlimited).
  virtual Bytes disk_used() const = 0;
  virtual Bytes disk_free() const = 0;
  /// The files that hold what is stored, and those that are being written, ascending. All others on
  /// the disk are to be removed. O(files).
  virtual std::vector<FileId> files() const = 0;
};

}  // namespace shardproof
