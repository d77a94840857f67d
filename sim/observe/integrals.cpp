// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/integrals.hpp"

#include <algorithm>
#include <set>

#include "core/base/check.hpp"

namespace shardproof::sim {

std::string_view to_string(SafetyKind kind) {
  switch (kind) {
    case SafetyKind::kOwnerless: return "ownerless";
    case SafetyKind::kWriteBlocked: return "write_blocked";
    case SafetyKind::kUnderReplicated: return "under_replicated";
    case SafetyKind::kSingleCopy: return "single_copy";
    case SafetyKind::kDomainViolating: return "domain_violating";
    case SafetyKind::kDualOwner: return "dual_owner";
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

void SafetyIntegrals::update_domains(Shard& shard, const ClusterTally& cluster, Instant now) {
  const auto stand_together = [&](NodeId one, NodeId other, DomainLevel level) {
    const std::size_t known = cluster.nodes().size();
    if (one.value() >= known || other.value() >= known) return false;
    return same_domain(cluster.nodes()[one.value()].record.domain,
                       cluster.nodes()[other.value()].record.domain, level);
  };
  const auto distinct = [&](DomainLevel level) {
    std::size_t count = 0;
    for (auto it = shard.replicas.begin(); it != shard.replicas.end(); ++it) {
      count += std::none_of(shard.replicas.begin(), it,
                            [&](NodeId earlier) { return stand_together(earlier, *it, level); });
    }
    return count;
  };
  const std::size_t copies = shard.replicas.size();
  const bool is_violated = distinct(DomainLevel::Zone) < std::min(copies, zones_) ||
                           distinct(DomainLevel::Rack) < std::min(copies, racks_);
  shard.domain_violating.set(is_violated, now.since_start());
}

void SafetyIntegrals::on_membership(const ClusterTally& cluster, Instant now) {
  std::set<std::uint64_t> zones;
  std::set<std::uint64_t> racks;
  for (const ClusterTally::Node& node : cluster.nodes()) {
    if (!node.is_known || node.record.state != NodeState::Active) continue;
    zones.insert(domain_key(node.record.domain, DomainLevel::Zone));
    racks.insert(domain_key(node.record.domain, DomainLevel::Rack));
  }
  zones_ = zones.size();
  racks_ = racks.size();
  for (Shard& shard : shards_) {
    if (shard.is_known && shard.ended == Instant::never()) update_domains(shard, cluster, now);
  }
}

Nanoseconds SafetyIntegrals::overlap(const Claim& claim, Instant now) const {
  const NodeId server = shards_[claim.shard.value()].server;
  if (server.is_none() || server == claim.former) return Nanoseconds(0);
  const Node& one = nodes_[server.value()];
  const Node& other = nodes_[claim.former.value()];
  if (!one.is_running || !other.is_running) return Nanoseconds(0);
  const Instant end = std::min({now, one.lease_until, other.lease_until});
  return end > claim.since ? end - claim.since : Nanoseconds(0);
}

template <typename Concerns>
void SafetyIntegrals::settle_claims(Concerns&& concerns, Instant now) {
  for (Claim& claim : claims_) {
    if (!concerns(claim)) continue;
    shards_[claim.shard.value()].dual_owner += overlap(claim, now);
    claim.since = now;
  }
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
  shard.domain_violating.set(false, now.since_start());
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
  update_domains(changed, cluster, now);
}

void SafetyIntegrals::on_leadership_taken(ShardId id, NodeId node, Epoch epoch, Instant now) {
  Shard& taken = shard(id);
  if (epoch < taken.served_epoch || taken.ended <= now) return;
  taken.served_epoch = epoch;
  const auto is_of_shard = [id](const Claim& claim) { return claim.shard == id; };
  settle_claims(is_of_shard, now);
  std::erase_if(claims_,
                [&](const Claim& claim) { return is_of_shard(claim) && claim.former == node; });
  if (taken.server.has_value() && taken.server != node) {
    claims_.push_back({id, taken.server, now});
  }
  set_server(taken, node, now);
}

void SafetyIntegrals::on_leadership_left(ShardId id, NodeId node, Instant now) {
  Shard& left = shard(id);
  const auto is_of_shard = [id](const Claim& claim) { return claim.shard == id; };
  settle_claims(is_of_shard, now);
  std::erase_if(claims_,
                [&](const Claim& claim) { return is_of_shard(claim) && claim.former == node; });
  // The epochs of the two facts differ where members changed before it served: a node leaves what
  // it has taken, in this order.
  if (left.server == node) set_server(left, NodeId::none(), now);
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

bool SafetyIntegrals::concerns(const Claim& claim, NodeId node) const {
  return claim.former == node || shards_[claim.shard.value()].server == node;
}

void SafetyIntegrals::on_lease(NodeId id, Instant until, Instant now) {
  Node& granted = node(id);
  settle_claims([&](const Claim& claim) { return concerns(claim, id); }, now);
  granted.settle(now);
  granted.lease_until = until;
}

void SafetyIntegrals::on_process(NodeId id, ProcessState state, Instant now) {
  const bool runs = state == ProcessState::kRunning;
  const bool is_down = state == ProcessState::kDown;
  const bool was_running = node(id).is_running;
  settle_claims([&](const Claim& claim) { return concerns(claim, id); }, now);
  if (is_down) std::erase_if(claims_, [id](const Claim& claim) { return claim.former == id; });
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

bool SafetyIntegrals::violates_domains() const {
  return std::any_of(shards_.begin(), shards_.end(),
                     [](const Shard& shard) { return shard.domain_violating.is_open; });
}

SafetyFigures SafetyIntegrals::figures(Instant now) const {
  SafetyFigures figures;
  const auto dual_owner = [&](ShardId id) {
    Nanoseconds sum = shards_[id.value()].dual_owner;
    for (const Claim& claim : claims_) {
      if (claim.shard == id) sum += overlap(claim, now);
    }
    return sum;
  };
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
    add(SafetyKind::kDomainViolating, id, shard.domain_violating.total(now.since_start()));
    add(SafetyKind::kDualOwner, id, dual_owner(id));
  }
  return figures;
}

}  // namespace shardproof::sim
