// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/facts.hpp"
#include "sim/observe/marked_totals.hpp"

namespace shardproof::sim {

/// What went over the nodes' networks, and what was asked of each shard: PD's flow of regions, and
/// the traffic of brokers that Cruise Control weighs. Within the window of `MarkedTotals`. O(1)
/// each, but for the documents of a write or a scan.
class FlowTally {
 public:
  /// Bytes that a node's interface has sent, lost ones too, or received. What a node tells itself
  /// goes over no network.
  struct NodeFlow {
    std::uint64_t in_b = 0;
    std::uint64_t out_b = 0;
  };
  /// What a shard's copies answered, and what its leader wrote and sent on its account.
  struct ShardFlow {
    std::uint64_t reads = 0;   ///< requests, parts of scans too
    std::uint64_t read_b = 0;  ///< bytes of documents
    std::uint64_t writes = 0;  ///< documents
    std::uint64_t write_b = 0;
    std::uint64_t leader_out_b = 0;  ///< answers, replication and copies of it
  };

  /// `by_leader`: the sender leads the shard by the committed table.
  void on_sent(NodeId from, ShardId shard, bool by_leader, Bytes size);
  void on_received(NodeId to, Bytes size) { nodes_.add(to.value(), kIn, size.count()); }
  void on_read(ShardId shard, const VersionedDocument& result);
  void on_scan_part(const fact::ScanPartServed& served);
  /// By the shard's leader.
  void on_write(const fact::EntryApplied& applied);
  /// What was before is not counted. O(nodes + shards).
  void begin(Instant now);
  /// A sampling interval ends. O(nodes + shards), once in 32 times.
  void on_interval(Instant now);

  NodeFlow recent(NodeId node) const;
  ShardFlow recent(ShardId shard) const;
  Nanoseconds window(Instant now) const { return nodes_.window(now); }

 private:
  enum NodeColumn : std::size_t { kIn, kOut, kNodeColumns };
  enum ShardColumn : std::size_t { kReads, kReadB, kWrites, kWriteB, kLeaderOut, kShardColumns };

  MarkedTotals<kNodeColumns> nodes_;
  MarkedTotals<kShardColumns> shards_;
};

}  // namespace shardproof::sim
