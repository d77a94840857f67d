// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "core/operation.hpp"

namespace shardproof::sim {

/// What one client has seen of the shards that it asked last, to be sent along with its reads. Of
/// two shards that share a place the last one asked is known; a read of the other then names a
/// shard that is not its own, which sends it to the leader: so forgetting costs time and no
/// guarantee.
class ClientSession {
 public:
  static constexpr std::size_t kMarks = 64;

  /// What a read of `shard` must say that the client has seen; without a shard if nothing.
  SessionMark mark_of(ShardId shard) const { return marks_[shard.value() % kMarks]; }
  /// An answer has shown this much.
  void raise(SessionMark seen) {
    if (seen.shard.is_none()) return;
    SessionMark& known = marks_[seen.shard.value() % kMarks];
    if (known.shard != seen.shard) known = seen;
    known.version = std::max(known.version, seen.version);
  }

 private:
  std::array<SessionMark, kMarks> marks_;
};

}  // namespace shardproof::sim
