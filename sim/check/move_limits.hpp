// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Counts the migrations in the committed table, whether or not their nodes can be reached, and
/// what their sources send.
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
  struct Stream {
    MigrationId migration;
    NodeId node;
    std::uint64_t incarnation = 0;
    Instant began;
    Bytes sent;
    Bytes largest;
  };

  void count(const Migration& migration, int change);
  void check(const ShardInfo& shard, NodeId author, const At& at);
  std::uint32_t in_domain_of(NodeId node) const;

  std::uint32_t in_flight_ = 0;
  std::vector<std::uint32_t> by_node_;
  std::vector<Stream> streams_;
};

}  // namespace shardproof::sim::check
