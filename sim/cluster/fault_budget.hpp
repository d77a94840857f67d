// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/audit_view.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// What random faults may do. Scripted ones do not ask, but nodes that they hold and disks that
/// they have destroyed count here. The steps of clocks that a script makes do not.
///
/// With `unlimited` everything is granted. With `redundancy` a fault may strike a node only if
/// every shard that the node holds in sync keeps, elsewhere, so many good copies on nodes in
/// service that each acknowledged write is on one of them: one copy, or of R with a write concern
/// of W, R - W + 1; copies beyond a lowered replication factor count for nothing. So nothing that
/// random faults do can lose a write or leave a shard without a copy to serve it, and whatever is
/// lost is a finding. A copy is good if its disk has not been destroyed since it got in sync and is
/// not damaged now; a node is in service if it runs, reaches the metadata store, has a disk that
/// does not stand still, and no random fault holds it.
///
/// Faults that stop a node (crash, pause, gray, isolate, partition, clog, swizzle, stall) destroy
/// nothing: data would be safe without this rule, and it keeps the shards in service. Those that
/// destroy what disks hold (lose_disk, corrupt, swap_disks) need it. Slow disks and networks, lost
/// messages, a disk that is full or has errors, and an outage of the metadata store are always
/// granted. Clocks may jump and wobble within two leases by half of what the protocol's
/// `clock_error` leaves beside their drift and the wobble that all have.
class FaultBudget {
 public:
  /// Whether a node runs and is within reach.
  using InService = std::function<bool(NodeId)>;
  /// Whether the copy of a node in sync is all there, and would be after a boot.
  using IsWhole = std::function<bool(NodeId, ShardId)>;

  /// An answer, and why not.
  struct Permission {
    std::string why_not;
    explicit operator bool() const { return why_not.empty(); }
  };

  FaultBudget(const ScenarioSpec& spec, const check::AuditView& view, InService in_service,
              IsWhole is_whole);

  /// Whether the nodes may all be out of service at once. O(shards * copies).
  Permission may_stop(const std::vector<NodeId>& nodes, Instant now) const;
  /// Whether what the nodes have on their disks may all be destroyed. O(shards * copies).
  Permission may_destroy_disks(const std::vector<NodeId>& nodes, Instant now) const;
  /// Whether a clock may gain so much, or lose it, within any time from now on.
  Permission may_shift_clock(Nanoseconds by, Instant now) const;

  /// Such things have happened. A node is held until then, at least.
  void on_stopped(const std::vector<NodeId>& nodes, Instant until);
  /// The shift goes on until then.
  void on_clock_shifted(Nanoseconds by, Instant now, Instant until);

 private:
  Permission leaves_enough(const std::vector<NodeId>& nodes, Instant now) const;
  bool is_good(const ShardInfo& shard, NodeId node, Instant now) const;

  const ChaosBudget kind_;
  const Nanoseconds clock_allowance_;
  const Nanoseconds clock_window_;
  const check::AuditView& view_;
  InService in_service_;
  IsWhole is_whole_;
  std::map<NodeId, Instant> held_until_;
  /// Until when, and by how much.
  std::vector<std::pair<Instant, Nanoseconds>> shifts_;
};

}  // namespace shardproof::sim
