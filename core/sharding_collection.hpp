// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/step.hpp"

namespace shardproof {

/// The collection `_system/_sharding`: the shard table as documents that clients can read. It is
/// computed, never stored; writing it is refused as NoSuchCollection.
inline constexpr CollectionId kShardingCollection{0xfffffffe};

/// One document for each collection (key `shop.orders`), each shard (key `shop.orders/3`) and each
/// node (key `n4`), in that order, each group by id. Of collections of one name, only that which
/// clients are to use. O(collections^2 + shards).
std::vector<DocumentRef> sharding_documents(const ShardTable& table);

/// Answers a Read, Scan or Count from the node's own table; the version of what it returns is the
/// table's revision.
void answer_from_sharding_collection(Endpoint client, const message::ClientRequest& request,
                                     Step& step);

}  // namespace shardproof
