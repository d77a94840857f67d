// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "sim/observe/windowed_sums.hpp"

namespace shardproof::sim {

/// What a node's disk holds of one shard.
struct CopySample {
  ShardId shard;
  Bytes bytes;  ///< of live documents
  std::uint64_t documents = 0;
};

/// One node as the cluster sees it at a sample. A node that is down is reported with what its disk
/// holds, or left out: then its last sample counts.
struct NodeSample {
  NodeId node;
  Bytes disk_used;
  Bytes disk_capacity;  ///< zero is unlimited
  std::vector<CopySample> copies;
};

/// What nodes hold, as last sampled, and what they did within the last `WindowedSums::kWindow`
/// samples (the time since the last one included).
class LoadTally {
 public:
  /// O(1).
  void on_request(NodeId node, CollectionId collection) { requests_.add(node, collection, 1); }
  /// An input was handled, which kept the node's processor busy for so long; `collection` is whose
  /// shard it was about, if any. O(1).
  void on_input(NodeId node, CollectionId collection, Nanoseconds busy) {
    cpu_.add(node, collection, static_cast<std::uint64_t>(busy.count()));
  }
  /// Takes in what nodes hold. O(copies).
  void on_sample(const std::vector<NodeSample>& nodes);
  /// Begins the next interval of the window; times never decrease. O(nodes x collections).
  void next_interval(Instant now);

  const WindowedSums& requests() const { return requests_; }
  /// In nanoseconds.
  const WindowedSums& cpu() const { return cpu_; }
  /// The time of which these are the sums: since the window's first interval has begun.
  Nanoseconds window(Instant now) const { return now - begun_[(current_ + 1) % begun_.size()]; }
  /// As last sampled; empty if never.
  const NodeSample& held(NodeId node) const;
  Bytes bytes_held(NodeId node) const;
  /// How many documents. O(copies).
  std::uint64_t documents_held(NodeId node) const;
  /// On all nodes, those that are down included. O(nodes).
  Bytes bytes_held() const;
  /// The size of each shard: its largest copy. Dense by id.
  const std::vector<Bytes>& shard_bytes() const { return shard_bytes_; }
  /// Used part of the fullest limited disk; 0/1 without one.
  Ratio fullest_disk() const;

 private:
  WindowedSums requests_;
  WindowedSums cpu_;
  /// When each interval has begun that the window may reach back to.
  std::array<Instant, WindowedSums::kWindow> begun_{};
  std::size_t current_ = 0;
  std::vector<NodeSample> held_;
  std::vector<Bytes> bytes_held_;
  std::vector<Bytes> shard_bytes_;
};

}  // namespace shardproof::sim
