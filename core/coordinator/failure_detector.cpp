// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/failure_detector.hpp"

#include <algorithm>

#include "core/coordinator/lease_bound.hpp"

namespace shardproof {
namespace {

/// How long after its last heartbeat a node may still act on what this coordinator grants it.
Nanoseconds longest_grant(const NodeConfig& config) {
  const Timing& timing = config.timing;
  if (!config.rules.is_on(Rule::TakeoverWaitsForLease)) return timing.heartbeat_interval * 3;
  return lease_bound(timing);
}

/// The same of what a predecessor may have granted it just now.
Nanoseconds longest_grant_before(const Step& step) {
  const Nanoseconds own = longest_grant(step.config);
  if (!step.config.rules.is_on(Rule::TakeoverWaitsForLease)) return own;
  return std::max(own, step.table.settings().lease_bound);
}

}  // namespace

const FailureDetector::Health* FailureDetector::find(NodeId node) const {
  if (node.is_none() || node.value() >= health_.size()) return nullptr;
  const Health& health = health_[node.value()];
  return health.life == Life::NotMember ? nullptr : &health;
}

void FailureDetector::watch(NodeId node, const Step& step) {
  if (node.value() >= health_.size()) health_.resize(node.value() + 1);
  Health& health = health_[node.value()];
  if (health.life != Life::NotMember) return;
  health.life = Life::Unheard;
  const bool waits = step.config.rules.is_on(Rule::NewCoordinatorWaits);
  health.granted_until = waits ? step.now + longest_grant_before(step) : step.now;
}

void FailureDetector::remember(const FailureDetector& former) {
  const std::size_t known = std::min(health_.size(), former.health_.size());
  for (std::size_t id = 0; id < known; ++id) {
    const Health& before = former.health_[id];
    health_[id].dead_before = before.life == Life::Dead ? before.dead_since : before.dead_before;
  }
}

void FailureDetector::forget(NodeId node) {
  if (find(node) != nullptr) health_[node.value()] = Health{};
}

bool FailureDetector::on_heartbeat(NodeId node, const message::Heartbeat& heartbeat,
                                   const Step& step) {
  if (find(node) == nullptr) return false;
  Health& health = health_[node.value()];
  const bool is_news = health.life != Life::Alive;
  health.life = Life::Alive;
  health.dead_before = Instant::never();
  health.last_heard = step.now;
  // What a predecessor has granted may last longer.
  health.granted_until = std::max(health.granted_until, step.now + longest_grant(step.config));
  health.pause = heartbeat.interval;
  health.revision = std::max(health.revision, heartbeat.revision);
  return is_news;
}

void FailureDetector::expel(NodeId node, bool is_expelled) {
  if (find(node) != nullptr) health_[node.value()].is_expelled = is_expelled;
}

bool FailureDetector::is_expelled(NodeId node) const {
  const Health* health = find(node);
  return health != nullptr && health->is_expelled;
}

std::vector<NodeId> FailureDetector::on_tick(Instant now) {
  std::vector<NodeId> dead;
  for (std::uint32_t id = 0; id < health_.size(); ++id) {
    Health& health = health_[id];
    if (health.life != Life::Unheard && health.life != Life::Alive) continue;
    if (now <= health.granted_until) continue;
    health.life = Life::Dead;
    health.dead_since = std::min(now, health.dead_before);
    dead.push_back(NodeId(id));
  }
  return dead;
}

void FailureDetector::expect_return(NodeId node, Instant now) {
  if (find(node) == nullptr) return;
  Health& health = health_[node.value()];
  health.dead_before = Instant::never();
  if (health.life == Life::Dead) health.dead_since = now;
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

Nanoseconds FailureDetector::longest_pause() const {
  Nanoseconds longest;
  for (const Health& health : health_) {
    if (health.life == Life::Alive) longest = std::max(longest, health.pause);
  }
  return longest;
}

Revision FailureDetector::known_revision(NodeId node) const {
  const Health* health = find(node);
  return health == nullptr ? Revision() : health->revision;
}

}  // namespace shardproof
