// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/shard_table.hpp"

namespace shardproof::sim {

/// The committed table and the commits that led to it, so that a reader who knows any revision can
/// be brought up to date. Old commits are merged: of each record only the latest version is kept,
/// under the revision of its commit, so that whoever applies the deltas has the same table, with
/// the same `modified` revisions, as who saw every commit.
class MetadataLog {
 public:
  const ShardTable& table() const { return table_; }

  /// The records as the next commit; not one yet.
  TableDeltaRef next(std::vector<Record> records) const;
  /// Commits what `next` made. Amortised O(records).
  void append(TableDeltaRef delta);
  /// Appends to `out` what changed after `since`, in order of revision. O(answer + log commits).
  void read_since(Revision since, std::vector<TableDeltaRef>& out) const;

 private:
  void compact();

  ShardTable table_;
  /// The table as of the last compaction, by revision of last modification.
  std::vector<TableDeltaRef> base_;
  /// Every commit since.
  std::vector<TableDeltaRef> recent_;
  std::size_t recent_records_ = 0;
  std::size_t base_records_ = 0;
};

}  // namespace shardproof::sim
