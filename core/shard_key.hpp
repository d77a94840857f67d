// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document.hpp"
#include "core/operation.hpp"
#include "core/shard_table.hpp"

namespace shardproof {

/// The shard that holds a document, for every operation and for migration alike:
/// first_shard + hash(shard key values) mod num_shards, where each value is encoded with its type
/// and length, so that ("ab","c") and ("a","bc") differ. The hash is XXH64 of that encoding, seed
/// 0.
///
/// The error is MissingShardKeyField or ShardKeyType: a declared field is absent, or is neither a
/// string, a number nor a boolean. O(length of the key values).
Result<ShardId, ReplyStatus> route(const CollectionConfig& collection, const Document& document);

/// The shard in which all documents of an operation lie, for every kind but Scan and Count. Beyond
/// the errors above: ShardKeyChanged if the selector has other values of the shard key than the
/// document, CrossShardTransaction; a transaction of nothing is MissingShardKeyField. O(length of
/// the key values).
Result<ShardId, ReplyStatus> route(const CollectionConfig& collection, const Operation& operation);

/// The values of the shard key as a person reads them, e.g. `customer="c7", region=3`; a field that
/// is not there prints as `customer=(missing)`.
std::string describe_shard_key(const CollectionConfig& collection, const Document& document);

}  // namespace shardproof
