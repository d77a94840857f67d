// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/shard_table.hpp"

namespace shardproof::sim::check {

/// Whether the change takes the way back from Switch: the source leads again, alone, with the copy
/// that it has kept. Whether it had to is for invariant 22 to say.
inline bool is_turned_back(const ShardInfo& before, const ShardInfo& after) {
  if (!before.migration || before.migration->phase != MigrationPhase::Switch) return false;
  const NodeId source = before.migration->source;
  return !after.migration && after.leader == source && after.replicas == NodeList{source};
}

}  // namespace shardproof::sim::check
