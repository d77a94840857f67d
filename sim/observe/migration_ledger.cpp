// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/migration_ledger.hpp"

#include <algorithm>
#include <iterator>

#include "core/distribution/bounds.hpp"

namespace shardproof::sim {
namespace {

using Kind = MigrationStep::Kind;

std::size_t phase_index(const Migration& migration) {
  return static_cast<std::size_t>(migration.phase);
}

std::vector<distribution::NodeView> node_views(const ClusterTally& cluster) {
  std::vector<distribution::NodeView> views(cluster.nodes().size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    const ClusterTally::Node& node = cluster.nodes()[i];
    distribution::NodeView& view = views[i];
    view.id = NodeId(static_cast<NodeId::Rep>(i));
    view.state = node.is_known ? node.record.state : NodeState::Removed;
    view.alive = node.process != ProcessState::kDown;
    view.domain = node.record.domain;
    view.capacity = node.record.capacity;
  }
  return views;
}

}  // namespace

MigrationLedger::Origin& MigrationLedger::origin(ShardId shard) {
  if (origins_.size() <= shard.value()) origins_.resize(shard.value() + 1);
  return origins_[shard.value()];
}

std::optional<MigrationStep> MigrationLedger::end(MigrationId id, Instant now) {
  const auto found = active_.find(id);
  if (found == active_.end()) return std::nullopt;
  const MigrationEntry entry = found->second;
  active_.erase(found);
  --by_phase_[phase_index(entry.migration)];
  last_end_ = now;
  // The last phase is the only one that ends well; from Switch there is a way back.
  const bool is_aborted = entry.migration.phase < MigrationPhase::Cleanup;
  (is_aborted ? aborted_ : completed_) += 1;
  (is_aborted ? moved_aborted_ : moved_completed_) += entry.sent;
  return MigrationStep{is_aborted ? Kind::kAborted : Kind::kCompleted, entry};
}

void MigrationLedger::settle_repairs(const ShardInfo& after) {
  auto entry = repairing_.lower_bound({after.id, NodeId(0)});
  while (entry != repairing_.end() && entry->first == after.id) {
    const bool is_made = contains(after.replicas, entry->second);
    repaired_ += is_made ? 1 : 0;
    const bool goes_on = !is_made && contains(after.learners, entry->second);
    entry = goes_on ? std::next(entry) : repairing_.erase(entry);
  }
}

std::optional<MigrationStep> MigrationLedger::on_shard(const ShardInfo& before,
                                                       const ShardInfo& after, Instant now) {
  Origin& first = origin(after.id);
  if (!first.is_known && !after.replicas.empty()) {
    first.is_known = true;
    first.leader = after.leader;
    first.replicas = after.replicas;
  }
  settle_repairs(after);
  const bool goes_on =
      before.migration && after.migration && before.migration->id == after.migration->id;
  std::optional<MigrationStep> step;
  if (before.migration && !goes_on) step = end(before.migration->id, now);
  if (!after.migration) return step;
  if (!goes_on) {
    if (count_++ == 0) first_begin_ = now;
    ++by_phase_[phase_index(*after.migration)];
    const auto& entry = active_[after.migration->id] =
        MigrationEntry{*after.migration, after.id, now, Bytes(), Bytes()};
    return MigrationStep{Kind::kBegan, entry};
  }
  MigrationEntry& entry = active_.at(after.migration->id);
  const bool is_new_phase = entry.migration.phase != after.migration->phase;
  --by_phase_[phase_index(entry.migration)];
  ++by_phase_[phase_index(*after.migration)];
  entry.migration = *after.migration;
  if (!is_new_phase) return std::nullopt;
  return MigrationStep{Kind::kEntered, entry};
}

void MigrationLedger::on_chunk_sent(const fact::ChunkSent& chunk, Bytes shard_bytes) {
  moved_ += chunk.bytes;
  if (chunk.again) moved_again_ += chunk.bytes;
  Origin& moved = origin(chunk.shard);
  moved.smallest = std::min(moved.smallest.value_or(shard_bytes), shard_bytes);
  const auto found = active_.find(chunk.migration);
  if (found == active_.end()) {
    moved_for_repair_ += chunk.bytes;
    if (chunk.migration.is_none()) repairing_.emplace(chunk.shard, chunk.target);
    return;
  }
  found->second.sent += chunk.bytes;
  if (chunk.again) found->second.sent_again += chunk.bytes;
}

std::uint32_t MigrationLedger::phases() const {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < by_phase_.size(); ++i) {
    if (by_phase_[i] > 0) bits |= 1u << i;
  }
  return bits;
}

Bytes MigrationLedger::moved_active() const {
  Bytes sum;
  for (const auto& [id, entry] : active_) sum += entry.sent;
  return sum;
}

Nanoseconds MigrationLedger::makespan() const {
  return last_end_ ? *last_end_ - first_begin_ : Nanoseconds(0);
}

Bytes MigrationLedger::price(ShardId shard, const std::vector<Bytes>& shard_bytes) const {
  const std::size_t i = shard.value();
  const Bytes now = i < shard_bytes.size() ? shard_bytes[i] : Bytes();
  return std::min(now, origins_[i].smallest.value_or(now));
}

MoveMinimum MigrationLedger::minimum(const ClusterTally& cluster,
                                     const std::vector<Bytes>& shard_bytes) const {
  distribution::ClusterView view{node_views(cluster), {}};
  MoveMinimum changed;
  for (std::size_t i = 0; i < origins_.size(); ++i) {
    const Origin& first = origins_[i];
    const ShardId id(static_cast<ShardId::Rep>(i));
    if (!first.is_known || cluster.shard(id).status == ShardStatus::Retired) continue;
    distribution::ShardView shard;
    shard.id = id;
    shard.leader = first.leader;
    shard.replicas.assign(first.replicas.begin(), first.replicas.end());
    shard.bytes = price(shard.id, shard_bytes);
    const NodeList& present = cluster.shard(id).replicas;
    const auto is_new = [&](NodeId node) { return !contains(first.replicas, node); };
    const auto copies =
        static_cast<std::uint64_t>(std::count_if(present.begin(), present.end(), is_new));
    changed.copies += copies;
    changed.bytes += shard.bytes * copies;
    view.shards.push_back(std::move(shard));
  }
  if (changed.copies == 0) return changed;
  const std::vector<bool> members = distribution::members_after_changes(view);
  if (std::find(members.begin(), members.end(), true) == members.end()) return changed;
  const distribution::MigrationMinimum bound = distribution::migration_minimum(view, members);
  return {std::min(changed.copies, bound.copies), std::min(changed.bytes, bound.bytes)};
}

}  // namespace shardproof::sim
