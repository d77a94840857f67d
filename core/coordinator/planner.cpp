// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/planner.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "core/coordinator/cluster_view_builder.hpp"
#include "core/coordinator/move_start.hpp"
#include "core/distribution/registry.hpp"
#include "core/distribution/repair.hpp"

namespace shardproof {
namespace {

using distribution::ActiveMove;
using distribution::ClusterView;
using distribution::Move;
using distribution::MoveKind;
using distribution::MoveReason;

MigrationReason migration_reason(MoveReason reason) {
  switch (reason) {
    case MoveReason::Drain: return MigrationReason::Drain;
    case MoveReason::Domain: return MigrationReason::Domain;
    case MoveReason::Repair:
    case MoveReason::Balance: break;
  }
  return MigrationReason::Balance;
}

/// Counts planned repairs as copies and leaves their shards alone.
void count_repairs(const std::vector<Move>& repairs, ClusterView& view) {
  for (const Move& move : repairs) {
    const auto found = std::lower_bound(
        view.shards.begin(), view.shards.end(), move.shard,
        [](const distribution::ShardView& shard, ShardId id) { return shard.id < id; });
    found->learners.push_back(move.target);
    found->frozen = true;
  }
}

bool is_for_evenness(const Move& move) { return move.reason == MoveReason::Balance; }

/// The policy that an operator has ordered, or the configured one.
const std::string& policy_name(const Step& step) {
  const std::string& ordered = step.table.settings().rebalance;
  return ordered.empty() ? step.config.distribution.rebalance : ordered;
}

const distribution::RebalancePolicy& rebalance_policy(const Step& step) {
  const auto* policy = distribution::find_rebalance_policy(policy_name(step));
  SHARDPROOF_CHECK(policy != nullptr, "rebalance policy '{}' is not known", policy_name(step));
  return *policy;
}

/// How far a plan may fill a disk: without Rule::FullDiskNoTarget none is ever full.
Ratio disk_watermark(const Step& step) {
  const bool is_kept = step.config.rules.is_on(Rule::FullDiskNoTarget);
  return is_kept ? step.config.bounds.disk_high_watermark : Ratio(std::uint64_t{1} << 20, 1);
}

std::vector<Move> rebalance_moves(const ClusterView& view, bool for_evenness, const Step& step) {
  const DistributionConfig& config = step.config.distribution;
  auto options =
      distribution::with_values({}, distribution::values_of(policy_name(step), config.options));
  options.disk_watermark = disk_watermark(step);
  if (!step.config.rules.is_on(Rule::PlanHasHysteresis)) options.bytes_band = Ratio(0, 1);
  std::vector<Move> moves = rebalance_policy(step).plan(view, options).moves;
  if (!for_evenness) std::erase_if(moves, is_for_evenness);
  return moves;
}

/// Of a shard without leader nobody copies anything, and if its nodes are gone for good that stays
/// so: it is not to hold the others up.
void add_active(const ShardInfo& shard, std::vector<ActiveMove>& active) {
  if (shard.leader.is_none()) return;
  if (shard.migration) {
    active.push_back({shard.id, shard.migration->source, shard.migration->target, MoveKind::Move});
  }
  for (const NodeId node : shard.learners) {
    if (shard.migration && shard.migration->target == node) continue;
    active.push_back({shard.id, shard.leader, node, MoveKind::Add});
  }
}

/// Whether the table says that the move has begun, so that every view counts it.
bool is_in_table(const ActiveMove& move, const ShardTable& table) {
  const ShardInfo* shard = table.find_shard(move.shard);
  if (shard == nullptr) return true;
  switch (move.kind) {
    case MoveKind::Move: return shard->migration && shard->migration->target == move.target;
    case MoveKind::Add: return contains(shard->learners, move.target);
    case MoveKind::LeaderTransfer: return shard->leader == move.target;
  }
  return true;
}

bool has_draining_node(const ShardTable& table) {
  return std::any_of(table.nodes().begin(), table.nodes().end(), [](const NodeRecord& node) {
    return node.id.has_value() && node.state == NodeState::Draining;
  });
}

/// Whether copies move for evenness. Without Rule::PlannedMovesCount nobody looks. O(copies in
/// motion).
bool moves_for_evenness(const Tenure& tenure, const Step& step) {
  if (!step.config.rules.is_on(Rule::PlannedMovesCount)) return false;
  for (const ShardId id : tenure.copies.in_motion()) {
    const ShardInfo& shard = *step.table.find_shard(id);
    if (shard.leader.is_none() || !shard.migration) continue;
    if (shard.migration->reason == MigrationReason::Balance) return true;
  }
  return false;
}

void tell_taken(const Move& move, std::string obstacle, const Tenure& tenure, Step& step) {
  step.effects.fact(fact::PlannedMoveTaken{tenure.term, move.shard,
                                           move.kind != MoveKind::LeaderTransfer,
                                           is_for_evenness(move), std::move(obstacle)});
}

}  // namespace

bool Planner::has_manual(ShardId shard) const {
  return std::any_of(manual_.begin(), manual_.end(),
                     [&](const Move& move) { return move.shard == shard; });
}

void Planner::plan_repairs(Tenure& tenure, Step& step) {
  next_repairs_ = step.now + step.config.timing.heartbeat_interval;
  repairs_ = distribution::plan_repairs(build_view(tenure, step), disk_watermark(step)).moves;
}

std::string Planner::plan(Tenure& tenure, Step& step) {
  make_plan(true, fact::PlanCause::Command, tenure, step);
  return fmt::format("planned {} moves and {} repairs", moves_.size(), repairs_.size());
}

void Planner::make_plan(bool for_evenness, fact::PlanCause cause, Tenure& tenure, Step& step) {
  const bool may_balance = for_evenness && step.table.settings().balancing_enabled;
  ClusterView view = build_view(tenure, step);
  fact::PlanBasis basis{distribution::holdings_of(view), distribution::node_weights(view),
                        view.shards.size()};
  repairs_ = distribution::plan_repairs(view, disk_watermark(step)).moves;
  count_repairs(repairs_, view);
  moves_ = rebalance_moves(view, may_balance, step);
  settled_.reset();
  if (may_balance && moves_.empty()) settled_ = Settled{policy_name(step), basis.holdings};
  state_plan(may_balance, cause, std::move(basis), tenure, step);
  membership_changed_ = false;
  plans_ += 1;
  schedule_next(for_evenness, step);
}

void Planner::plan_needs_anew(Tenure& tenure, Step& step) {
  std::vector<Move> waiting;
  std::copy_if(moves_.begin(), moves_.end(), std::back_inserter(waiting), is_for_evenness);
  make_plan(false, fact::PlanCause::Drain, tenure, step);
  std::set<ShardId> needed;
  for (const Move& move : moves_) needed.insert(move.shard);
  for (Move& move : waiting) {
    if (needed.contains(move.shard)) {
      tell_taken(move, "another copy of it has to move", tenure, step);
    } else {
      moves_.push_back(std::move(move));
    }
  }
}

void Planner::state_plan(bool for_evenness, fact::PlanCause cause, fact::PlanBasis basis,
                         const Tenure& tenure, Step& step) const {
  fact::PlanMade plan{tenure.term, step.table.revision(), cause, for_evenness, 0, 0, 0, nullptr};
  plan.other_moves = repairs_.size();
  for (const Move& move : moves_) {
    const bool moves_data = move.kind != MoveKind::LeaderTransfer;
    if (!is_for_evenness(move)) {
      plan.other_moves += moves_data;
    } else {
      ++(moves_data ? plan.balance_moves : plan.transfers);
    }
  }
  plan.basis = std::make_shared<const fact::PlanBasis>(std::move(basis));
  step.effects.fact(std::move(plan));
}

void Planner::schedule_next(bool for_evenness, const Step& step) {
  const Nanoseconds interval = step.config.distribution.rebalance_interval;
  if (interval > Nanoseconds(0) && (for_evenness || next_periodic_ == Instant::never())) {
    next_periodic_ = step.now + interval;
  }
  // What could not be moved off yet is tried again.
  next_drain_ = has_draining_node(step.table) ? step.now + step.config.timing.heartbeat_interval * 2
                                              : Instant::never();
}

bool Planner::is_uneven(const Tenure& tenure, const Step& step) {
  const auto& threshold = step.config.distribution.rebalance_threshold;
  if (!threshold || !step.table.settings().balancing_enabled) return false;
  if (step.now < next_look_ || !moves_.empty()) return false;
  next_look_ = step.now + step.config.timing.report_interval;
  const ClusterView view = build_view(tenure, step);
  const distribution::Holdings holdings = distribution::holdings_of(view);
  const auto measures = rebalance_policy(step).measures();
  const bool is_settled = settled_ && settled_->policy == policy_name(step) &&
                          distribution::call_for_the_same(holdings, settled_->holdings, measures);
  if (is_settled) return false;
  return std::any_of(measures.begin(), measures.end(), [&](distribution::LoadMeasure measure) {
    return distribution::any_over_mean(view, holdings, measure, *threshold);
  });
}

bool Planner::has_to_wait(const Tenure& tenure, const Step& step) const {
  if (!step.config.rules.is_on(Rule::PlannedMovesCount)) return false;
  return std::any_of(starting_.begin(), starting_.end(), [&](const auto& entry) {
    return tenure.proposals.is_busy(entry.first) && !is_in_table(entry.second, step.table);
  });
}

bool Planner::are_repairs_due(const Tenure& tenure, const Step& step) const {
  return step.now >= next_repairs_ && !tenure.copies.short_of_copies().empty();
}

bool Planner::is_plan_due(const Tenure& tenure, const Step& step) const {
  return membership_changed_ || step.now >= next_drain_ || step.now >= next_periodic_ ||
         are_repairs_due(tenure, step);
}

void Planner::on_tick(Tenure& tenure, Step& step) {
  if (!knows_all_loads(tenure, step.table)) return;
  if (!has_to_wait(tenure, step)) {
    plan_what_is_due(tenure, step);
  } else if (is_plan_due(tenure, step)) {
    return;  // If more were started meanwhile, it might wait for ever.
  }
  if (waiting() > 0) start_admitted(tenure, step);
}

void Planner::plan_what_is_due(Tenure& tenure, Step& step) {
  const bool drain_is_due = step.now >= next_drain_;
  const bool period_is_over = step.now >= next_periodic_;
  const bool members_matter = membership_changed_ || drain_is_due;
  const bool balances_members = members_matter && step.config.distribution.rebalance_on_membership;
  const fact::PlanCause members =
      membership_changed_ ? fact::PlanCause::Membership : fact::PlanCause::Drain;
  const bool waits_for_evenness = std::any_of(moves_.begin(), moves_.end(), is_for_evenness);
  const bool is_balancing = (drain_is_due || period_is_over) && moves_for_evenness(tenure, step);
  if (!membership_changed_ && drain_is_due && (waits_for_evenness || is_balancing)) {
    plan_needs_anew(tenure, step);
  } else if (balances_members) {
    make_plan(true, members, tenure, step);
  } else if (period_is_over && !is_balancing) {
    make_plan(true, fact::PlanCause::Period, tenure, step);
  } else if (is_uneven(tenure, step)) {
    make_plan(true, fact::PlanCause::Threshold, tenure, step);
  } else if (members_matter) {
    make_plan(waits_for_evenness, members, tenure, step);
  } else if (are_repairs_due(tenure, step)) {
    plan_repairs(tenure, step);
  }
}

std::vector<ActiveMove> Planner::active_moves(const Tenure& tenure, const Step& step) {
  std::vector<ActiveMove> active;
  const bool count_all = step.config.rules.is_on(Rule::MovesInFlightCount);
  for (const ShardId shard : tenure.copies.in_motion()) {
    if (count_all) add_active(*step.table.find_shard(shard), active);
  }
  std::erase_if(starting_,
                [&](const auto& entry) { return !tenure.proposals.is_busy(entry.first); });
  for (const auto& [shard, move] : starting_) active.push_back(move);
  return active;
}

void Planner::start_admitted(Tenure& tenure, Step& step) {
  if (!step.table.settings().balancing_enabled) std::erase_if(moves_, is_for_evenness);
  while (start_round(tenure, step)) {
  }
}

bool Planner::start_round(Tenure& tenure, Step& step) {
  std::vector<Move> queue = manual_;
  queue.insert(queue.end(), repairs_.begin(), repairs_.end());
  queue.insert(queue.end(), moves_.begin(), moves_.end());
  const distribution::MoveLimits limits =
      limits_in_force(step.config.distribution.limits, step.table.settings().limits);
  const auto admitted = distribution::admit(queue, active_moves(tenure, step),
                                            build_node_view(tenure, step), limits, step.now);
  std::vector<char> is_done(queue.size(), 0);
  bool any_refused = false;
  for (const distribution::Admission& admission : admitted) {
    const Move& move = queue[admission.queue_index];
    is_done[admission.queue_index] = 1;
    const bool is_manual = admission.queue_index < manual_.size();
    const bool is_of_plan = admission.queue_index >= manual_.size() + repairs_.size();
    std::string obstacle = why_not(move, tenure, step);
    const bool is_refused = !obstacle.empty();
    if (is_of_plan) tell_taken(move, std::move(obstacle), tenure, step);
    if (is_refused) {
      any_refused = true;
      continue;
    }
    start(move, is_manual ? MigrationReason::Manual : migration_reason(move.reason),
          admission.share, tenure, step);
    starting_[move.shard] = {move.shard, move.source, move.target, move.kind};
  }
  std::size_t index = 0;
  const auto is_over = [&](const Move&) { return is_done[index++] != 0; };
  // Not erase_if, whose order of calls is not promised.
  for (std::vector<Move>* part : {&manual_, &repairs_, &moves_}) {
    std::vector<Move> left;
    for (Move& move : *part) {
      if (!is_over(move)) left.push_back(move);
    }
    *part = std::move(left);
  }
  return any_refused;
}

}  // namespace shardproof
