// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/storage_engine.hpp"
#include "property_tests/fake_disk.hpp"
#include "property_tests/store_model.hpp"

namespace shardproof::property_tests {

/// Drives a document store on a fake disk and the naive store side by side, and compares them.
/// Throws std::runtime_error where they differ. All details are drawn from the Random that a call
/// is handed.
class StoreHarness {
 public:
  explicit StoreHarness(Bytes capacity = Bytes(0));

  /// Gives one command that makes sense now.
  void create_or_drop(Random& random);
  void append(Random& random);
  void apply(Random& random);
  void truncate(Random& random);
  void stage(Random& random);
  void end_stage(Random& random);

  /// Ends one operation in flight, if there is one.
  void complete(Random& random, DiskOutcome outcome);
  /// The timer fires, if it is set.
  void fire_timer();
  /// Ends operations and fires timers until nothing is left to do.
  void settle(Random& random);
  /// The power goes and comes back; compares what was recovered.
  void crash(UnsyncedFate fate, Random& random);
  /// Everything that is held equals the model's.
  void compare() const;

  const DocumentStore& store() const { return store_; }
  const StoreModel& model() const { return model_; }
  FakeDisk& disk() { return disk_; }
  std::uint64_t completed() const { return completed_; }
  std::uint64_t compactions() const { return compactions_; }

 private:
  struct Install {
    ShardId shard;
    StorePosition position;
  };

  ShardId any_shard(Random& random) const;
  EntryRef new_entry(ShardId shard, Random& random);
  ChunkRef new_chunk(Random& random, bool last);
  void carry_out(std::uint64_t logged_before);
  void take_facts();
  void check_recovery(StorePosition durable_before);

  DocumentStore store_;
  FakeDisk disk_;
  StoreModel model_;
  Effects effects_;
  bool timer_is_set_ = false;
  /// All that the store did at its last timer was to look at the disk.
  bool looked_ = false;
  bool was_compacting_ = false;
  std::uint64_t epoch_ = 1;
  std::uint64_t completed_ = 0;
  std::uint64_t compactions_ = 0;
  std::uint64_t entries_applied_ = 0;
  std::vector<Install> installs_;
};

/// Compares a held copy with the model's.
void compare_copy(const DocumentStore& store, ShardId shard, const ModelCopy& expected);
/// Compares a store just recovered with what may have survived; returns how far each copy is
/// applied.
std::map<ShardId, LogIndex> compare_recovered(const DocumentStore& store, const StoreModel& model);

}  // namespace shardproof::property_tests
