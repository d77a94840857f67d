// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/shard_changes.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::change {
namespace {

ShardStatus status_of(const ShardInfo& shard, ShardStatus before) {
  if (shard.replicas.empty()) return ShardStatus::Retired;
  if (shard.leader.is_none()) return ShardStatus::Offline;
  // A shard that comes back in the middle of a Cleanup is first of all back.
  if (shard.migration && before != ShardStatus::Offline) {
    return shard.migration->phase == MigrationPhase::Sync ? ShardStatus::Syncing
                                                          : ShardStatus::Migrating;
  }
  return shard.learners.empty() ? ShardStatus::Active : ShardStatus::Syncing;
}

void abort_if(ShardInfo& shard, MigrationInput input) {
  if (shard.migration && aborts(shard.migration->phase, input)) abort_migration(shard);
}

}  // namespace

ShardInfo sealed(ShardInfo edited, const ShardInfo& before) {
  edited.epoch = before.epoch.next();
  edited.status = status_of(edited, before.status);
  return edited;
}

void set_leader(ShardInfo& shard, NodeId leader, NodeId fencing) {
  SHARDPROOF_CHECK(contains(shard.replicas, leader), "{}: {} is not in sync", shard.id, leader);
  abort_if(shard, MigrationInput::LeaderLost);
  shard.leader = leader;
  shard.fencing = fencing == leader ? NodeId::none() : fencing;
}

void begin_anew(ShardInfo& shard) { shard.begin_epoch = shard.epoch.next(); }

void take_offline(ShardInfo& shard) {
  abort_if(shard, MigrationInput::LeaderLost);
  shard.leader = NodeId::none();
  shard.learners.clear();
}

void drop_copy(ShardInfo& shard, NodeId node) {
  SHARDPROOF_CHECK(node != shard.leader, "{}: {} leads", shard.id, node);
  SHARDPROOF_CHECK(shard.replicas.size() > 1 || !contains(shard.replicas, node),
                   "{}: {} is the last in-sync holder", shard.id, node);
  if (shard.migration && shard.migration->target == node) {
    abort_if(shard, MigrationInput::TargetLost);
  } else if (shard.migration && shard.migration->source == node) {
    abort_if(shard, MigrationInput::SourceLost);
  }
  erase_node(shard.replicas, node);
  erase_node(shard.learners, node);
}

void add_learner(ShardInfo& shard, NodeId node) {
  SHARDPROOF_CHECK(!contains(shard.replicas, node) && !contains(shard.learners, node),
                   "{}: {} has a copy", shard.id, node);
  shard.learners.push_back(node);
}

void promote(ShardInfo& shard, NodeId learner) {
  SHARDPROOF_CHECK(contains(shard.learners, learner), "{}: {} is no learner", shard.id, learner);
  erase_node(shard.learners, learner);
  shard.replicas.push_back(learner);
}

void demote(ShardInfo& shard, NodeId replica) {
  SHARDPROOF_CHECK(contains(shard.replicas, replica), "{}: {} is no replica", shard.id, replica);
  drop_copy(shard, replica);
  shard.learners.push_back(replica);
}

void begin_migration(ShardInfo& shard, const Migration& migration) {
  SHARDPROOF_CHECK(!shard.migration && contains(shard.replicas, migration.source),
                   "{}: no migration from {} can begin", shard.id, migration.source);
  add_learner(shard, migration.target);
  shard.migration = migration;
}

void advance(ShardInfo& shard, MigrationPhase phase) {
  SHARDPROOF_CHECK(shard.migration && phase != MigrationPhase::Switch &&
                       is_legal_transition(shard.migration->phase, phase),
                   "{}: no step to {}", shard.id, to_string(phase));
  shard.migration->phase = phase;
}

void switch_over(ShardInfo& shard) {
  SHARDPROOF_CHECK(shard.migration && shard.migration->phase == MigrationPhase::Sync,
                   "{}: only Sync is followed by Switch", shard.id);
  Migration& migration = *shard.migration;
  std::replace(shard.replicas.begin(), shard.replicas.end(), migration.source, migration.target);
  erase_node(shard.learners, migration.target);
  if (shard.leader == migration.source) {
    shard.leader = migration.target;
    shard.fencing = migration.source;
  }
  migration.phase = MigrationPhase::Switch;
}

void abort_migration(ShardInfo& shard) {
  SHARDPROOF_CHECK(shard.migration && aborts(shard.migration->phase, MigrationInput::AbortOrdered),
                   "{}: no migration that can be aborted", shard.id);
  erase_node(shard.learners, shard.migration->target);
  shard.migration.reset();
}

void turn_back(ShardInfo& shard, NodeId fencing) {
  SHARDPROOF_CHECK(shard.migration && shard.migration->phase == MigrationPhase::Switch,
                   "{}: there is a way back from Switch only", shard.id);
  const NodeId source = shard.migration->source;
  shard.migration.reset();
  shard.replicas = NodeList{source};
  erase_node(shard.learners, source);
  set_leader(shard, source, fencing);
}

void end_migration(ShardInfo& shard) {
  SHARDPROOF_CHECK(shard.migration && shard.migration->phase == MigrationPhase::Cleanup,
                   "{}: only Cleanup ends a migration", shard.id);
  shard.migration.reset();
}

void retire(ShardInfo& shard) {
  SHARDPROOF_CHECK(!shard.migration, "{}: retired during a migration", shard.id);
  shard.leader = NodeId::none();
  shard.fencing = NodeId::none();
  shard.replicas.clear();
  shard.learners.clear();
}

MigrationId migration_id(ShardId shard, Epoch prepared) {
  return MigrationId(std::uint64_t{shard.value()} << 32 | (prepared.value() & 0xffff'ffffu));
}

}  // namespace shardproof::change
