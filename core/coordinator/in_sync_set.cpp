// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/in_sync_set.hpp"

#include <algorithm>

#include "core/coordinator/replication.hpp"
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

/// A live copy beyond those wanted would be deleted as soon as the table does not name it: it has
/// to wait for the leader's word, see `settle_learners`. A migration that has switched has asked
/// for that already.
bool has_to_wait(const Tenure& tenure, const ShardInfo& shard, NodeId node, std::size_t wanted) {
  const bool is_surplus = contains(shard.replicas, node) && shard.replicas.size() > wanted;
  const bool has_switched = shard.migration && shard.migration->target == node;
  return is_surplus && !has_switched && !tenure.detector.is_dead(node);
}

/// True if a copy was dropped, or of more than are `wanted` demoted. Replicas stay if their list is
/// not `is_trimmed`.
bool drop_lost(const Tenure& tenure, const ShardNotes& notes, bool is_trimmed, std::size_t wanted,
               ShardInfo& shard) {
  NodeList nodes = shard.replicas;
  if (!is_trimmed) nodes.clear();
  nodes.insert(nodes.end(), shard.learners.begin(), shard.learners.end());
  bool changed = false;
  for (const NodeId node : nodes) {
    if (!is_lost(tenure, shard, notes, node)) continue;
    if (has_to_wait(tenure, shard, node, wanted)) {
      change::demote(shard, node);
    } else {
      change::drop_copy(shard, node);
    }
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

/// Whether the leader has said anything of a copy in this epoch.
bool has_leader_spoken(const ShardInfo& shard, const ShardNotes& notes) {
  return std::any_of(notes.reports.begin(), notes.reports.end(),
                     [&](const auto& known) { return known.from == shard.leader; });
}

/// True if a learner was promoted, or dropped because no copy is missing. Dropped is one only when
/// the leader has told in this epoch that it is there: it may be a replica that was demoted, and
/// have what the others have lost since.
bool settle_learners(const ShardNotes& notes, std::size_t wanted, ShardInfo& shard, Step& step) {
  bool changed = false;
  const NodeList learners = shard.learners;
  for (const NodeId node : learners) {
    if (is_migration_target(shard, node)) continue;
    if (shard.replicas.size() >= wanted) {
      if (!has_leader_spoken(shard, notes)) continue;
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

/// True if a replica beyond those wanted became a learner, which `settle_learners` sends away. One
/// at a time, not while the shard moves, and only when the leader has told that it sees it too: it
/// may be dead, and nobody know.
bool demote_surplus(const Tenure& tenure, const ShardNotes& notes, std::size_t wanted,
                    ShardInfo& shard, Step& step) {
  const bool is_at_rest = !shard.migration && shard.learners.empty();
  if (!is_at_rest || shard.replicas.size() <= wanted) return false;
  if (!leader_says(shard, notes, ShardEvent::Surplus, shard.leader)) return false;
  step.effects.hit(Probe::SurplusReplicaDemoted);
  change::demote(shard, surplus_replica(shard, tenure, step));
  return true;
}

}  // namespace

bool attend_in_sync_set(Tenure& tenure, const ShardInfo& shard, const ShardNotes& notes,
                        Step& step) {
  // While it is not known whether the leader lives, its followers may be all there is.
  if (!tenure.detector.is_alive(shard.leader)) return false;
  ShardInfo after = shard;
  const char* intent = "shrink";
  const bool is_trimmed = step.config.rules.is_on(Rule::ReplicaListTrimmed);
  std::size_t wanted = step.table.find_collection(shard.collection)->replication_factor;
  if (!is_trimmed) wanted = after.replicas.size() + after.learners.size();
  if (drop_lost(tenure, notes, is_trimmed, wanted, after)) {
    if (has_lost_live_replica(shard, after, tenure)) step.effects.hit(Probe::ReplicaLeftSet);
  } else if (settle_learners(notes, wanted, after, step)) {
    intent = "promote";
  } else if (demote_surplus(tenure, notes, wanted, after, step)) {
    intent = "demote";
    tenure.copies.on_leaving(shard.id, after.learners.back());
  } else {
    return false;
  }
  tenure.proposals.propose(change::sealed(std::move(after), shard), intent, step);
  return true;
}

}  // namespace shardproof
