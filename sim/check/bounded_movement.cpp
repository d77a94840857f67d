// SPDX-License-Identifier: Apache-2.0
#include "sim/check/bounded_movement.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/plan_sight.hpp"

namespace shardproof::sim::check {

void BoundedMovement::on(const fact::OfficeTaken& office, const At& at) {
  if (office.term <= term_) return;
  term_ = office.term;
  coordinator_ = at.node;
  planned_ = begun_ = 0;
  has_seen_change_ = true;
  planned_by_ = Revision();
  planned_at_ = Instant::never();
}

void BoundedMovement::on(const fact::NodeSuspected&, const At& at) {
  if (at.node == coordinator_) has_seen_change_ = true;
}

void BoundedMovement::on(const fact::NodeTrusted&, const At& at) {
  if (at.node == coordinator_) has_seen_change_ = true;
}

bool BoundedMovement::has_cause(const fact::PlanMade& plan, const At& at) const {
  const VersionTraits version = oracle_.traits_of_plan(at.node, plan.revision);
  switch (plan.cause) {
    case fact::PlanCause::Command: return true;
    case fact::PlanCause::Membership: return has_seen_change_ || members_changed_in_ > planned_by_;
    case fact::PlanCause::Drain: {
      const auto& nodes = oracle_.table().nodes();
      // By an older table there may have been one.
      return members_changed_in_ > plan.revision ||
             std::any_of(nodes.begin(), nodes.end(), [](const NodeRecord& node) {
               return node.id.has_value() && node.state == NodeState::Draining;
             });
    }
    case fact::PlanCause::Period:
      return version.plan_interval > Nanoseconds(0) && planned_at_ != Instant::never() &&
             at.local_time - planned_at_ >= version.plan_interval;
    case fact::PlanCause::Threshold:
      return version.plan_threshold &&
             std::any_of(version.plan_measures.begin(), version.plan_measures.end(),
                         [&](distribution::LoadMeasure measure) {
                           return is_any_over(*plan.basis, measure, *version.plan_threshold);
                         });
  }
  return false;
}

std::string BoundedMovement::no_cause_text(const fact::PlanMade& plan, const At& at) const {
  const VersionTraits version = oracle_.traits_of_plan(at.node, plan.revision);
  switch (plan.cause) {
    case fact::PlanCause::Command: break;
    case fact::PlanCause::Membership:
      return fmt::format("no member has changed or come and gone since the plan by the table of {}",
                         planned_by_);
    case fact::PlanCause::Drain: return "no node is draining";
    case fact::PlanCause::Period:
      if (version.plan_interval == Nanoseconds(0)) return "no plans are made periodically";
      if (planned_at_ == Instant::never()) return "it has made no plan yet";
      return fmt::format("its last plan is {} old by its own clock, of {}",
                         human_duration(at.local_time - planned_at_),
                         human_duration(version.plan_interval));
    case fact::PlanCause::Threshold:
      if (!version.plan_threshold) return "there is no threshold";
      return fmt::format("no node is more than {} over its share", *version.plan_threshold);
  }
  return "that is none";
}

void BoundedMovement::check_amount(const fact::PlanMade& plan, const At& at) {
  std::uint64_t copies = 0;
  for (const auto& node : plan.basis->holdings.nodes) copies += node.copies;
  if (plan.balance_moves <= copies) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format("{} plans {} moves for evenness under {}, and there are {} copies in all",
                     at.node, plan.balance_moves, plan.term, copies));
}

void BoundedMovement::on(const fact::PlanMade& plan, const At& at) {
  if (plan.term != term_) return;
  evaluated();
  if (!has_cause(plan, at)) {
    report(at, {ShardId::none(), {at.node}, {}},
           fmt::format(
               "{} plans {} moves for evenness under {} by the table of {} without a cause: it "
               "gives {}, and {}",
               at.node, plan.balance_moves, plan.term, plan.revision, to_string(plan.cause),
               no_cause_text(plan, at)));
  }
  check_amount(plan, at);
  planned_ += plan.balance_moves;
  const bool is_periodic = plan.cause == fact::PlanCause::Period;
  if (is_periodic || planned_at_ == Instant::never()) planned_at_ = at.local_time;
  if (plan.cause != fact::PlanCause::Membership) return;
  has_seen_change_ = false;
  planned_by_ = plan.revision;
}

void BoundedMovement::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    if (std::holds_alternative<NodeRecord>(record)) members_changed_in_ = commit.delta.revision;
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr || !after->migration) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    const bool is_known =
        before != nullptr && before->migration && before->migration->id == after->migration->id;
    if (!is_known) begin(*after, commit, at);
  }
}

void BoundedMovement::begin(const ShardInfo& shard, const hook::Committing& commit, const At& at) {
  const Migration& migration = *shard.migration;
  const Subject subject{shard.id, {migration.source, migration.target}, {shard.epoch}};
  if (migration.reason == MigrationReason::Drain) {
    evaluated();
    const NodeRecord* source = oracle_.table().find_node(migration.source);
    if (source == nullptr || source->state != NodeState::Active) return;
    return report(
        at, subject,
        fmt::format("{} moves {} off {} to {} by {}, to empty it, which nobody asked for: "
                    "it is {}",
                    commit.author, shard.id, migration.source, migration.target, migration.id,
                    to_string(source->state)));
  }
  if (migration.reason != MigrationReason::Balance || commit.term != term_) return;
  evaluated();
  begun_ += 1;
  if (begun_ <= planned_) return;
  report(at, subject,
         fmt::format("{} moves {} from {} to {} for evenness by {}: it is number {} of those begun "
                     "under {}, and no more than {} were planned",
                     commit.author, shard.id, migration.source, migration.target, migration.id,
                     begun_, term_, planned_));
}

}  // namespace shardproof::sim::check
