// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/step.hpp"

namespace shardproof {

/// Keeps a node's shard table at the metadata store's latest revision: one range read to begin
/// with, then a watch; a gap in the watch, or a hint that a newer revision exists, leads to another
/// read. One read is outstanding at a time and repeated after `metadata_timeout`.
class TableWatcher {
 public:
  const ShardTable& table() const { return table_; }
  /// False until the first range read of this incarnation was answered.
  bool is_current() const { return current_; }

  /// A read was sent and not answered yet.
  bool is_reading() const { return reading_; }

  /// Asks for everything (again).
  void refresh(Step& step);
  /// The same; the number of a read, this one or the next, that covers whatever is committed by
  /// now.
  std::uint64_t next_read(Step& step);
  /// The number of the last read that was answered.
  std::uint64_t last_answered() const { return last_answered_; }
  /// Somebody knows `revision`: reads if the table is older.
  void want(Revision revision, Step& step);

  /// Both return the changes that the table has adopted just now, in order; the caller tells the
  /// other parts of the node.
  std::vector<TableDeltaRef> on_range_reply(const message::RangeReply& reply, Step& step);
  std::vector<TableDeltaRef> on_update(const message::TableUpdate& update, Step& step);
  /// Repeats an unanswered read; TimerKind::Table.
  void on_timer(Step& step);

  /// Without a metadata store the node itself is the truth: adopts `delta` as committed.
  void adopt(const TableDeltaRef& delta, Step& step);

 private:
  void send_range(Step& step);
  /// Applies what is newer than the table.
  void take(const std::vector<TableDeltaRef>& deltas, std::vector<TableDeltaRef>& adopted);
  void state_adoption(Step& step);

  ShardTable table_;
  bool current_ = false;
  bool reading_ = false;
  std::uint64_t last_request_ = 0;
  std::uint64_t last_answered_ = 0;
  /// The newest revision that somebody is known to have.
  Revision wanted_;
};

}  // namespace shardproof
