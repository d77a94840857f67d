// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "sim/check/progress.hpp"

namespace shardproof::sim::check {

/// Judges, faults or not, whether a coordinator gives up a migration whose phase before Switch has
/// passed its time limit: one that has been in office and awake all that time, with a steady clock,
/// who knows of the phase, and who has proposed nothing for the shard since (any commit of
/// the shard begins a new watch). While the shard's
/// leader is down or suspected the migration may wait. Judged whenever the coordinator renews its
/// own lease. O(migrations in flight) for that, O(log n) per commit of a shard.
class PhaseLimits : public Monitor<PhaseLimits> {
 public:
  static constexpr InvariantInfo kInvariant = Progress::kInvariant;
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::LeaseTaken& lease, const At& at);
  void on(const fact::NodeSuspected& suspected, const At& at) { disturb(suspected.node, at); }
  void on(const fact::NodeTrusted& trusted, const At& at) { disturb(trusted.node, at); }
  void on(const hook::Booted&, const At& at) { disturb(at.node, at); }

 private:
  /// The coordinator as its own leases show it.
  struct Coordinator {
    Term term;
    std::uint64_t incarnation = 0;
    Nanoseconds clock_ahead{};  ///< of the true time
    Instant awake_since;
    Instant last_sign;
  };
  /// A phase before Switch that the coordinator has known since then, and when it was first found
  /// too long.
  struct Watch {
    Revision changed;
    Instant known_since = Instant::never();
    Instant overdue_since = Instant::never();
  };

  void disturb(NodeId node, const At& at);
  Nanoseconds limit_of(const ShardInfo& info) const;
  bool may_be_waiting(const ShardInfo& info, const Watch& watch, const At& at) const;
  void check(const ShardInfo& info, Watch& watch, const At& at);

  Coordinator coordinator_;
  std::map<ShardId, Watch> watches_;
  /// By node: when it was last suspected, trusted again or booted.
  std::vector<Instant> disturbed_at_;
};

}  // namespace shardproof::sim::check
