// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/distribution/policy_option.hpp"
#include "core/distribution/schedule.hpp"
#include "core/rules.hpp"
#include "core/shard_table.hpp"

namespace shardproof {

/// Time constants of the protocol. All are measured on the clock of the node that waits.
struct Timing {
  Nanoseconds heartbeat_interval = milliseconds(500);
  /// Granted with each heartbeat answer, counted from when the node asked.
  Nanoseconds node_lease = seconds(3);
  /// Granted to the coordinator by the metadata store.
  Nanoseconds coordinator_lease = seconds(3);
  /// How much longer than a lease the coordinator waits before it gives a silent node's shards
  /// away: covers the worst drift of two clocks over one lease.
  Nanoseconds clock_error_bound = milliseconds(100);
  /// The coordinator's periodic work, and the longest time for which a report goes unanswered.
  Nanoseconds coordinator_interval = milliseconds(100);
  /// An unanswered commit or range read is asked for again (read back) after this.
  Nanoseconds metadata_timeout = milliseconds(500);
  /// An unanswered append, fence or position query is asked again after this.
  Nanoseconds resend_after = milliseconds(200);
  /// An unacknowledged piece of a copy stream is sent again after this.
  Nanoseconds chunk_timeout = seconds(1);
  /// A replica that has not answered for this long leaves the in-sync set.
  Nanoseconds replica_timeout = seconds(2);
  /// A replica serves reads for this long after it asked its leader how far the log is committed.
  Nanoseconds staleness_bound = seconds(5);
  /// The router gives a request up after this: Unknown if it may have had an effect.
  Nanoseconds request_timeout = seconds(5);
  /// First pause before a router's retry; doubles up to sixteen times this.
  Nanoseconds retry_backoff = milliseconds(20);
  /// A migration phase (before Switch) that lasts longer is aborted; Copy has `copy_time_limit`.
  Nanoseconds migration_timeout = seconds(30);
  /// A dead node's copies are made anew elsewhere only after this: it may return with its data.
  Nanoseconds repair_delay = seconds(30);
  /// A node whose disk has answered nothing for this long asks for no lease any more: what it
  /// leads could acknowledge no write, and others can. Longer than `kDiskIdleMax` and the slowest
  /// operation take.
  Nanoseconds disk_timeout = seconds(5);
  /// How often loads are reported to the coordinator.
  Nanoseconds report_interval = seconds(2);

  friend bool operator==(const Timing&, const Timing&) = default;
};

/// How long a store lets its disk be idle before it looks at it. What has become of the disk
/// meanwhile, who leads nothing and stores nothing knows only then.
inline constexpr Nanoseconds kDiskIdleMax = seconds(1);

/// How long phase Copy may last for a copy of `content` bytes: beside `migration_timeout` as long
/// as the bandwidth that the migration was given makes it take.
inline Nanoseconds copy_time_limit(const Migration& migration, Bytes content,
                                   const Timing& timing) {
  return timing.migration_timeout + migration.bandwidth.time_for(content);
}

/// The most that `Bounds::chunks_in_flight` may be, in any version.
inline constexpr std::uint32_t kChunksInFlightMax = 1024;

/// Sizes and bounds.
struct Bounds {
  /// Writes that may wait for one shard's lock; one more is refused as retryable.
  std::uint32_t queue_writes_max = 1024;
  /// The store compacts its log when it is this many times as large as its content.
  std::uint32_t log_garbage_factor = 4;
  /// A log of no more garbage than this is not compacted while the disk has room.
  Bytes compaction_min = Bytes(1024 * 1024);
  Bytes chunk_size = Bytes(256 * 1024);
  /// Chunks of one stream on their way at once, 1 to kChunksInFlightMax.
  std::uint32_t chunks_in_flight = 4;
  /// Log entries kept for catching up after every in-sync replica has them.
  std::uint32_t log_entries_kept = 4096;
  /// Entries in one AppendEntries.
  std::uint32_t append_entries_max = 64;
  /// Live mode: lock for the last round when the target is at most this many entries behind.
  std::uint32_t last_round_entries = 16;
  /// New data is refused, and the node is no target, beyond this share of the disk.
  Ratio disk_high_watermark = Ratio(90, 100);

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// When and how the coordinator moves things.
struct DistributionConfig {
  std::string placement = "rendezvous";
  std::string rebalance = "greedy";
  /// Time between periodic plans; zero for none.
  Nanoseconds rebalance_interval = seconds(5);
  /// Plan when a node holds this fraction more than the mean of what the policy evens out.
  std::optional<Ratio> rebalance_threshold;
  /// Plan for evenness on a change of membership. What restores safety or follows an order
  /// (repairs, drains, copies that share a domain) is planned then in any case.
  bool rebalance_on_membership = true;
  WriteMode write_mode = WriteMode::Queue;
  distribution::MoveLimits limits;
  distribution::PolicyOptions options;  ///< of policies, off their initial values
};

/// The limits that hold: what an operator has ordered before what a node is configured with.
inline distribution::MoveLimits limits_in_force(distribution::MoveLimits configured,
                                                const OrderedLimits& ordered) {
  configured.moves_per_node = ordered.moves_per_node.value_or(configured.moves_per_node);
  configured.moves_per_domain = ordered.moves_per_domain.value_or(configured.moves_per_domain);
  configured.moves_cluster_wide =
      ordered.moves_cluster_wide.value_or(configured.moves_cluster_wide);
  configured.bandwidth = ordered.bandwidth.value_or(configured.bandwidth);
  return configured;
}

/// The part of a node's state that it is started with and never changes.
struct NodeConfig {
  NodeId id;
  /// False for the single-node mode: no coordinator, no metadata store, everything local and owned.
  bool has_cluster_manager = true;
  NodeRecord record;
  Timing timing;
  Bounds bounds;
  DistributionConfig distribution;
  RuleSet rules;
};

}  // namespace shardproof
