// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/cluster_manager.hpp"
#include "core/store.hpp"

namespace shardproof {

/// Something to do when the store has become durable up to a position.
struct DurabilityWait {
  enum class Kind : std::uint8_t { Entries, Chunk, Install, Drop };
  StorePosition position;
  ShardId shard;
  Kind kind = Kind::Entries;
  /// Entries: the last one. Chunk and Install: the stream, and the chunk's number as index.
  Version version;
  std::uint64_t stream = 0;
};

/// Waits in order of position, which is the order in which they are added.
class DurabilityQueue {
 public:
  void push(DurabilityWait wait) { waits_.push_back(wait); }

  /// The next one that `durable` covers. Amortised O(1).
  std::optional<DurabilityWait> pop(StorePosition durable) {
    if (head_ == waits_.size() || durable < waits_[head_].position) return std::nullopt;
    const DurabilityWait wait = waits_[head_++];
    if (head_ * 2 > waits_.size()) {
      waits_.erase(waits_.begin(), waits_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    return wait;
  }

 private:
  std::vector<DurabilityWait> waits_;
  std::size_t head_ = 0;
};

/// What a shard copy works with during one step, beside the node's own step.
struct ReplicaStep : Step {
  Store& store;
  ClusterManager& manager;
  DurabilityQueue& durability;
  /// When the copy timer is to fire: whoever has something to send later lowers it.
  Instant& copy_due;
};

}  // namespace shardproof
