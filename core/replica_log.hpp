// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/log_entry.hpp"

namespace shardproof {

/// The part of a shard's replication log that a node has in memory: entries base+1 .. last, without
/// gaps. What lies at or before the base is in the applied content.
///
/// 1. entries are in order of index, each the successor of the one before;
/// 2. epochs never fall from one entry to the next;
/// 3. base is the version of the entry just before the first one (zero before any).
class ReplicaLog {
 public:
  Version base() const { return base_; }
  Version last() const { return size() == 0 ? base_ : entries_.back()->version; }
  std::size_t size() const { return entries_.size() - trimmed_; }
  bool contains(LogIndex index) const { return index > base_.index && index <= last().index; }

  /// The entry at `index`, which must be contained. O(1).
  const EntryRef& at(LogIndex index) const;
  /// The version at `index`, which must be contained or be the base's. O(1).
  Version version_at(LogIndex index) const;

  /// Starts over behind `base`, empty.
  void reset(Version base);
  /// `entry` must be the successor of the last one. Amortised O(1).
  void push(EntryRef entry);
  /// Drops the entries behind `index`, which must be at or behind the base.
  void truncate_after(LogIndex index);
  /// Forgets entries up to and including `index`: the base moves there. Amortised O(1) per entry.
  void trim_to(LogIndex index);

 private:
  Version base_;
  /// The first `trimmed_` slots are forgotten entries, removed in one go when they are the
  /// majority.
  std::vector<EntryRef> entries_;
  std::size_t trimmed_ = 0;
};

}  // namespace shardproof
