// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/messages.hpp"

namespace shardproof::sim {

/// Flips one bit of the content of one document in the chunk that a CopyChunk carries, and leaves
/// the digests as they were. `damage` chooses both. Others share the chunk, so the message gets one
/// of its own. False, and nothing changes, if the message carries no document. O(items).
bool garble(Message& message, std::uint64_t damage);

}  // namespace shardproof::sim
