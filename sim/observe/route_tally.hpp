// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/facts.hpp"
#include "core/shard_table.hpp"

namespace shardproof::sim {

/// How well routers knew where to send requests. O(copies) each.
class RouteTally {
 public:
  /// `shard` as committed when the router sends it.
  void on_routed(const fact::RequestRouted& request, const ShardInfo& shard);

  std::uint64_t sent() const { return sent_; }
  /// Sent to a node that was neither the committed leader nor, for a read that replicas may answer,
  /// in the in-sync set.
  std::uint64_t stale() const { return stale_; }

 private:
  std::uint64_t sent_ = 0;
  std::uint64_t stale_ = 0;
};

}  // namespace shardproof::sim
