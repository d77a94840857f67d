// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/shard_table.hpp"
#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/migration_ledger.hpp"

/// What the event log says of a change, in the words of the protocol.
namespace shardproof::sim {

/// "e7 Migrating, led by n1 on [n1 n2], learning [n3], s3@e7 in Copy"
std::string text_of(const ShardInfo& shard);
/// "Draining in 0.1.0"; the numbers are region, zone and rack.
std::string text_of(const NodeRecord& node);
/// "c0 shop.orders: 16 shards, replication factor 2, by (customer)"
std::string text_of(const CollectionConfig& collection);
/// "began from n1 to n3 for balance", "entered Copy", "completed in 3.20 s, 4.10 kB sent, 0 B of it
/// again"
std::string text_of(const MigrationStep& step, Instant now);
/// "down", "running", "paused"
std::string text_of(ProcessState state);

}  // namespace shardproof::sim
