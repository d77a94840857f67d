// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/config.hpp"
#include "core/shard_table.hpp"
#include "core/store.hpp"
#include "sim/observe/pending.hpp"

namespace shardproof::sim::check {

/// Space on one node's disk; a capacity of zero is unlimited.
struct DiskUsage {
  Bytes used;
  Bytes capacity;
};

/// Whether a copy with that much content surely finds room below the watermark: the coordinator's
/// reports are late and logs hold more than their content, so twice of it.
inline bool has_room(const DiskUsage& disk, Bytes content, Ratio watermark) {
  return disk.capacity == Bytes(0) ||
         disk.used + content * 2 < Bytes(watermark.of(disk.capacity.count()));
}

/// What a leader knows of its shard's log and believes of another copy: everything up to `matched`
/// is on its disk.
struct FollowerSight {
  NodeId node;
  Version matched;
};
struct LeaderSight {
  /// The entry behind which the log begins that it keeps in memory for the other copies.
  LogIndex log_base;
  /// Of the copies that acknowledgements wait for, if it knows of any entry there that its log
  /// still has.
  std::vector<FollowerSight> followers;
};

/// The real states that an audit compares the facts with: read-only, between two events.
class AuditView {
 public:
  virtual ~AuditView() = default;

  /// The bounds by which every node was configured.
  virtual const Bounds& bounds() const = 0;
  /// Nodes are n0 .. n(count-1), members or not, up or down.
  virtual std::uint32_t node_count() const = 0;
  virtual bool is_up(NodeId node) const = 0;
  /// It does not come back: nobody waits for it. Then it is not up either.
  virtual bool is_broken_for_good(NodeId) const { return false; }
  /// The table that the node holds. The node must be up.
  virtual const ShardTable& table(NodeId node) const = 0;
  /// The node's store. The node must be up.
  virtual const Store& store(NodeId node) const = 0;
  /// As the node sees it, which must be up; nothing unless it leads the shard. O(copies).
  virtual std::optional<LeaderSight> leader_sight(NodeId node, ShardId shard) const = 0;
  /// Whether the node, which must be up, leads the shard and serves it, by its own account.
  virtual bool serves(NodeId node, ShardId shard) const = 0;
  /// Of every node, up or not.
  virtual DiskUsage disk(NodeId node) const = 0;
  /// The files on the disk of every node, up or not, ascending. O(files).
  virtual std::vector<FileId> files(NodeId node) const = 0;
  /// What the node waits for. The node must be up.
  virtual std::vector<PendingWait> waits(NodeId node) const = 0;
  /// The content of the metadata store; in the single-node mode the node's own table.
  virtual const ShardTable& committed() const = 0;
};

}  // namespace shardproof::sim::check
