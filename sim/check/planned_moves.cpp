// SPDX-License-Identifier: Apache-2.0
#include "sim/check/planned_moves.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/open_windows.hpp"

namespace shardproof::sim::check {
namespace {

/// How often plans are made whichever version the coordinator runs; zero if one makes none.
Nanoseconds plan_interval(const CheckConfig& config) {
  Nanoseconds longest;
  for (const VersionTraits& version : config.versions) {
    if (version.plan_interval == Nanoseconds(0)) return version.plan_interval;
    longest = std::max(longest, version.plan_interval);
  }
  return longest;
}

}  // namespace

void PlannedMoves::on(const hook::Committing& commit, const At&) {
  for (const Record& record : commit.delta.records) {
    const auto* settings = std::get_if<ClusterSettings>(&record);
    if (settings == nullptr || settings->balancing_enabled) continue;
    // What waits for evenness is dropped then, or goes on if it is on again before anybody looked.
    waiting_.moves = 0;
    off_in_ = commit.delta.revision;
  }
}

void PlannedMoves::on(const fact::PlannedMoveTaken& taken, const At&) {
  const bool is_counted = taken.for_evenness && taken.term == waiting_.term;
  if (is_counted && waiting_.moves > 0) --waiting_.moves;
}

void PlannedMoves::on(const fact::PlanMade& plan, const At& at) {
  // What waits for evenness stays then.
  if (!plan.for_evenness && plan.cause == fact::PlanCause::Drain) return;
  // Who plans without knowing that balancing is off drops the plan when it learns of it.
  const bool may_be_dropped = plan.revision < off_in_;
  const std::uint64_t moves = may_be_dropped ? 0 : plan.balance_moves + plan.transfers;
  waiting_ = {at.node, plan.term, moves, at.true_time};
  if (plan.for_evenness) planned_by_ = std::max(planned_by_, plan.revision);
}

void PlannedMoves::on(const hook::Settled&, const At& at) {
  check_periodic(at);
  check_waiting(at);
}

/// Whoever holds the office since the plan, with nothing in flight any more, has begun all of it.
void PlannedMoves::check_waiting(const At& at) {
  if (waiting_.moves == 0 || waiting_.term != oracle_.office()) return;
  if (!oracle_.table().settings().balancing_enabled || !oracle_.is_well_known(at)) return;
  evaluated();
  // By its last lease, as it counts on both clocks: how far the planner's is off.
  const Timing& timing = oracle_.config().longest;
  const NodeFacts& planner = oracle_.node(waiting_.planner);
  if (planner.lease_until == Instant()) return;
  const Instant clock = at.true_time + (planner.lease_until - planner.leased_until);
  const Nanoseconds patience = timing.node_lease * 4 + timing.coordinator_lease * 4;
  if (at.true_time - waiting_.planned_at <= patience) return;
  const auto& limits = oracle_.version_of_office(waiting_.planner, waiting_.term).limits;
  const auto open = open_since(limits, clock);
  if (!open || clock - *open <= patience || !open_since(limits, clock + timing.node_lease)) return;
  report(
      at, {ShardId::none(), {waiting_.planner}, {}},
      fmt::format("settled, and of what {} has planned for evenness under {}, {} ago, {} moves or "
                  "hand-overs have not begun, although {}",
                  waiting_.planner, waiting_.term,
                  human_duration(at.true_time - waiting_.planned_at), waiting_.moves,
                  limits.windows.empty() ? std::string("they may at any time")
                                         : fmt::format("a window for them has been open for {}",
                                                       human_duration(clock - *open))));
}

void PlannedMoves::check_periodic(const At& at) {
  const CheckConfig& config = oracle_.config();
  const Timing& timing = config.longest;
  const Nanoseconds interval = plan_interval(config);
  // A single node has nobody to plan, and nowhere to move a copy.
  if (!config.has_cluster_manager || interval == Nanoseconds(0)) return;
  if (!oracle_.table().settings().balancing_enabled || !oracle_.is_whole()) return;
  evaluated();
  // An unknown load holds a plan up, and a new coordinator knows none.
  const Nanoseconds bound = interval * 2 + timing.report_interval * 2 + timing.node_lease * 4 +
                            timing.coordinator_lease * 4;
  const Instant since = std::max(oracle_.holdings().changed_at(), oracle_.calm_since());
  if (planned_by_ >= oracle_.holdings().changed_in() || at.true_time - since <= bound) return;
  report(at, {ShardId::none(), {}, {}},
         fmt::format("settled, and nothing was planned for {} although plans are to be made every "
                     "{}: the last one was by the table of {}, and copies have changed in {}",
                     human_duration(at.true_time - since), human_duration(interval), planned_by_,
                     oracle_.holdings().changed_in()));
}

}  // namespace shardproof::sim::check
