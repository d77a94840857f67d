// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Counts the migrations in the committed table, whether or not their nodes can be reached, and
/// what their sources and those of repairs send: each migration's against its share, all together
/// against the cluster's bandwidth. Every copy may be a window ahead.
class MoveLimits : public Monitor<MoveLimits> {
 public:
  static constexpr InvariantInfo kInvariant{25, "move_limits",
                                            "migrations in flight per node, per domain and in the "
                                            "cluster, and their bandwidth, keep to the "
                                            "limits"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::ChunkSent& chunk, const At& at);

 private:
  /// The copying of one shard, as long as nothing of this changes.
  struct Route {
    MigrationId migration;
    /// Of a repair; a migration's stream outlives changes of the in-sync set.
    Epoch epoch;
    NodeId source;
    NodeId target;
    std::uint64_t incarnation = 0;

    friend bool operator==(const Route&, const Route&) = default;
  };
  struct Stream {
    Route route;
    Instant began;
    Bytes sent;
    Bytes largest;
    /// What of its window is in `head_start_`, and of which busy period that is.
    Bytes counted;
    std::uint64_t counted_in = 0;
  };

  Stream& follow(const fact::ChunkSent& chunk, const At& at);
  Bytes window(const Stream& stream) const;
  void check_share(const fact::ChunkSent& chunk, const Stream& stream, const At& at);
  void check_total(const fact::ChunkSent& chunk, Stream& stream, const At& at);
  void count(const Migration& migration, int change);
  void check(const ShardInfo& shard, const hook::Committing& commit, const At& at);
  std::uint32_t in_domain_of(NodeId node, DomainLevel level) const;

  std::uint32_t in_flight_ = 0;
  std::vector<std::uint32_t> by_node_;
  /// By shard.
  std::vector<Stream> streams_;
  /// Until when all that was sent keeps the cluster's bandwidth busy; how often that began anew;
  /// and what the streams of this busy period may be ahead.
  Instant busy_until_;
  std::uint64_t busy_period_ = 0;
  Bytes head_start_;
};

}  // namespace shardproof::sim::check
