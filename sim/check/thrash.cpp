// SPDX-License-Identifier: Apache-2.0
#include "sim/check/thrash.hpp"

#include <algorithm>

namespace shardproof::sim::check {
namespace {

bool is_for_evenness(const ShardInfo& shard) {
  return shard.migration && shard.migration->reason == MigrationReason::Balance;
}

/// The same copies, and another leader: nobody has died, and nothing was copied.
bool is_transfer(const ShardInfo& before, const ShardInfo& after) {
  const bool changes =
      before.leader.has_value() && after.leader.has_value() && before.leader != after.leader;
  return changes && !before.migration && !after.migration && before.replicas == after.replicas;
}

}  // namespace

Thrash::Return Thrash::find_return(ShardId shard, NodeId node, NodeId from,
                                   bool is_leadership) const {
  if (shard.value() >= departures_.size()) return {};
  // What the coordinator heard of before the change may have been behind what it planned then.
  const Instant known =
      std::max(changed_at_, oracle_.calm_since()) + oracle_.config().disk_unknown_for();
  std::size_t times = 0;
  Instant first = Instant::never();
  for (const Departure& one : departures_[shard.value()]) {
    if (one.node != node || one.is_leadership != is_leadership || one.at <= known) continue;
    first = std::min(first, one.at);
    ++times;
  }
  if (times <= kReturnsMax) return {};
  return {is_leadership ? "the leadership" : "a copy", node, from, first};
}

void Thrash::leave(ShardId shard, NodeId node, bool is_leadership, Instant now) {
  if (shard.value() >= departures_.size()) departures_.resize(shard.value() + 1);
  std::vector<Departure>& all = departures_[shard.value()];
  std::erase_if(all, [&](const Departure& one) { return one.at <= changed_at_; });
  all.push_back({node, now, is_leadership});
}

Thrash::Return Thrash::on_commit(const ShardInfo& before, const ShardInfo& after, Instant now) {
  if (oracle_.faults_active() != 0) return {};
  if (is_transfer(before, after)) {
    const Return found = find_return(after.id, after.leader, before.leader, true);
    leave(after.id, before.leader, true, now);
    return found;
  }
  if (after.migration && !is_for_evenness(after)) {
    note_change(now);
    return {};
  }
  if (!is_for_evenness(after)) return {};
  const MigrationPhase phase = after.migration->phase;
  const bool begins = !before.migration;
  if (begins) {
    return find_return(after.id, after.migration->target, after.migration->source, false);
  }
  if (phase == MigrationPhase::Switch && before.migration->phase == MigrationPhase::Sync) {
    leave(after.id, after.migration->source, false, now);
  }
  return {};
}

}  // namespace shardproof::sim::check
