// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/observe/exact_value.hpp"
#include "sim/observe/migration_ledger.hpp"
#include "sim/observe/peers/pd_transfers.hpp"

namespace shardproof::sim {

/// A copy that comes back to a node which it left so short ago was moved for nothing.
inline constexpr Nanoseconds kBounceWindow = minutes(10);

/// What to tell of migrations of which that many brought a copy back within kBounceWindow; empty if
/// they are too few to say, or if most led somewhere.
std::string circles_warning(std::uint64_t bounces, std::uint64_t completed);

/// How steady the migrations of a run were: who moved how often, to and fro, in circles, and when.
/// O(log) per step.
class MoveTally {
 public:
  /// What a commit said of a migration.
  void on_step(const MigrationStep& step, Instant now);
  /// A sampling interval ends. O(nodes).
  void on_interval();

  /// Completed migrations to a node that the shard's copy had left within kBounceWindow.
  std::uint64_t bounces() const { return bounces_; }
  /// Migrations that began for that reason.
  std::uint64_t begun_for(MigrationReason reason) const {
    return by_reason_[static_cast<std::size_t>(reason)];
  }
  /// Most migrations that one node was source or target of at once.
  std::uint64_t concurrent_max() const { return concurrent_max_; }
  /// How often a node's net flow of copies (completed migrations, in less out, by sampling
  /// interval, intervals without any left out) changed its sign; over all nodes.
  std::uint64_t oscillation() const { return oscillation_; }

  /// Completed migrations of each of `shards` shards: mean, 99th percentile by nearest rank, most.
  struct PerShard {
    ExactValue mean;
    std::uint64_t p99 = 0;
    std::uint64_t max = 0;
  };
  /// Nothing without a shard. Those that no longer exist count among the moved ones. O(shards log
  /// shards).
  std::optional<PerShard> per_shard(std::uint64_t shards) const;

  /// Migrations that began in the last quarter of the time until `now`. O(log migrations).
  std::uint64_t begun_in_last_quarter(Instant now) const;
  /// When the last migration ended; nothing without one.
  const std::optional<Instant>& last_end() const { return last_end_; }
  /// Moves that went in circles, as PD counts them; nothing if that would take too long.
  std::optional<peers::TransferCounter> transfers() const;

 private:
  struct Node {
    std::uint64_t active = 0;
    std::int64_t net = 0;  ///< of this interval
    bool is_rising = false;
    bool has_flowed = false;
  };
  struct Shard {
    std::uint64_t completed = 0;
    std::vector<std::pair<NodeId, Instant>> left;  ///< when a copy last left which node
  };

  void begin(const Migration& migration, Instant now);
  void complete(ShardId shard, const Migration& migration, Instant now);
  Node& node(NodeId id);
  Shard& shard(ShardId id);

  std::vector<Node> nodes_;
  std::vector<Shard> shards_;
  std::vector<Instant> begins_;  ///< ascending
  std::array<std::uint64_t, kMigrationReasons> by_reason_{};
  std::map<std::pair<NodeId, NodeId>, std::uint64_t> flows_;
  std::optional<Instant> last_end_;
  std::uint64_t bounces_ = 0;
  std::uint64_t concurrent_max_ = 0;
  std::uint64_t oscillation_ = 0;
};

}  // namespace shardproof::sim
