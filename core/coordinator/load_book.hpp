// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/messages.hpp"

namespace shardproof {

/// Loads as last reported by the nodes: stale by up to a reporting period, gone with the tenure.
class LoadBook {
 public:
  struct ShardLoad {
    Bytes bytes;
    std::uint64_t documents = 0;
    std::uint64_t requests_per_second = 0;
  };
  struct NodeLoad {
    Bytes disk_used;
    Bytes disk_capacity;
    std::uint64_t requests_per_second = 0;
    bool is_known = false;
  };

  /// O(copies in the report).
  void on_report(NodeId from, const message::NodeReport& report);

  /// As the leader reported it, or a follower if no leader has.
  const ShardLoad& shard(ShardId id) const;
  const NodeLoad& node(NodeId id) const;

 private:
  std::vector<ShardLoad> shards_;
  std::vector<NodeLoad> nodes_;
};

}  // namespace shardproof
