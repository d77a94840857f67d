// SPDX-License-Identifier: Apache-2.0
#include "sim/check/phase_limits.hpp"

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {
namespace {

/// How long an overdue phase is watched before it is reported: whoever was held up does a lot at
/// once, and gives it up among the rest.
constexpr Nanoseconds kPatience = seconds(2);
/// By how much a clock may move against the true time between two leases and count as steady.
constexpr Nanoseconds kSteady = milliseconds(100);

}  // namespace

void PhaseLimits::disturb(NodeId node, const At& at) {
  if (node.value() >= disturbed_at_.size()) disturbed_at_.resize(node.value() + 1);
  disturbed_at_[node.value()] = at.true_time;
}

void PhaseLimits::on(const hook::Committing& commit, const At&) {
  for (const Record& record : commit.delta.records) {
    const auto* info = std::get_if<ShardInfo>(&record);
    if (info == nullptr) continue;
    if (info->migration && info->migration->phase < MigrationPhase::Switch) {
      watches_[info->id] = {commit.delta.revision};
    } else {
      watches_.erase(info->id);
    }
  }
}

void PhaseLimits::on(const fact::LeaseTaken& lease, const At& at) {
  if (at.node != oracle_.table().coordinator().node || lease.term != oracle_.office()) return;
  const Nanoseconds ahead = at.local_time.since_start() - at.true_time.since_start();
  Coordinator& one = coordinator_;
  const bool is_same = one.term == lease.term && one.incarnation == at.incarnation;
  const Nanoseconds moved = ahead - one.clock_ahead;
  const bool is_steady = moved < kSteady && Nanoseconds(0) - moved < kSteady;
  const bool was_awake = at.true_time - one.last_sign <= oracle_.config().longest.node_lease;
  if (!is_same || !is_steady || !was_awake) one.awake_since = at.true_time;
  one = {lease.term, at.incarnation, ahead, one.awake_since, at.true_time};
  for (auto& [shard, watch] : watches_) check(*oracle_.table().find_shard(shard), watch, at);
}

Nanoseconds PhaseLimits::limit_of(const ShardInfo& info) const {
  const Timing& timing = oracle_.config().longest;
  const Bytes content = oracle_.most_to_copy(info.id);
  const Nanoseconds limit = info.migration->phase == MigrationPhase::Copy
                                ? copy_time_limit(*info.migration, content, timing)
                                : timing.migration_timeout;
  // A clock may be slow.
  return limit + limit / 8 + timing.node_lease;
}

/// For something else than the time, or for a time that began later.
bool PhaseLimits::may_be_waiting(const ShardInfo& info, const Watch& watch, const At& at) const {
  const NodeFacts& leader = oracle_.node(info.leader);
  if (!leader.up || leader.leased_until < at.true_time) return true;
  if (oracle_.node(at.node).adopted < watch.changed) return true;
  const std::size_t place = info.leader.value();
  const Instant disturbed = place < disturbed_at_.size() ? disturbed_at_[place] : Instant();
  const Instant proposed = oracle_.shard(info.id).proposed_at;
  const Instant since = watch.known_since;
  return since == Instant::never() || since < coordinator_.awake_since || since < disturbed ||
         (proposed != Instant::never() && since < proposed);
}

void PhaseLimits::check(const ShardInfo& info, Watch& watch, const At& at) {
  if (may_be_waiting(info, watch, at)) {
    watch.known_since = at.true_time;
    watch.overdue_since = Instant::never();
    return;
  }
  evaluated();
  const Nanoseconds known = at.true_time - watch.known_since;
  const Nanoseconds limit = limit_of(info);
  if (known <= limit) return;
  if (watch.overdue_since == Instant::never()) watch.overdue_since = at.true_time;
  if (at.true_time - watch.overdue_since < kPatience) return;
  const Migration& migration = *info.migration;
  report(at, {info.id, {at.node, migration.target}, {info.epoch}},
         fmt::format("migration {} of {} from {} to {} has been in {} for {}, and coordinator {}, "
                     "who has known of it all that time, does not give it up (it has {})",
                     migration.id, info.id, migration.source, migration.target,
                     to_string(migration.phase), human_duration(known), at.node,
                     human_duration(limit)));
}

}  // namespace shardproof::sim::check
