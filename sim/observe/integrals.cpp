// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/integrals.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {

std::string_view to_string(SafetyKind kind) {
  switch (kind) {
    case SafetyKind::kOwnerless: return "ownerless";
    case SafetyKind::kWriteBlocked: return "write_blocked";
    case SafetyKind::kUnderReplicated: return "under_replicated";
    case SafetyKind::kSingleCopy: return "single_copy";
  }
  SHARDPROOF_CHECK(false, "safety kind {}", static_cast<int>(kind));
  return {};
}

void SafetyIntegrals::Spell::set(bool holds, Nanoseconds clock) {
  if (holds == is_open) return;
  if (is_open) before += clock - since;
  since = clock;
  is_open = holds;
}

Nanoseconds SafetyIntegrals::Spell::total(Nanoseconds clock) const {
  return is_open ? before + (clock - since) : before;
}

Nanoseconds SafetyIntegrals::Node::entitled_at(Instant now) const {
  const Instant end = std::min(now, lease_until);
  return is_running && end > since ? entitled + (end - since) : entitled;
}

void SafetyIntegrals::Node::settle(Instant now) {
  entitled = entitled_at(now);
  since = now;
}

SafetyIntegrals::Shard& SafetyIntegrals::shard(ShardId id) {
  if (shards_.size() <= id.value()) shards_.resize(id.value() + 1);
  return shards_[id.value()];
}

SafetyIntegrals::Node& SafetyIntegrals::node(NodeId id) {
  if (nodes_.size() <= id.value()) nodes_.resize(id.value() + 1);
  return nodes_[id.value()];
}

Nanoseconds SafetyIntegrals::server_clock(const Shard& shard, Instant now) const {
  return shard.server.is_none() ? Nanoseconds(0) : nodes_[shard.server.value()].entitled_at(now);
}

void SafetyIntegrals::update_writable(Shard& shard, Instant now) {
  const bool writable = shard.server.has_value() && shard.locked_by != shard.server;
  shard.writable.set(writable, server_clock(shard, now));
}

void SafetyIntegrals::set_server(Shard& shard, NodeId server, Instant now) {
  if (shard.server == server) return;
  const Nanoseconds clock = server_clock(shard, now);
  shard.owned.set(false, clock);
  shard.writable.set(false, clock);
  shard.server = server;
  if (server.is_none()) return;
  node(server);
  if (shard.locked_by != server) shard.locked_by = NodeId::none();
  shard.owned.set(true, server_clock(shard, now));
  update_writable(shard, now);
}

void SafetyIntegrals::update_copies(Shard& shard, Instant now) {
  const Nanoseconds clock = now.since_start();
  shard.under_replicated.set(shard.live < shard.replication_factor, clock);
  shard.single_copy.set(shard.replication_factor > 1 && shard.live == 1, clock);
}

void SafetyIntegrals::begin(Shard& shard, Instant now) {
  shard.is_known = true;
  shard.created = now;
  const Nanoseconds clock = server_clock(shard, now);
  shard.owned = Spell{Nanoseconds(0), clock, shard.server.has_value()};
  shard.writable = Spell{Nanoseconds(0), clock, shard.writable.is_open};
}

void SafetyIntegrals::end(Shard& shard, Instant now) {
  set_server(shard, NodeId::none(), now);
  shard.under_replicated.set(false, now.since_start());
  shard.single_copy.set(false, now.since_start());
  shard.replicas.clear();
  shard.ended = std::min(shard.ended, now);
}

void SafetyIntegrals::on_shard(const ShardInfo& info, std::uint32_t replication_factor,
                               const ClusterTally& cluster, Instant now) {
  Shard& changed = shard(info.id);
  if (!changed.is_known) begin(changed, now);
  if (info.status == ShardStatus::Retired) return end(changed, now);
  changed.replication_factor = replication_factor;
  changed.replicas = info.replicas;
  changed.live =
      static_cast<std::uint32_t>(std::count_if(info.replicas.begin(), info.replicas.end(),
                                               [&](NodeId id) { return cluster.is_running(id); }));
  update_copies(changed, now);
}

void SafetyIntegrals::on_leadership_taken(ShardId id, NodeId node, Epoch epoch, Instant now) {
  Shard& taken = shard(id);
  if (epoch < taken.served_epoch || taken.ended <= now) return;
  taken.served_epoch = epoch;
  set_server(taken, node, now);
}

void SafetyIntegrals::on_leadership_left(ShardId id, NodeId node, Epoch epoch, Instant now) {
  Shard& left = shard(id);
  if (left.server == node && epoch >= left.served_epoch) set_server(left, NodeId::none(), now);
}

void SafetyIntegrals::on_writes_locked(ShardId id, NodeId node, Instant now) {
  Shard& locked = shard(id);
  locked.locked_by = node;
  update_writable(locked, now);
}

void SafetyIntegrals::on_writes_unlocked(ShardId id, NodeId node, Instant now) {
  Shard& unlocked = shard(id);
  if (unlocked.locked_by != node) return;
  unlocked.locked_by = NodeId::none();
  update_writable(unlocked, now);
}

void SafetyIntegrals::on_lease(NodeId id, Instant until, Instant now) {
  Node& granted = node(id);
  granted.settle(now);
  granted.lease_until = until;
}

void SafetyIntegrals::on_process(NodeId id, ProcessState state, Instant now) {
  const bool runs = state == ProcessState::kRunning;
  const bool is_down = state == ProcessState::kDown;
  const bool was_running = node(id).is_running;
  for (Shard& shard : shards_) {
    if (is_down && shard.server == id) set_server(shard, NodeId::none(), now);
    if (is_down && shard.locked_by == id) shard.locked_by = NodeId::none();
    if (runs == was_running || !shard.is_known || !contains(shard.replicas, id)) continue;
    shard.live += runs ? 1u : ~0u;
    update_copies(shard, now);
  }
  Node& changed = node(id);
  changed.settle(now);
  changed.is_running = runs;
  if (is_down) changed.lease_until = Instant();
}

SafetyFigures SafetyIntegrals::figures(Instant now) const {
  SafetyFigures figures;
  const auto add = [&](SafetyKind kind, ShardId id, Nanoseconds span) {
    SafetyFigure& figure = figures[static_cast<std::size_t>(kind)];
    figure.total_shard_ns += static_cast<UInt128>(span.count());
    if (span <= figure.worst) return;
    figure.worst = span;
    figure.worst_shard = id;
  };
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    const Shard& shard = shards_[i];
    if (!shard.is_known) continue;
    const ShardId id(static_cast<ShardId::Rep>(i));
    const Nanoseconds age = std::min(now, shard.ended) - shard.created;
    const Nanoseconds clock = server_clock(shard, now);
    add(SafetyKind::kOwnerless, id, age - shard.owned.total(clock));
    add(SafetyKind::kWriteBlocked, id, age - shard.writable.total(clock));
    add(SafetyKind::kUnderReplicated, id, shard.under_replicated.total(now.since_start()));
    add(SafetyKind::kSingleCopy, id, shard.single_copy.total(now.since_start()));
  }
  return figures;
}

}  // namespace shardproof::sim
