// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/storage/copy_set.hpp"

namespace shardproof::storage {

/// What recovery came across.
struct RecoveryReport {
  /// Records of the log that were replayed, those in the checkpoint not counted.
  std::uint64_t records = 0;
  /// Segments that end in a torn or damaged record, or one that makes no sense where it stands. A
  /// crash leaves at most one more each time.
  std::uint64_t bad_tails = 0;
  /// Segments that were left out because records between them and those before are missing: durable
  /// data was lost.
  std::uint64_t gaps = 0;
  /// Segments in which records that were durable stand behind one that cannot be read: it was
  /// damaged, not torn.
  std::uint64_t damages = 0;
  /// Checkpoints begun and never completed, or damaged.
  std::uint64_t bad_checkpoints = 0;
  /// Files of a replaced disk with records of another node and none of its own. Not judged as to
  /// torn tails or damage: this node has promised nothing of them.
  std::uint64_t foreign_files = 0;

  /// Whether durable data is gone.
  bool has_lost_data() const { return gaps + damages > 0; }
};

/// A store's state as rebuilt from its disk. Stages are gone: their streams ended with the crash.
struct Recovered {
  CopySet copies;
  StorePosition last;
  /// The files that the state comes from, ascending, and what they occupy.
  std::vector<FileId> needed;
  Bytes needed_size;
  /// All other files.
  std::vector<FileId> useless;
  /// Larger than that of any file.
  FileId next_file;
  RecoveryReport report;
};

/// Takes the newest complete checkpoint, or segment that begins anew, and replays, in order of file
/// id, the records behind its position. If durable records are missing, nothing is taken at all and
/// every file is useless: in a log that all copies share nobody knows whose records they were
/// (docs/adr/0010). A segment is read up to its first bad record; a later segment goes on only
/// exactly there, which is where the recovery that started it had stopped. Entries are applied as
/// far as the log knows them to be committed. On a disk that replaces the node's own one another
/// node may have written before: only what `owner` has written counts. O(size of the image).
Recovered recover_copies(const DiskImage& image, NodeId owner, RuleSet rules = {});

}  // namespace shardproof::storage
