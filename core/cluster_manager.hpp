// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/step.hpp"

namespace shardproof {

class Store;

/// A node's side of cluster membership: heartbeats to the coordinator, and the lease that their
/// answers grant. The lease counts from when the node asked, on its own clock, so that it ends no
/// later than the coordinator believes.
class ClusterManager {
 public:
  /// First call of an incarnation. Whoever has just read its disk takes it to be alive.
  void on_boot(Step& step);
  /// TimerKind::Heartbeat: sends the next heartbeat, with a load report when one is due; and reads
  /// the table anew while there is no lease.
  void on_timer(const Store& store, Step& step);
  void on_heartbeat_reply(const message::HeartbeatReply& reply, Step& step);
  /// A new coordinator is known: introduce ourselves at once.
  void on_coordinator_change(const Store& store, Step& step);

  /// Whether the node may act as a leader now.
  bool has_lease(const Step& step) const {
    return !step.config.has_cluster_manager || step.now < lease_until_;
  }
  /// The disk has answered nothing for `Timing::disk_timeout`, as of the last heartbeat that was
  /// due.
  bool has_dead_disk() const { return has_dead_disk_; }
  /// On the node's clock; the beginning of time if it never had a lease.
  Instant lease_until() const { return lease_until_; }
  /// Counts one client operation on a shard, for the load reports.
  void count_request(ShardId shard);
  /// Counts inputs that a copy of the shard has to handle for clients' requests, for the load
  /// reports: a request, a write's entry, its disk's answer and each follower's. What keeps copies
  /// alive, makes new ones or changes leaders does not count: a move for evenness would be a load
  /// itself.
  void count_inputs(ShardId shard, std::uint64_t count);

 private:
  void send_heartbeat(const Store& store, Step& step);
  void look_at_disk(const Store& store, Step& step);
  std::shared_ptr<const message::NodeReport> make_report(const Store& store, const Step& step);

  Instant lease_until_;
  Instant next_report_;
  std::uint64_t disk_answers_ = 0;
  Instant disk_answered_;  ///< the heartbeat at which that was seen to have grown
  bool has_dead_disk_ = false;
  struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t inputs = 0;
  };
  Counts& counts(ShardId shard);
  /// Since the last report, by shard id.
  std::vector<Counts> counts_;
};

}  // namespace shardproof
