// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/distribution/overload.hpp"
#include "core/distribution/rebalance/plan.hpp"
#include "core/distribution/schedule.hpp"
#include "core/step.hpp"

namespace shardproof {

struct Tenure;

/// Decides what is to move, and starts as much of it as the limits allow. A plan is made anew on a
/// change of membership, on demand, periodically and when a node holds too much, as the config
/// says, and replaces what had not started; what is in flight counts as done in it, so that nothing
/// is planned twice; it waits for moves whose begin is proposed and not in the table yet, which it
/// could not count. Repairs are planned while copies are missing, every `heartbeat_interval`, and
/// go first.
///
/// What moves for evenness comes to its end first: if every plan began with the first moves of the
/// last one only, it might send these back, and the next one again. So a periodic plan waits until
/// nothing moves for it, and a drain that is tried again leaves what waits for it as it is.
///
/// Where a change of membership is no reason to balance, its plan has moves for evenness only in
/// place of others that were waiting.
class Planner {
 public:
  /// Members have come, gone, died or returned.
  void on_membership_change() { membership_changed_ = true; }
  /// An operator's own move: goes before balancing.
  void add_manual(const distribution::Move& move) { manual_.push_back(move); }
  bool has_manual(ShardId shard) const;

  /// Whether a plan has to wait: moves are about to begin. Until the next tick, mostly. Without
  /// Rule::PlannedMovesCount never. O(moves that are about to begin).
  bool has_to_wait(const Tenure& tenure, const Step& step) const;
  /// Plans now, everything. Says what is planned, for a person. O(shards) and the policy's cost.
  std::string plan(Tenure& tenure, Step& step);
  /// Plans what is due and starts what may. Waits while a member is neither dead nor has told its
  /// load.
  void on_tick(Tenure& tenure, Step& step);
  /// Moves that wait to be started.
  std::size_t waiting() const { return manual_.size() + repairs_.size() + moves_.size(); }
  /// Plans made so far, those of repairs alone left out.
  std::uint64_t plans() const { return plans_; }

 private:
  void plan_repairs(Tenure& tenure, Step& step);
  bool are_repairs_due(const Tenure& tenure, const Step& step) const;
  bool is_plan_due(const Tenure& tenure, const Step& step) const;
  void plan_what_is_due(Tenure& tenure, Step& step);
  /// Tries a drain again. What waits for evenness stays, but of shards that have to move.
  void plan_needs_anew(Tenure& tenure, Step& step);
  void make_plan(bool for_evenness, fact::PlanCause cause, Tenure& tenure, Step& step);
  void state_plan(bool for_evenness, fact::PlanCause cause, fact::PlanBasis basis,
                  const Tenure& tenure, Step& step) const;
  void schedule_next(bool for_evenness, const Step& step);
  /// Whether a node holds too much. Looked at once in every `report_interval`, and not while moves
  /// wait.
  bool is_uneven(const Tenure& tenure, const Step& step);
  void start_admitted(Tenure& tenure, Step& step);
  /// One round of admission. True if something that was admitted could not start, and was dropped:
  /// its place is another's, for it may be planned anew for ever (the repair of a shard without a
  /// leader).
  bool start_round(Tenure& tenure, Step& step);
  std::vector<distribution::ActiveMove> active_moves(const Tenure& tenure, const Step& step);

  std::vector<distribution::Move> manual_;
  std::vector<distribution::Move> repairs_;
  std::vector<distribution::Move> moves_;
  /// Proposed, but not in the table yet.
  std::map<ShardId, distribution::ActiveMove> starting_;
  std::uint64_t plans_ = 0;
  bool membership_changed_ = true;
  /// When the drain of a node is tried again.
  Instant next_drain_ = Instant::never();
  Instant next_periodic_ = Instant::never();
  Instant next_repairs_;
  Instant next_look_;
  /// By which policy a plan for evenness came out empty, and what nodes held then: another one
  /// would too.
  struct Settled {
    std::string policy;
    distribution::Holdings holdings;
  };
  std::optional<Settled> settled_;
};

}  // namespace shardproof
