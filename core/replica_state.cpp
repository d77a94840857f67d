// SPDX-License-Identifier: Apache-2.0
#include "core/replica_state.hpp"

#include <algorithm>

namespace shardproof {

void ReplicaState::append(const EntryRef& entry, ReplicaStep& step) {
  log.push(entry);
  const StorePosition position = step.store.append(id, entry, committed, step.effects);
  step.durability.push({position, id, DurabilityWait::Kind::Entries, entry->version, 0});
}

void ReplicaState::commit_to(LogIndex index, ReplicaStep& step) {
  index = std::min(index, log.last().index);
  if (index <= committed) return;
  committed = index;
  step.store.apply(id, committed, step.effects);
}

void ReplicaState::trim(LogIndex index, std::uint64_t kept) {
  const std::uint64_t behind = committed.value() > kept ? committed.value() - kept : 0;
  log.trim_to(std::min(index, LogIndex(behind)));
}

}  // namespace shardproof
