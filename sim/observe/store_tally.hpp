// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/facts.hpp"
#include "core/shard_table.hpp"
#include "sim/observe/migration_ledger.hpp"
#include "sim/observe/windowed_sums.hpp"

namespace shardproof::sim {

/// What CockroachDB's allocation simulator (asim) counts of each store since the run began. A copy
/// is a replica, a shard's leadership a lease. Source: cockroachdb/cockroach,
/// pkg/kv/kvserver/asim/state/state.go, StoreUsageInfo. O(1) each, but for a write's documents.
class StoreTally {
 public:
  struct Store {
    std::uint64_t write = 0;    ///< documents written, on every store that holds the shard
    std::uint64_t write_b = 0;  ///< bytes of these
    std::uint64_t read = 0;     ///< documents read, on the store that answered
    std::uint64_t read_b = 0;   ///< bytes of these
    /// Authored, that is by the one that had the lease before.
    std::uint64_t lease_moves = 0;
    /// Authored, that is by the one that had the lease when the migration was completed.
    std::uint64_t replica_moves = 0;
    std::uint64_t replica_b_sent = 0;  ///< of copies, resends too
    std::uint64_t replica_b_rcvd = 0;
  };

  void on_applied(const fact::EntryApplied& applied, NodeId node);
  void on_read(const VersionedDocument& result, NodeId node);
  void on_chunk(const fact::ChunkSent& chunk, NodeId sender);
  /// One shard's record before and after a commit, and what that says of its migration.
  void on_shard(const ShardInfo& before, const ShardInfo& after,
                const std::optional<MigrationStep>& step);
  /// A sampling interval ends. O(nodes).
  void on_interval() { recent_write_b_.next_interval(); }

  const Store& store(NodeId node) const;
  /// Within the last `WindowedSums::kWindow` samples.
  std::uint64_t recent_write_b(NodeId node) const { return recent_write_b_.of(node); }

 private:
  std::vector<Store> stores_;
  WindowedSums recent_write_b_;
};

}  // namespace shardproof::sim
