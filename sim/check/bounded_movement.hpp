// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Nothing moves for evenness without a plan, and no plan is made without a cause: a member that
/// has come, gone, died or returned, the period, a node that holds too much, an order. So nothing
/// moves while the members are the same, and nothing for a node that was away for less than it
/// takes to be given up. A plan has no more moves than there are copies, and empties no node that
/// was not to be.
///
/// Of several coordinators only the newest is judged. O(1) per fact and commit, O(nodes) per plan.
class BoundedMovement : public Monitor<BoundedMovement> {
 public:
  static constexpr InvariantInfo kInvariant{
      9, "bounded_movement",
      "copies move for evenness only as planned, plans have "
      "a cause, and no plan has more moves than there are copies"};
  using Monitor::Monitor;

  void on(const fact::OfficeTaken& office, const At& at);
  void on(const fact::NodeSuspected& suspected, const At& at);
  void on(const fact::NodeTrusted& trusted, const At& at);
  void on(const fact::PlanMade& plan, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  bool has_cause(const fact::PlanMade& plan, const At& at) const;
  /// What the cause that the plan gives would take, and what there is instead.
  std::string no_cause_text(const fact::PlanMade& plan, const At& at) const;
  void check_amount(const fact::PlanMade& plan, const At& at);
  void begin(const ShardInfo& shard, const hook::Committing& commit, const At& at);

  /// The newest coordinator, and its moves for evenness: planned, and begun.
  NodeId coordinator_;
  Term term_;
  std::uint64_t planned_ = 0;
  std::uint64_t begun_ = 0;
  /// Whether it has seen a member die or return since its last plan for the members' sake, the
  /// table by which that was, and the commit that changed a member last.
  bool has_seen_change_ = true;
  Revision planned_by_;
  Revision members_changed_in_;
  /// When it made its first plan or, after that, its last periodic one, by its own clock.
  Instant planned_at_ = Instant::never();
};

}  // namespace shardproof::sim::check
