// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Follows how many copies hold everything acknowledged of a shard: each has a log that is known by
/// its last version (see LogLineage), so that one comparison for each copy tells it at each event
/// that takes something away. The audit compares every document.
class NoLostWrite : public Monitor<NoLostWrite> {
 public:
  static constexpr InvariantInfo kInvariant{
      3, "no_lost_write",
      "every acknowledged write is on some disk, unless more disks were destroyed since than its "
      "replication promises to survive"};
  using Monitor::Monitor;

  void on(const fact::TailTruncated& tail, const At& at);
  void on(const fact::CopyInstalled& copy, const At& at);
  void on(const fact::CopyDropped& copy, const At& at);
  void on(const fact::CopyRecovered& copy, const At& at);
  void on(const fact::CopyCreated& copy, const At& at);
  void on(const hook::DiskDestroyed&, const At& at);
  void on(const hook::Booted&, const At& at);
  /// When a collection is succeeded by another, every document that lives in it is to live there.
  void on(const hook::Committing& commit, const At& at);

 private:
  /// From now on the log of that node's copy ends with `end`.
  void on_change(ShardId shard, Version end, const char* what, const At& at);

  /// Hashes of the keys of which some client was told what no disk has any more, once the log of
  /// that node's copy ends with `end`. O(documents).
  std::vector<std::uint64_t> lost_keys(ShardId shard, NodeId node, Version end) const;

  /// The world took the copy from that node.
  void on_destroyed(ShardId shard, const char* what, const At& at);

  /// Sums over the living documents of some shards, in which their order does not show.
  struct Content {
    std::uint64_t documents = 0;
    std::uint64_t keys = 0;
    Bytes stored;
    friend bool operator==(const Content&, const Content&) = default;
  };
  Content content_of(const CollectionConfig& collection) const;

  /// A document, to be told which one is missing once it is clear that one is.
  struct Living {
    std::uint64_t hash = 0;
    Bytes stored;
    ShardId shard;
    Version version;
  };
  /// By hash. O(documents).
  std::vector<Living> living_in(const CollectionConfig& collection) const;
  void report_move(const CollectionConfig& from, const Content& left, const CollectionConfig& to,
                   const Content& arrived, NodeId author, const At& at);
};

}  // namespace shardproof::sim::check
