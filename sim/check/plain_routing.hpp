// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/document.hpp"
#include "core/reply_status.hpp"
#include "core/shard_table.hpp"

/// Where documents belong, written down a second time from the description of core/shard_key.hpp
/// and of XXH64 (xxHash specification, version 0.1.1), plainly and without a line of that code: a
/// mistake in the routing of the system is not one of the checks too.
namespace shardproof::sim::check {

/// XXH64 with seed 0. O(bytes).
std::uint64_t plain_hash(std::string_view bytes);

/// The shard of the document: first_shard + hash mod num_shards, of the shard key's values one
/// after the other. A string is 's', its length and its bytes, a number 'n' and its 64 bits in
/// two's complement, true 't', false 'f'; lengths and numbers are 8 bytes, the lowest first. The
/// error is MissingShardKeyField for a field that is not there or a `_key` that is empty,
/// ShardKeyType for another value, of the first such field. O(length of the values).
Result<ShardId, ReplyStatus> plain_route(const CollectionConfig& collection,
                                         const Document& document);

}  // namespace shardproof::sim::check
