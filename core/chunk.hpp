// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/log_entry.hpp"

namespace shardproof {

/// One item of a copy stream: a live document or a tombstone (whose document holds key and
/// shard-key fields only).
struct ChunkItem {
  Version version;
  DocumentRef document;
  bool tombstone = false;
};

/// The last request of a client that took effect on a shard or was refused there, and how it
/// ended; what makes a retry harmless.
struct SessionRecord {
  RequestId request;
  Version version;
  ReplyStatus outcome = ReplyStatus::Ok;
};

/// A piece of a shard's content on its way to another node. `digest` is the sum of
/// `document_digest` over the items, so that the receiver can check both the piece and the whole.
/// `sessions` is filled in the last chunk only. Shared, immutable.
struct Chunk {
  std::vector<ChunkItem> items;
  std::vector<SessionRecord> sessions;
  std::uint64_t digest = 0;
  Bytes bytes;
  bool last = false;
};
using ChunkRef = std::shared_ptr<const Chunk>;

}  // namespace shardproof
