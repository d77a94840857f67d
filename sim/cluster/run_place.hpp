// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <type_traits>

#include "sim/cluster/world_event.hpp"

namespace shardproof::sim {

/// Where a run stands, for who has to say in which event it ended from inside. Bytes that mean the
/// same in every process of one program.
struct RunPlace {
  std::uint64_t event =
      0;  ///< delivered last, from 1; 0: none yet, and nothing below says anything
  /// It is still being carried out.
  bool is_within = false;
  Instant time;  ///< of the world
  bool has_begun = false;
  Instant origin;  ///< when the scenario began, in the world's time
  WorldEvent what;
  /// Of Message and Metadata: the kind of the message, as Message::index, and the shard that it is
  /// about, or none.
  std::uint8_t message = 0;
  ShardId shard;
};
static_assert(std::is_trivially_copyable_v<RunPlace>);

/// "at 4.500000000s, event 12,345: n1 was handling AppendEntries of s3 from n0"; or "after" it, and
/// what the node did.
std::string text_of(const RunPlace& place);

}  // namespace shardproof::sim
