// SPDX-License-Identifier: Apache-2.0
#include "sim/check/phase_legality.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/turned_back.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

bool is_before_switch(const ShardInfo& shard) {
  return shard.migration && shard.migration->phase < MigrationPhase::Switch;
}

std::string find_fault_in_switch(const ShardInfo& after) {
  const Migration& migration = *after.migration;
  if (!contains(after.replicas, migration.target)) {
    return fmt::format("{} is in Switch without its target {} in the in-sync set ({})",
                       migration.id, migration.target, names_text(after.replicas));
  }
  if (contains(after.replicas, migration.source) || after.leader == migration.source) {
    return fmt::format("{} is in Switch, and its source {} is still in the in-sync set ({})",
                       migration.id, migration.source, names_text(after.replicas));
  }
  return {};
}

/// "which moves from n1 to n4", or moved.
std::string move_text(const ShardInfo& before, const ShardInfo& after) {
  if (!before.migration && !after.migration) return "which does not move";
  const Migration& migration = after.migration ? *after.migration : *before.migration;
  return fmt::format("which {} from {} to {}", after.migration ? "moves" : "has moved",
                     migration.source, migration.target);
}

/// The same migration goes on.
std::string find_fault_in_step(const ShardInfo& before, const ShardInfo& after) {
  const MigrationPhase from = before.migration->phase;
  const MigrationPhase to = after.migration->phase;
  const int steps = static_cast<int>(to) - static_cast<int>(from);
  if (steps < 0 || steps > 1) {
    return fmt::format("migration {} went from {} to {}", after.migration->id, to_string(from),
                       to_string(to));
  }
  if (after.migration->source != before.migration->source ||
      after.migration->target != before.migration->target) {
    return fmt::format("migration {} from {} to {} became one from {} to {}", after.migration->id,
                       before.migration->source, before.migration->target, after.migration->source,
                       after.migration->target);
  }
  if (steps == 1 && to == MigrationPhase::Switch) return find_fault_in_switch(after);
  if (is_before_switch(after) && contains(after.replicas, after.migration->target)) {
    return fmt::format("the target {} of {} counts as in sync in phase {}", after.migration->target,
                       after.migration->id, to_string(to));
  }
  return {};
}

/// There is a way back from Switch once no in-sync copy is left. `facts` are those of the shard.
std::string find_fault_in_way_back(const ShardInfo& before, const ShardInfo& after,
                                   const ShardFacts& facts, std::uint32_t factor) {
  const Migration& migration = *before.migration;
  if (!is_turned_back(before, after)) {
    return fmt::format("migration {} ended from Switch without Cleanup", migration.id);
  }
  if (before.replicas.size() < factor) {
    return fmt::format(
        "migration {} turned back from Switch to {}, and one of the {} copies has left "
        "the set and may have more",
        migration.id, migration.source, factor);
  }
  for (const NodeId node : before.replicas) {
    const HeldCopy* copy = facts.find(node);
    if (copy == nullptr || copy->destroyed) continue;
    return fmt::format("migration {} turned back from Switch to {}, and {} has a copy up to {}",
                       migration.id, migration.source, node, copy->durable);
  }
  return {};
}

/// The migration is gone from the record, and had not come to Switch.
std::string find_fault_in_abort(const ShardInfo& before, const ShardInfo& after) {
  const Migration& migration = *before.migration;
  if (contains(after.replicas, migration.target) || contains(after.learners, migration.target)) {
    return fmt::format("migration {} was aborted and left its target {} in the table", migration.id,
                       migration.target);
  }
  return {};
}

}  // namespace

PhaseLegality::Shard& PhaseLegality::state(ShardId shard) {
  if (shard.value() >= shards_.size()) shards_.resize(shard.value() + 1);
  return shards_[shard.value()];
}

void PhaseLegality::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before != nullptr && *before != *after) {
      evaluated();
      const std::string fault = find_fault(*before, *after);
      if (!fault.empty()) {
        report(at, {after->id, {commit.author}, {after->epoch, before->epoch}},
               fmt::format("{} committed for {} at {}, {}: {}", commit.author, after->id,
                           after->epoch, move_text(*before, *after), fault));
      }
    }
    note(*after, at);
  }
}

std::string PhaseLegality::find_fault(const ShardInfo& before, const ShardInfo& after) const {
  if (after.epoch <= before.epoch) {
    return fmt::format("a change with the epoch {} after {}, which does not rise", after.epoch,
                       before.epoch);
  }
  if (before.status == ShardStatus::Offline && after.status == ShardStatus::Migrating) {
    return "from Offline to Migrating, although nobody leads it";
  }
  const bool same =
      before.migration && after.migration && before.migration->id == after.migration->id;
  if (same) return find_fault_in_step(before, after);
  if (before.migration && after.migration) {
    return fmt::format("migration {} took the place of {}", after.migration->id,
                       before.migration->id);
  }
  if (before.migration) {
    switch (before.migration->phase) {
      case MigrationPhase::Cleanup: return {};
      case MigrationPhase::Switch:
        return find_fault_in_way_back(before, after, oracle_.shard(after.id),
                                      oracle_.collection_of(after.id).replication_factor);
      default: return find_fault_in_abort(before, after);
    }
  }
  if (!after.migration) return {};
  if (after.migration->phase != MigrationPhase::Prepare) {
    return fmt::format("migration {} began with {}", after.migration->id,
                       to_string(after.migration->phase));
  }
  if (after.id.value() < shards_.size() && shards_[after.id.value()].last == after.migration->id) {
    return fmt::format("migration {} began a second time", after.migration->id);
  }
  return {};
}

void PhaseLegality::note(const ShardInfo& after, const At& at) {
  Shard& known = state(after.id);
  const ShardInfo* before = oracle_.table().find_shard(after.id);
  if (before != nullptr && is_before_switch(*before) && !is_before_switch(after)) {
    known.over_since = at.true_time;
  }
  if (after.migration) known.last = after.migration->id;
}

void PhaseLegality::on(const fact::WritesLocked& lock, const At& at) {
  state(lock.shard).lock = {at.node, lock.migration};
}

void PhaseLegality::on(const fact::WriteQueued& write, const At& at) {
  evaluated();
  const Shard& known = state(write.shard);
  const ShardInfo& info = oracle_.table().shards()[write.shard.value()];
  if (known.lock.node != at.node) return;
  if (is_before_switch(info) && info.migration->id == known.lock.migration) return;
  // The holder needs a lease to queue, and hears of the commit with the next answer to a heartbeat;
  // faults may keep the table itself from it.
  const Timing& timing = oracle_.config().longest;
  const Nanoseconds bound =
      timing.node_lease * 2 + timing.clock_error_bound + timing.metadata_timeout * 4;
  const Instant since = std::max(known.over_since, oracle_.calm_since());
  if (since == Instant::never() || at.true_time - since <= bound) return;
  if (oracle_.is_broken_for_good(at.node)) return;
  report(
      at, {write.shard, {at.node}, {info.epoch}},
      fmt::format("{} still holds writes of {} back for migration {}, which left the phases before "
                  "Switch {} ago",
                  at.node, write.shard, known.lock.migration,
                  human_duration(at.true_time - known.over_since)));
}

}  // namespace shardproof::sim::check
