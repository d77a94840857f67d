// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/storage/entry_tail.hpp"
#include "core/storage/record.hpp"
#include "core/storage/shard_content.hpp"

namespace shardproof::storage {

/// One copy in memory.
struct StoredCopy {
  ShardContent content;
  /// The last entry in `content`.
  Version applied;
  /// How far entries are known to be committed by what the log says; at least `applied`.
  LogIndex committed;
  EntryTail tail;

  /// The last entry, applied or not.
  Version last() const { return tail.empty() ? applied : tail.back().version; }
};

/// Everything that a store holds, in memory. Each member function does what one record says, so
/// that a running store and a recovering one are the same but for where the commands come from; the
/// callers see to the conditions that Store states. Copying shares the documents.
class CopySet {
 public:
  explicit CopySet(RuleSet rules = {}) : rules_(rules) {}
  void set_rules(RuleSet rules) { rules_ = rules; }

  /// Null if there is none. O(1).
  const StoredCopy* find(ShardId shard) const;
  const ShardContent* find_stage(ShardId shard) const;
  /// Ascending. O(largest shard id ever held).
  std::vector<ShardId> shards() const;
  std::vector<ShardId> staged_shards() const;
  /// The disk has lost durable data at some time: copies may be missing that were promised.
  bool has_lost_data() const { return has_lost_data_; }
  /// What all content costs to write, about. O(1).
  Bytes footprint() const { return footprint_; }

  void create(ShardId shard);
  void append(ShardId shard, const EntryRef& entry, LogIndex committed);
  void truncate(ShardId shard, LogIndex last_kept);
  /// Moves the first tail entry, which must exist, into the content, and returns it.
  EntryRef apply_next(ShardId shard);
  void drop(ShardId shard);
  void begin_stage(ShardId shard);
  void stage(ShardId shard, const Chunk& chunk);
  void discard_stage(ShardId shard);
  void install(ShardId shard, Version applied);
  /// Forgets everything, and remembers that.
  void reset();

  /// Does what a record of the log says; false, with nothing done, if it makes no sense here.
  bool replay(const Record& record);

 private:
  struct Held {
    std::optional<StoredCopy> copy;
    std::optional<ShardContent> stage;
  };
  const Held* find_held(ShardId shard) const;
  Held& held(ShardId shard);
  StoredCopy& copy(ShardId shard);

  /// Place in `held_` by shard, or kNowhere.
  std::vector<std::uint32_t> places_;
  std::vector<Held> held_;
  Bytes footprint_;
  bool has_lost_data_ = false;
  RuleSet rules_;
};

}  // namespace shardproof::storage
