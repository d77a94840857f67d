// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/messages.hpp"

namespace shardproof {

/// Loads as last reported by the nodes: stale by up to a reporting period, gone with the tenure.
class LoadBook {
 public:
  struct CopyLoad {
    NodeId node;
    bool leads = false;  ///< in its last report
    std::uint64_t follower_inputs = 0;
    std::uint32_t idle_reports = 0;  ///< the last ones, in whatever role, that told of nothing
  };
  struct ShardLoad {
    Bytes bytes;
    std::uint64_t documents = 0;
    std::uint64_t requests_per_second = 0;
    bool is_of_leader = false;
    /// Inputs per second that the leader's copy had its node handle, whoever that was, and that
    /// the other nodes' copies had them handle, in order of first report.
    std::uint64_t leader_inputs = 0;
    std::vector<CopyLoad> copies;
    std::uint32_t idle_leader_reports = 0;  ///< the last ones of whoever led that told of nothing
  };
  struct NodeLoad {
    Bytes disk_used;
    Bytes disk_capacity;
    std::uint64_t requests_per_second = 0;
    bool is_known = false;
  };

  /// What `from` sent at `asked_at` of its own clock arrives `now`. A report that was overtaken on
  /// its way counts for nothing. One that is older only by a clock that was set back, as it may be
  /// while a node restarts, counts two of its reporting periods after the one before. O(copies in
  /// the report).
  void on_report(NodeId from, Instant asked_at, const message::NodeReport& report, Instant now);

  /// As a leader reported it last. Until one has, the largest that any other node has reported:
  /// what is left of a copy that fell behind may be far from it, in either direction.
  const ShardLoad& shard(ShardId id) const;
  const NodeLoad& node(NodeId id) const;

 private:
  struct LastReport {
    Instant asked_at;  ///< by the node's clock
    Instant heard_at;  ///< by the coordinator's
  };
  bool is_overtaken(NodeId from, Instant asked_at, const message::NodeReport& report,
                    Instant now) const;

  std::vector<ShardLoad> shards_;
  std::vector<NodeLoad> nodes_;
  /// By node, as far as it is known.
  std::vector<LastReport> last_;
};

}  // namespace shardproof
