// SPDX-License-Identifier: Apache-2.0
#include "core/write_lock.hpp"

#include <algorithm>

namespace shardproof {

void WriteLock::lock(MigrationId migration, const ReplicaState& state, Step& step) {
  if (migration_ == migration) return;
  migration_ = migration;
  since_ = step.now;
  step.effects.fact(fact::WritesLocked{state.id, state.epoch, migration});
}

void WriteLock::unlock(const ReplicaState& state, Step& step) {
  if (!is_locked()) return;
  step.effects.fact(fact::WritesUnlocked{state.id, state.epoch, migration_});
  migration_ = MigrationId::none();
}

bool WriteLock::enqueue(LeaderRequest request, const ReplicaState& state, Step& step) {
  const auto same = [&](const LeaderRequest& waiting) {
    return waiting.request == request.request;
  };
  const auto earlier = std::find_if(queue_.begin(), queue_.end(), same);
  if (earlier != queue_.end()) {
    *earlier = std::move(request);
    return true;
  }
  const bool is_bounded = step.config.rules.is_on(Rule::QueueIsBounded);
  if (is_bounded && queue_.size() >= step.config.bounds.queue_writes_max) return false;
  if (step.fires(FaultPoint::QueueFull)) return false;
  const RequestId id = request.request;
  queue_.push_back(std::move(request));
  step.effects.fact(fact::WriteQueued{state.id, id, static_cast<std::uint32_t>(queue_.size())});
  return true;
}

std::optional<LeaderRequest> WriteLock::take(bool refused, const ReplicaState& state, Step& step) {
  if (queue_.empty()) return std::nullopt;
  LeaderRequest request = std::move(queue_.front());
  queue_.erase(queue_.begin());
  step.effects.fact(fact::WriteDequeued{state.id, request.request, refused});
  return request;
}

}  // namespace shardproof
