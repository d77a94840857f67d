// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof {

/// What a coordinator has asked and heard about unsharded collections that are to be sharded.
struct ReshardNotes {
  /// Whether every document routes by the new shard key, asked of the old shard's leader.
  struct Check {
    /// The digest of the new collection's settings, and the epoch of the old shard.
    std::uint64_t question = 0;
    Epoch epoch;
    Instant asked_last;
    bool is_answered = false;
    /// Why not; empty if they all do.
    std::string fault;
  };
  /// By old shard.
  std::map<ShardId, Check> checks;
  /// By old collection: why the last move of its documents was given up. Said once.
  std::map<CollectionId, std::string> failures;
};

}  // namespace shardproof
