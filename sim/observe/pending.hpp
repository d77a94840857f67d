// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// A node that waits, and for what.
struct PendingWait {
  ShardId shard;                 ///< that it is about; none: the node as a whole
  NodeId node;                   ///< who waits
  bool as_coordinator = false;   ///< it drives the shard's change
  std::string message;           ///< "ShardReport Copied"
  std::string from;              ///< "n4", "metadata"; empty where time alone is waited for
  std::optional<Instant> since;  ///< of the scenario, as its clock tells; nothing if it keeps none
  std::uint64_t command = 0;     ///< the operator's that it holds up; 0 for none
};

/// Something that keeps a world from being at rest.
struct PendingItem {
  /// Whom it is about; either may be none.
  ShardId shard;
  NodeId node;
  /// How far a change of the shard is: "Prepare" .. "Cleanup", "Takeover", "Failover", "Repair",
  /// "Resharding"; empty for what has no phases.
  std::string phase;
  /// For a person, naming both: "the migration of s1 from n0 to n2 is in Copy".
  std::string text;
  std::vector<PendingWait> waits;
  /// The number of the operator's command that it is; 0 for anything else.
  std::uint64_t command = 0;
};

/// "coordinator n1 awaits ShardReport Copied of n2 since 3.200000000s, n0 awaits CopyAck of n2";
/// empty if nobody waits. What several wait for is said once: "n0 and n3 await AppendReply of n2".
std::string waits_text(const PendingItem& item);
/// The text, and who waits: "the migration of s1 from n0 to n2 is in Copy; coordinator n1 awaits
/// ...".
std::string to_string(const PendingItem& item);
/// The first `kPendingNamed` of them, with " | " between them, and how many more there are.
std::string list_text(std::span<const PendingItem> items);
inline constexpr std::size_t kPendingNamed = 8;

}  // namespace shardproof::sim
