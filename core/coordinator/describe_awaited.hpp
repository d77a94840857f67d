// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/awaited.hpp"
#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// What a coordinator waits for, by shard in ascending order, then what it waits for of the members
/// as such: answers of the metadata store, reports and positions of nodes, heartbeats of those that
/// were not heard yet, the end of `repair_delay` of those that are dead; and what operators'
/// commands wait for. O(shards * copies + nodes + commands).
void describe_awaited(const Tenure& tenure, const ShardTable& table, const NodeConfig& config,
                      Instant now, AwaitedList& awaited);

}  // namespace shardproof
