// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/distribution/schedule.hpp"
#include "core/facts.hpp"
#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/exact_value.hpp"

namespace shardproof::sim {

/// What copying shards put upon the nodes' network interfaces. O(1) per chunk.
class CopyTraffic {
 public:
  /// What migrations were allowed, for `makespan_minimum`.
  void set_limits(const distribution::MoveLimits& limits) { limits_ = limits; }
  /// What an operator orders while it runs: the looser of both counts, for the whole run.
  void on_order(const OrderedLimits& ordered);
  /// `is_migration`: not sent for the repair of a copy.
  void on_chunk(const fact::ChunkSent& chunk, NodeId sender, bool is_migration,
                const ClusterTally& cluster);
  /// A sampling interval ends. O(nodes).
  void on_interval(const ClusterTally& cluster, Instant now);

  /// Sent to a node in another zone.
  Bytes cross_zone() const { return cross_zone_; }
  /// The largest part of a node's network, in one direction, that copying took in a sampling
  /// interval; nothing if no network is limited or no time has passed.
  const std::optional<ExactValue>& load_max() const { return load_max_; }
  /// The least time in which migrations could have sent what they sent once: the largest of, for
  /// each node, what it sent or received over its network; what it sent and received over the
  /// bandwidth of as many copies as it may take part in; and all of it over the bandwidth of the
  /// cluster. Nothing if none of these is limited. O(nodes).
  std::optional<Nanoseconds> makespan_minimum(const ClusterTally& cluster) const;

 private:
  struct Node {
    std::uint64_t sent = 0;  ///< for migrations, resends left out
    std::uint64_t received = 0;
    std::uint64_t sent_now = 0;  ///< in this interval, everything
    std::uint64_t received_now = 0;
  };

  distribution::MoveLimits limits_;
  std::vector<Node> nodes_;
  Bytes cross_zone_;
  Instant interval_began_;
  std::optional<ExactValue> load_max_;
};

}  // namespace shardproof::sim
