// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include <boost/container/flat_map.hpp>

#include "core/ports.hpp"
#include "sim/disk_file.hpp"
#include "sim/faults.hpp"
#include "sim/kernel/stream_visitor.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// How many deleted files a crash may bring back.
inline constexpr std::size_t kUndeletedMax = 8;

/// Names an operation in flight; used again once it is over.
using DiskTicket = std::uint32_t;

/// An operation has been taken: call `complete(ticket)` at `done_at`.
struct DiskSubmitted {
  DiskTicket ticket = 0;
  Instant done_at;
};

/// Everything takes so many times longer, at least 1.
struct DiskSlowdown {
  Ratio factor{1, 1};
};
/// Chances of an operation to fail, or to report an error and yet, every other time, take effect;
/// and of a piece of a staged copy to be kept with other content, without a word.
struct DiskErrors {
  Ratio failed{0, 1};
  Ratio unknown{0, 1};
  Ratio silent{0, 1};
};

/// Nothing ends.
struct DiskStall {};

struct DiskCounters {
  std::uint64_t appends = 0;
  std::uint64_t syncs = 0;
  std::uint64_t removes = 0;
  std::uint64_t failed = 0;
  std::uint64_t full = 0;
  std::uint64_t unknown = 0;
  Bytes bytes_written;
  /// At crashes.
  SectorCounters sectors;
  std::uint64_t files_vanished = 0;
  std::uint64_t files_undeleted = 0;
};

/// The disk of one node, or its place: disks may be replaced. It outlives the node's incarnations.
///
/// Operations are transferred one after another in the order of issue, each for size / bandwidth
/// and at least 1s / iops; the latency that is drawn for each comes after its turn and runs beside
/// the others' (a sync's on top for an append that syncs). Operations on one file end in the order
/// of issue, at distinct times. An operation takes effect when it ends; it then fails wholly or not
/// at all.
///
/// Streams: ("disk", node, "latency" | "error" | "silent").
class Disk {
 public:
  /// `capacity` zero is unlimited.
  Disk(const DiskSpec& spec, Bytes capacity, NodeId node, Streams streams);

  /// Takes an operation; `op.size` >= op.data.size(). O(1) for the file used last, else O(log
  /// files) (O(files) for a new one). Allocates nothing in the steady state.
  DiskSubmitted submit(Instant now, DiskOp&& op);
  /// The operation takes effect (or fails) now. Once for each ticket, in order of `done_at`, unless
  /// a crash or stop came first.
  DiskDone complete(DiskTicket ticket);

  /// The node's power goes. Of the operations in flight, a drawn number of each file's first ones
  /// has taken effect, and the next one, if it is an append, was under way: its sectors are as good
  /// as unsynced. Then unsynced sectors are kept, lost, torn or garbage, and a file that was never
  /// synced may vanish with the chance `lost`. Every ticket is void. Each of the `kUndeletedMax`
  /// files that were deleted last since the disk was set up, or stopped cleanly, may be back with
  /// the chance `undeleted`, as it was when it was synced, if there is room: nothing makes a file
  /// system commit a deletion. Draws from `random`, in order of file; last, and only with such a
  /// chance, once for each of the deleted.
  void crash(const CrashFate& fate, Random& random);
  /// Everything is gone, and another disk in the same place, of the same size. No process may run.
  void replace();
  /// This place and the other one exchange their disks, with all that is on these; what fails,
  /// slows down or fills a disk stays in its place, and other data that fills one makes room for
  /// what comes. Both then have disks that another node has written: damage of these concerns
  /// nobody. The disks must be of one size and neither may have been in its new place before: what
  /// it held then would be there again, and its node could not tell that it is old. No process may
  /// run.
  void exchange(Disk& other);
  /// Whether the disk that is in the other place now has been here.
  bool has_had_disk_of(const Disk& other) const;
  /// Bits flip in `sectors` drawn sectors, or all of them if there are fewer; returns how many.
  /// Spared is the last write that the node has synced: what is damaged there cannot be told from
  /// what was never finished. Draws from `random`. O(sectors + files).
  std::uint32_t rot(std::uint32_t sectors, Random& random);
  /// So many drawn sectors turn out to have been written to the place of others: each has its
  /// content there, as much as fits, and zeros or noise in its own place. Returns how many; spared
  /// is what `rot` spares. Draws from `random`. O(sectors + files).
  std::uint32_t misdirect(std::uint32_t sectors, Random& random);
  /// Whether any of the files that are there now is damaged by either.
  bool is_rotten() const;
  /// The node ends cleanly: what is in flight takes effect, and everything is synced. Every ticket
  /// is void.
  void stop();
  /// What a boot finds. O(content).
  DiskImage image() const;
  /// How long reading it takes. Draws a read latency.
  Nanoseconds boot_time();

  /// Someone else's data occupies the space but for `free`.
  FaultId fill(Bytes free);
  FaultId add(DiskSlowdown fault);
  FaultId add(DiskErrors fault);
  /// While it lasts, `complete` is not to be called: what is due waits for the end.
  FaultId add(DiskStall fault);
  /// For a piece of a staged copy: zero if it is kept as it is, else a word that says what becomes
  /// of it. Draws only while there are such errors.
  std::uint64_t draw_silent_damage() {
    return silent_.chance(errors_.silent) ? silent_.next() | 1 : 0;
  }
  /// Ends a fault; false if it has ended before.
  bool heal(FaultId id);

  /// The disk's size, whatever else fills it. Zero: unlimited.
  Bytes size() const { return capacity_; }
  /// Space that is occupied, someone else's data included, and all there is (zero: unlimited).
  Bytes used() const;
  Bytes capacity() const;
  /// The node's own files, ascending. O(files).
  std::vector<FileId> files() const;
  /// Space that they occupy.
  Bytes files_size() const { return files_size_; }
  bool is_stalled() const { return is_stalled_; }
  /// How many times longer everything takes now, at least 1.
  Ratio slowdown() const { return slowdown_; }
  /// When the last of the operations ends that were begun while it was slow: they take as long as
  /// they were to take then, even if it is slow no more.
  Instant slowed_until() const { return slowed_until_; }
  std::size_t in_flight() const { return slots_.size() - free_slots_.size(); }
  /// Of those, what is to change a file: all but a sync alone, as a store looks after its disk
  /// with.
  std::size_t changes_in_flight() const;
  const DiskCounters& counters() const { return counters_; }
  /// `node` is the one that it was made for.
  void visit_streams(NodeId node, StreamVisitor& visitor) {
    visitor.on_stream("disk", node.value(), "latency", latency_);
    visitor.on_stream("disk", node.value(), "error", error_);
    visitor.on_stream("disk", node.value(), "silent", silent_);
  }

 private:
  struct File {
    DiskAppendFile content;
    bool exists = false;
    std::uint32_t in_flight = 0;
    Instant last_done;
  };
  struct Slot {
    DiskOp op;
    std::uint64_t sequence = 0;
    bool busy = false;
  };
  /// The node's own files may occupy no more than this.
  struct SpaceLimit {
    Bytes limit;
  };
  using Fault = std::variant<SpaceLimit, DiskSlowdown, DiskErrors, DiskStall>;

  File& file(FileId id);
  DiskTicket take_slot(DiskOp&& op);
  void release_slot(DiskTicket ticket);
  void forget_if_gone(FileId id);
  Nanoseconds draw_latency(const DiskOp& op);
  DiskOutcome draw_outcome();
  /// False if there is no space, in which case nothing has happened.
  bool apply(const DiskOp& op);
  bool append(const DiskOp& op);
  /// As much of an append as the drive has from the moment it begins: all of it, and not synced.
  bool write(const DiskOp& op);
  void remove(FileId id);
  /// The tickets in flight, by file and then in the order of issue.
  std::vector<DiskTicket> tickets_by_file() const;
  void apply_drawn_prefixes(Random& random);
  /// A stretch of a file that may rot, at most a sector.
  struct Sector {
    FileId file;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Sector> settled_sectors() const;
  void swap_in(const Sector& written, const Sector& hit, Random& random);
  void crash_files(const UnsyncedOutcome& outcome, Random& random);
  void undelete_files(Ratio chance, Random& random);
  void end_incarnation();
  void take_in_files();
  Bytes space_limit() const;
  void refresh();

  DiskSpec spec_;
  Bytes capacity_;
  Nanoseconds operation_time_;
  Random latency_;
  Random error_;
  Random silent_;
  boost::container::flat_map<FileId, File> files_;
  /// The last ones deleted, in that order, as a crash may bring them back.
  struct Deleted {
    FileId id;
    DiskAppendFile content;
  };
  std::vector<Deleted> deleted_;
  /// Where the file used last is, or was: mostly the next one too.
  std::size_t last_file_ = 0;
  Bytes files_size_;
  Instant busy_until_;
  std::vector<Slot> slots_;
  std::vector<DiskTicket> free_slots_;
  std::uint64_t next_sequence_ = 0;
  ActiveFaults<Fault> faults_;
  std::optional<Bytes> limit_;
  Ratio slowdown_{1, 1};
  Instant slowed_until_;
  DiskErrors errors_;
  bool is_stalled_ = false;
  /// Of the disks that have been here, the first one being that with which the node was set up and
  /// the last one that of today: the place in which it was new, and a number.
  struct Serial {
    NodeId place;
    std::uint32_t number = 0;
    friend bool operator==(const Serial&, const Serial&) = default;
  };
  std::vector<Serial> serials_;
  std::uint32_t replacements_ = 0;
  DiskCounters counters_;
};

}  // namespace shardproof::sim
