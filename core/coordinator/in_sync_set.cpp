// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/in_sync_set.hpp"

#include <algorithm>

#include "core/coordinator/shard_changes.hpp"

namespace shardproof {
namespace {

using message::ShardEvent;

bool leader_says(const ShardInfo& shard, const ShardNotes& notes, ShardEvent event,
                 NodeId subject) {
  return std::any_of(notes.reports.begin(), notes.reports.end(), [&](const auto& known) {
    return known.from == shard.leader && known.report.event == event &&
           known.report.subject == subject;
  });
}

bool is_lost(const Tenure& tenure, const ShardInfo& shard, const ShardNotes& notes, NodeId node) {
  if (node == shard.leader) return false;
  return tenure.detector.is_dead(node) || leader_says(shard, notes, ShardEvent::Lagging, node);
}

/// True if a copy was dropped. Replicas stay if their list is not `is_trimmed`.
bool drop_lost(const Tenure& tenure, const ShardNotes& notes, bool is_trimmed, ShardInfo& shard) {
  NodeList nodes = shard.replicas;
  if (!is_trimmed) nodes.clear();
  nodes.insert(nodes.end(), shard.learners.begin(), shard.learners.end());
  bool changed = false;
  for (const NodeId node : nodes) {
    if (!is_lost(tenure, shard, notes, node)) continue;
    change::drop_copy(shard, node);
    changed = true;
  }
  return changed;
}

bool is_migration_target(const ShardInfo& shard, NodeId node) {
  return shard.migration && shard.migration->target == node;
}

bool has_lost_live_replica(const ShardInfo& before, const ShardInfo& after, const Tenure& tenure) {
  return std::any_of(before.replicas.begin(), before.replicas.end(), [&](NodeId node) {
    return !contains(after.replicas, node) && !tenure.detector.is_dead(node);
  });
}

/// True if a learner was promoted, or dropped because no copy is missing.
bool settle_learners(const ShardNotes& notes, std::size_t wanted, ShardInfo& shard, Step& step) {
  bool changed = false;
  const NodeList learners = shard.learners;
  for (const NodeId node : learners) {
    if (is_migration_target(shard, node)) continue;
    if (shard.replicas.size() >= wanted) {
      step.effects.hit(Probe::SurplusLearnerDropped);
      change::drop_copy(shard, node);
      changed = true;
    } else if (leader_says(shard, notes, ShardEvent::CaughtUp, node)) {
      step.effects.hit(Probe::LearnerPromoted);
      change::promote(shard, node);
      changed = true;
    }
  }
  return changed;
}

}  // namespace

bool attend_in_sync_set(Tenure& tenure, const ShardInfo& shard, const ShardNotes& notes,
                        Step& step) {
  // While it is not known whether the leader lives, its followers may be all there is.
  if (!tenure.detector.is_alive(shard.leader)) return false;
  ShardInfo after = shard;
  const char* intent = "shrink";
  const bool is_trimmed = step.config.rules.is_on(Rule::ReplicaListTrimmed);
  if (!drop_lost(tenure, notes, is_trimmed, after)) {
    std::size_t wanted = step.table.find_collection(shard.collection)->replication_factor;
    if (!is_trimmed) wanted = after.replicas.size() + after.learners.size();
    if (!settle_learners(notes, wanted, after, step)) return false;
    intent = "promote";
  }
  if (has_lost_live_replica(shard, after, tenure)) step.effects.hit(Probe::ReplicaLeftSet);
  tenure.proposals.propose(change::sealed(std::move(after), shard), intent, step);
  return true;
}

}  // namespace shardproof
