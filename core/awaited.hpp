// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/messages.hpp"

namespace shardproof {

/// One thing that a node waits for before it goes on with something, told to people: nothing is
/// decided by it.
struct Awaited {
  ShardId shard;        ///< that it is about; none: the node as a whole
  std::string message;  ///< "ShardReport Copied", "AppendReply up to i17", "end of repair_delay"
  std::optional<Endpoint> from;      ///< who is to send it; nothing where time alone is waited for
  Instant since = Instant::never();  ///< on the waiting node's clock; never if it keeps no time
  bool as_coordinator = false;       ///< it waits as the one who drives the shard's change
  std::uint64_t command = 0;         ///< the operator's request that it holds up; 0 for none
};
using AwaitedList = std::vector<Awaited>;

/// Of a node.
inline Awaited awaited_of(ShardId shard, std::string message, NodeId from,
                          Instant since = Instant::never()) {
  return {shard, std::move(message), Endpoint::node(from), since};
}

}  // namespace shardproof
