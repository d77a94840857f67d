// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/messages.hpp"

namespace shardproof::sim {

/// A chunk of its own with one bit of the content of one document flipped, and the digest as it
/// was. `damage` chooses both. The chunk must have an item. O(items).
ChunkRef garbled(const Chunk& chunk, std::uint64_t damage);
/// Does that to the chunk that a CopyChunk carries. False, and nothing changes, if the message
/// carries no document. O(items).
bool garble(Message& message, std::uint64_t damage);

}  // namespace shardproof::sim
