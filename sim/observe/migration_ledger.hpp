// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/facts.hpp"
#include "core/shard_table.hpp"
#include "sim/observe/cluster_tally.hpp"

namespace shardproof::sim {

/// What one migration did, from the commit that began it on.
struct MigrationEntry {
  Migration migration;  ///< as last committed
  ShardId shard;
  Instant began;
  Bytes sent;        ///< resends included
  Bytes sent_again;  ///< of them, resends
};

/// Something that a commit says of a migration.
struct MigrationStep {
  enum class Kind : std::uint8_t { kBegan, kEntered, kCompleted, kAborted };
  Kind kind = Kind::kBegan;
  MigrationEntry entry;
};

/// The least that a change of placement takes.
struct MoveMinimum {
  std::uint64_t copies = 0;  ///< that have to be made
  Bytes bytes;               ///< that have to be sent
};

/// Every byte that was sent to copy a shard, by what it was sent for, and what the run's migrations
/// came to. A migration is aborted if its record goes before it reached Switch, else completed.
/// O(log active migrations) per fact and commit.
class MigrationLedger {
 public:
  /// One shard's record before and after a commit; `before` without id if the shard is new.
  std::optional<MigrationStep> on_shard(const ShardInfo& before, const ShardInfo& after,
                                        Instant now);
  /// `shard_bytes`: what the shard holds now.
  void on_chunk_sent(const fact::ChunkSent& chunk, Bytes shard_bytes);

  std::uint64_t count() const { return count_; }
  std::uint64_t completed() const { return completed_; }
  std::uint64_t aborted() const { return aborted_; }
  std::uint64_t active() const { return active_.size(); }
  /// Begun and not ended. O(log active migrations).
  bool is_active(MigrationId id) const { return active_.count(id) > 0; }
  /// Bit i: some active migration is in phase i.
  std::uint32_t phases() const;
  /// All bytes sent; the parts add up to it: migrations that are active, completed, aborted, and
  /// copies made without one (repair of a replica, or a migration whose record is gone).
  Bytes moved() const { return moved_; }
  Bytes moved_active() const;
  Bytes moved_completed() const { return moved_completed_; }
  Bytes moved_aborted() const { return moved_aborted_; }
  Bytes moved_for_repair() const { return moved_for_repair_; }
  /// Of all of these, what was sent more than once.
  Bytes moved_again() const { return moved_again_; }
  /// From the first migration's begin to the last one's end so far; zero without an ended one.
  Nanoseconds makespan() const;

  /// Copies that were made: completed migrations, and learners that were copied to without one and
  /// became replicas.
  std::uint64_t copies_made() const { return completed_ + repaired_; }

  /// Of these, the ones without a migration.
  std::uint64_t repaired() const { return repaired_; }
  /// The replicas that the shard began with; empty of an unknown one. O(1).
  NodeList first_replicas(ShardId shard) const {
    return shard.value() < origins_.size() ? origins_[shard.value()].replicas : NodeList();
  }

  /// The least that had to be made and sent, given what the run began with: the smaller of
  ///  - the lower bound of `distribution::migration_minimum` for spreading the first placement over
  ///    the present members, and
  ///  - the copies that are now on nodes where the first placement had none.
  /// So a policy that does not balance is measured against the change it made. A shard counts with
  /// the smallest of its sizes while it was sent, and its size now. `shard_bytes` by shard, missing
  /// ones hold nothing. O(copies log copies).
  MoveMinimum minimum(const ClusterTally& cluster, const std::vector<Bytes>& shard_bytes) const;

 private:
  struct Origin {
    bool is_known = false;
    NodeId leader;
    NodeList replicas;
    std::optional<Bytes> smallest;  ///< its size while it was sent
  };
  Origin& origin(ShardId shard);
  std::optional<MigrationStep> end(MigrationId id, Instant now);
  void settle_repairs(const ShardInfo& after);
  Bytes price(ShardId shard, const std::vector<Bytes>& shard_bytes) const;

  std::map<MigrationId, MigrationEntry> active_;
  std::array<std::uint64_t, 5> by_phase_{};
  std::vector<Origin> origins_;
  /// Who is copied to without a migration, and is no replica yet.
  std::set<std::pair<ShardId, NodeId>> repairing_;
  std::uint64_t repaired_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t aborted_ = 0;
  Bytes moved_;
  Bytes moved_completed_;
  Bytes moved_aborted_;
  Bytes moved_for_repair_;
  Bytes moved_again_;
  Instant first_begin_;
  std::optional<Instant> last_end_;
};

}  // namespace shardproof::sim
