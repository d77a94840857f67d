// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "core/distribution/schedule.hpp"
#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Counts the migrations in the committed table, whether or not their nodes can be reached, and
/// what their sources and those of repairs send: each migration's against its share, all together
/// against the cluster's bandwidth. What leaves has had its time before, so that nothing is ahead
/// but the pieces that were under way when all that began.
///
/// Of a shard without leader nobody moves anything. Its migration does not count any more: when the
/// shard has a leader again, whoever begins another one may not know of that yet.
///
/// What is begun for evenness is begun inside the windows, by the clock of whoever begins it.
///
/// An operator's limits bind what is begun by who knows of them; and the bandwidth of before holds
/// as well, if it is more, until everything that it was shared out to has arrived.
class MoveLimits : public Monitor<MoveLimits> {
 public:
  static constexpr InvariantInfo kInvariant{25, "move_limits",
                                            "migrations in flight per node, per domain and in the "
                                            "cluster, their bandwidth, and the times at which "
                                            "they begin, keep to the limits"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::PlannedMoveTaken& taken, const At& at);
  void on(const fact::ChunkSent& chunk, const At& at);

 private:
  /// What held until the commit that ended it, and copies that were begun by it: each is a learner.
  struct Former {
    Revision ended;
    OrderedLimits ordered;
    std::vector<std::pair<ShardId, NodeId>> copies;
  };
  /// The copying of one shard, as long as nothing of this changes.
  struct Route {
    MigrationId migration;
    /// Of a repair; a migration's stream outlives changes of the in-sync set.
    Epoch epoch;
    NodeId source;
    NodeId target;
    std::uint64_t incarnation = 0;

    friend bool operator==(const Route&, const Route&) = default;
  };
  struct Stream {
    Route route;
    Instant began;
    Bytes sent;
    Bytes largest;
  };

  Stream& follow(const fact::ChunkSent& chunk, const At& at);
  /// By how much a clock may be ahead of true time after so long: in each lease by no more than the
  /// bound of its error.
  Nanoseconds most_gained(Nanoseconds elapsed) const;
  void check_share(const fact::ChunkSent& chunk, const Stream& stream, const At& at);
  void check_total(const fact::ChunkSent& chunk, const At& at);
  /// Of a shard with a migration.
  bool is_counted(const ShardInfo& shard) const;
  void note_leaderless(const ShardInfo& shard);
  void count(const Migration& migration, int change);
  void check(const ShardInfo& shard, const hook::Committing& commit, const At& at);
  void check_window(const ShardInfo& shard, const distribution::MoveLimits& limits,
                    const Subject& subject, const At& at);
  std::uint32_t in_domain_of(NodeId node, DomainLevel level) const;
  void take(const ClusterSettings& settings, Revision revision);
  void follow_copies(const ShardInfo* before, const ShardInfo& after);
  /// The loosest of those that whoever proposed the shard's last change may have known.
  distribution::MoveLimits limits_known(ShardId shard,
                                        const distribution::MoveLimits& configured) const;
  Bandwidth bandwidth_now() const;

  std::vector<Former> formers_;
  /// By shard: of its migrations the last one during which it had no leader.
  std::vector<MigrationId> leaderless_;
  std::uint32_t in_flight_ = 0;
  std::vector<std::uint32_t> by_node_;
  /// By shard.
  std::vector<Stream> streams_;
  /// What the cluster's bandwidth is; from when until when all that was sent keeps it busy; and the
  /// largest piece of this busy period.
  Bandwidth bandwidth_;
  Instant busy_since_;
  Instant busy_until_;
  Bytes largest_;
};

/// Of each limit the looser one.
void loosen(distribution::MoveLimits& limits, const distribution::MoveLimits& other);

}  // namespace shardproof::sim::check
