// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/messages.hpp"
#include "sim/check/unfinished.hpp"

/// What monitors are told besides facts; each is handed on like a fact.
namespace shardproof::sim::check::hook {

/// A commit is about to become the table: the oracle still has the one before.
struct Committing {
  const TableDelta& delta;
  NodeId author;
  Term term;
};
/// It has become the table.
struct Committed {
  const TableDelta& delta;
};
struct Invoked {
  RequestId request;
  const OperationRef& operation;
};
/// An operator gives a command for the first time.
struct Commanded {
  const message::AdminRequestRef& request;
};
struct Replied {
  const message::ClientReply& reply;
};
struct Crashed {};
struct Booting {
  /// Some of what was durable on the node's disk has been damaged since.
  bool is_disk_rotten = false;
  /// Of the software, by its place in `CheckConfig::versions`.
  std::uint32_t version = 0;
};
struct Booted {};
struct DiskDestroyed {};
struct DiskUsed {
  Bytes used;
  Bytes capacity;
};
/// A holder tells the leader how far its disk is.
struct DurabilityTold {
  ShardId shard;
  Epoch epoch;
  Version last;
};
/// A node tells the coordinator what it has of a shard.
struct PositionTold {
  const message::PositionReply& reply;
};
/// A leader tells a replica how far the log is committed, so that it may serve reads.
struct ReadIndexTold {
  ShardId shard;
  Epoch epoch;
};
/// A holder tells the sender of a stream how many of its pieces are on its disk.
struct PiecesTold {
  ShardId shard;
  std::uint64_t stream = 0;
  std::uint32_t pieces = 0;
};
/// A node tells the coordinator what its copies come to.
struct LoadTold {
  const message::NodeReport& report;
};
/// A leader tells the coordinator that `node` has everything that was acknowledged on its disk.
struct UpToDateTold {
  ShardId shard;
  Epoch epoch;
  NodeId node;
};
/// From time to time, between two events: look at deadlines. `view` is of those who are to go on.
struct Ticked {
  const AuditView& view;
};
/// Nothing is left to happen.
struct Settled {
  const AuditView& view;
};
/// Nothing was left to happen for `span`: so much has happened, and so much may.
struct Rested {
  Nanoseconds span;
  std::uint64_t events = 0;
  std::uint64_t events_max = 0;
  std::string most_sent;  ///< "AppendEntries (1,234 times)", or empty
};
/// Something is, within `limit` after the end of all faults.
struct Unsettled {
  std::span<const PendingItem> unfinished;
  Nanoseconds limit;
};

}  // namespace shardproof::sim::check::hook
