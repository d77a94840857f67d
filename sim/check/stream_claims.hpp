// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>

#include "sim/check/ack_honesty.hpp"

namespace shardproof::sim::check {

/// Judges what holders tell the senders of streams: no more pieces than were staged. The sender
/// forgets those, so that one too many would never come. A part of invariant 26. O(log streams) per
/// piece and answer.
class StreamClaims : public Monitor<StreamClaims> {
 public:
  static constexpr InvariantInfo kInvariant = AckHonesty::kInvariant;
  using Monitor::Monitor;

  void on(const fact::ChunkStaged& chunk, const At& at);
  void on(const hook::PiecesTold& told, const At& at);

 private:
  /// The last stream that an incarnation of a node has staged something of.
  struct Staged {
    std::uint64_t incarnation = 0;
    std::uint64_t stream = 0;
    std::uint32_t pieces = 0;
  };

  std::map<std::pair<ShardId, NodeId>, Staged> staged_;
};

}  // namespace shardproof::sim::check
