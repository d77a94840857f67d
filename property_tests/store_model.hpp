// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/store.hpp"

namespace shardproof::property_tests {

/// The naive content of a copy: maps, and sums that are computed anew whenever asked for.
struct ModelContent {
  struct Item {
    Version version;
    DocumentRef document;
    bool tombstone = false;
  };
  std::map<std::string, Item> items;
  std::map<ClientId, SessionRecord> sessions;

  void put(Version version, const DocumentRef& document, bool tombstone);
  void remember(const SessionRecord& session);
  void apply(const LogEntry& entry);
  void merge(const Chunk& chunk);
  CopySummary summary() const;
};

struct ModelCopy {
  ModelContent content;
  Version applied;
  std::vector<EntryRef> tail;
  /// How far the appended records tell that entries are committed.
  LogIndex hint;

  Version last() const { return tail.empty() ? applied : tail.back()->version; }
  void apply_up_to(LogIndex committed);
};

struct ModelState {
  std::map<ShardId, ModelCopy> copies;
  std::map<ShardId, ModelContent> stages;
};

/// The naive store: every command ever given, as a function on the state, so that the state after
/// any prefix of them can be computed. Commands that a store logs are numbered from 1; applying is
/// not.
class StoreModel {
 public:
  const ModelState& now() const { return now_; }
  /// Number of the last logged command.
  std::uint64_t last() const { return last_; }

  void create(ShardId shard);
  void append(ShardId shard, const EntryRef& entry, LogIndex committed);
  void truncate(ShardId shard, LogIndex last_kept);
  void apply(ShardId shard, LogIndex committed);
  void drop(ShardId shard);
  void begin_stage(ShardId shard);
  void stage(ShardId shard, const ChunkRef& chunk);
  void install(ShardId shard, Version applied);
  void discard_stage(ShardId shard);

  /// The state that a crash leaves if the log's first `position` commands survived: with entries
  /// applied as far as those tell (`least`), or as far as they were when the last of them was
  /// given.
  ModelState survivors(std::uint64_t position, bool least) const;
  /// Forgets the commands behind `position`; `applied` is how far the copies are applied now.
  void crash(std::uint64_t position, const std::map<ShardId, LogIndex>& applied);

 private:
  struct Command {
    enum class Kind : std::uint8_t { Logged, Apply, Crash };
    Kind kind = Kind::Logged;
    std::function<void(ModelState&)> effect;
  };
  void give(Command::Kind kind, std::function<void(ModelState&)> effect);

  std::vector<Command> commands_;
  ModelState now_;
  std::uint64_t last_ = 0;
};

}  // namespace shardproof::property_tests
