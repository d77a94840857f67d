// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/failure_detector.hpp"

#include <algorithm>

namespace shardproof {
namespace {

/// How long after its last heartbeat a node may still act on what it was granted.
Nanoseconds longest_grant(const NodeConfig& config) {
  const Timing& timing = config.timing;
  if (!config.rules.is_on(Rule::TakeoverWaitsForLease)) return timing.heartbeat_interval * 3;
  return timing.node_lease + timing.clock_error_bound;
}

}  // namespace

const FailureDetector::Health* FailureDetector::find(NodeId node) const {
  if (node.is_none() || node.value() >= health_.size()) return nullptr;
  const Health& health = health_[node.value()];
  return health.life == Life::NotMember ? nullptr : &health;
}

void FailureDetector::watch(NodeId node, Instant now, const NodeConfig& config) {
  if (node.value() >= health_.size()) health_.resize(node.value() + 1);
  Health& health = health_[node.value()];
  if (health.life != Life::NotMember) return;
  health.life = Life::Unheard;
  const bool waits = config.rules.is_on(Rule::NewCoordinatorWaits);
  health.granted_until = waits ? now + longest_grant(config) : now;
}

void FailureDetector::forget(NodeId node) {
  if (find(node) != nullptr) health_[node.value()] = Health{};
}

bool FailureDetector::on_heartbeat(NodeId node, Revision revision, Instant now,
                                   const NodeConfig& config) {
  if (find(node) == nullptr) return false;
  Health& health = health_[node.value()];
  const bool is_news = health.life != Life::Alive;
  health.life = Life::Alive;
  health.last_heard = now;
  health.granted_until = now + longest_grant(config);
  health.revision = std::max(health.revision, revision);
  return is_news;
}

std::vector<NodeId> FailureDetector::on_tick(Instant now) {
  std::vector<NodeId> dead;
  for (std::uint32_t id = 0; id < health_.size(); ++id) {
    Health& health = health_[id];
    if (health.life != Life::Unheard && health.life != Life::Alive) continue;
    if (now <= health.granted_until) continue;
    health.life = Life::Dead;
    health.dead_since = now;
    dead.push_back(NodeId(id));
  }
  return dead;
}

void FailureDetector::expect_return(NodeId node, Instant now) {
  if (find(node) != nullptr && is_dead(node)) health_[node.value()].dead_since = now;
}

bool FailureDetector::is_alive(NodeId node) const {
  const Health* health = find(node);
  return health != nullptr && health->life == Life::Alive;
}

bool FailureDetector::is_dead(NodeId node) const {
  const Health* health = find(node);
  return health == nullptr || health->life == Life::Dead;
}

Instant FailureDetector::dead_since(NodeId node) const {
  const Health* health = find(node);
  return health == nullptr ? Instant() : health->dead_since;
}

Instant FailureDetector::last_heard(NodeId node) const {
  const Health* health = find(node);
  return health == nullptr ? Instant() : health->last_heard;
}

Revision FailureDetector::known_revision(NodeId node) const {
  const Health* health = find(node);
  return health == nullptr ? Revision() : health->revision;
}

}  // namespace shardproof
