// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

/// Creates a sharded collection: config and all shards in one commit, placed as the request orders
/// or by the configured policy; or shards one that exists unsharded (see resharding.hpp). Waits
/// while a member is neither known to be alive nor dead, and while too few live for a shard's
/// copies: the others may return. Done if there is such a collection with the same settings
/// already. O(shards of all collections).
Progress enable_sharding(const message::AdminRequest& request, Tenure& tenure, Step& step);

/// Creates an unsharded collection: one shard keyed by `_key`, its copies on the living active
/// nodes of the lowest numbers. Of the request, database, name, replication factor and write
/// concern count.
Progress create_collection(const message::AdminRequest& request, Tenure& tenure, Step& step);

/// The id that the next collection will have.
CollectionId next_collection(const ShardTable& table);
/// What keeps that many copies from being placed on active members that live, for a person; null if
/// nothing does. O(nodes).
const char* what_delays_placing(std::uint32_t copies, const Tenure& tenure,
                                const ShardTable& table);
/// The records of a new sharded collection, with the ids that are next, its copies as ordered (see
/// AdminRequest) or, without an order, where the policy puts them; the config first, then the
/// shards in order. An order that cannot be followed is an error.
Result<std::vector<Record>> records_of_new(const CollectionConfig& wanted,
                                           const std::vector<NodeList>& copies,
                                           const Tenure& tenure, const Step& step);

}  // namespace shardproof
