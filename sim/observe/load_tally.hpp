// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// What a node's disk holds of one shard.
struct CopySample {
  ShardId shard;
  Bytes bytes;  ///< of live documents
};

/// One node as the cluster sees it at a sample. A node that is down is reported with what its disk
/// holds, or left out: then its last sample counts.
struct NodeSample {
  NodeId node;
  Bytes disk_used;
  Bytes disk_capacity;  ///< zero is unlimited
  std::vector<CopySample> copies;
};

/// What nodes hold, as last sampled, and the requests they served within the last `kWindow` samples
/// (the time since the last one included), by node and collection.
class LoadTally {
 public:
  static constexpr std::size_t kWindow = 64;

  /// O(1).
  void on_request(NodeId node, CollectionId collection);
  /// Takes in what nodes hold. O(copies).
  void on_sample(const std::vector<NodeSample>& nodes);
  /// Begins the next interval of the window. O(nodes x collections).
  void next_interval();

  /// Over all collections, or of one. O(collections), O(1).
  std::uint64_t requests(NodeId node) const;
  std::uint64_t requests(NodeId node, CollectionId collection) const;
  /// As last sampled; empty if never.
  const NodeSample& held(NodeId node) const;
  Bytes bytes_held(NodeId node) const;
  /// On all nodes, those that are down included. O(nodes).
  Bytes bytes_held() const;
  /// The size of each shard: its largest copy. Dense by id.
  const std::vector<Bytes>& shard_bytes() const { return shard_bytes_; }
  /// Used part of the fullest limited disk; 0/1 without one.
  Ratio fullest_disk() const;

 private:
  /// By collection, then node.
  using Counts = std::vector<std::vector<std::uint64_t>>;
  static std::uint64_t& at(Counts& counts, NodeId node, CollectionId collection);

  Counts window_;
  std::array<Counts, kWindow> intervals_;
  std::size_t current_ = 0;
  std::vector<NodeSample> held_;
  std::vector<Bytes> bytes_held_;
  std::vector<Bytes> shard_bytes_;
};

}  // namespace shardproof::sim
