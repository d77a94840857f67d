// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/replica_log.hpp"
#include "core/replica_step.hpp"

namespace shardproof {

/// The log of one shard copy and how far it has come; shared by the parts of a replica.
///
/// 1. log.base() <= committed <= log.last(), and durable <= log.last();
/// 2. the store's content is what the entries up to `committed` make of it.
struct ReplicaState {
  ShardId id;
  /// The newest epoch this node has seen, in the table or in a message.
  Epoch epoch;
  ReplicaLog log;
  /// The last entry that is on this node's disk.
  Version durable;
  /// Where in the store the log was last cut off or replaced: what was appended before and is gone
  /// is durable in vain, even if the same entry has come again.
  StorePosition rewritten;
  LogIndex committed;
  bool holds_copy = false;

  const ShardInfo& info(const Step& step) const { return *step.table.find_shard(id); }
  const CollectionConfig& collection(const Step& step) const {
    return *step.table.find_collection(info(step).collection);
  }

  /// Adds an entry to log and store, and waits for it to be durable.
  void append(const EntryRef& entry, ReplicaStep& step);
  /// Raises the commit index (never lowers it) and applies what it covers.
  void commit_to(LogIndex index, ReplicaStep& step);
  /// Forgets applied entries up to `index`, but for the last `kept` ones.
  void trim(LogIndex index, std::uint64_t kept);
};

}  // namespace shardproof
