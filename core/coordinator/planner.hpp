// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/distribution/rebalance/plan.hpp"
#include "core/distribution/schedule.hpp"
#include "core/step.hpp"

namespace shardproof {

struct Tenure;

/// Decides what is to move, and starts as much of it as the limits allow. A plan is made anew on a change
/// of membership, on demand and periodically, and replaces what had not started; what is in flight
/// counts as done in it, so that nothing is planned twice. Repairs are planned while copies are missing,
/// every `heartbeat_interval`, and go first.
class Planner {
 public:
  /// Members have come, gone, died or returned.
  void on_membership_change() { plan_wanted_ = true; }
  /// An operator's own move: goes before balancing.
  void add_manual(const distribution::Move& move) { manual_.push_back(move); }
  bool has_manual(ShardId shard) const;

  /// Plans now, everything. Says what is planned, for a person. O(shards) and the policy's cost.
  std::string plan(Tenure& tenure, Step& step);
  /// Plans what is due and starts what may. Waits while a member is neither dead nor has told its load.
  void on_tick(Tenure& tenure, Step& step);
  /// Moves that wait to be started.
  std::size_t waiting() const { return manual_.size() + repairs_.size() + moves_.size(); }

 private:
  void plan_repairs(Tenure& tenure, Step& step);
  void schedule_next(const Step& step);
  void start_admitted(Tenure& tenure, Step& step);
  std::vector<distribution::ActiveMove> active_moves(const Tenure& tenure, const Step& step);

  std::vector<distribution::Move> manual_;
  std::vector<distribution::Move> repairs_;
  std::vector<distribution::Move> moves_;
  /// Proposed, but not in the table yet.
  std::map<ShardId, distribution::ActiveMove> starting_;
  bool plan_wanted_ = true;
  Instant next_plan_ = Instant::never();
  Instant next_repairs_;
};

}  // namespace shardproof
