// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "sim/observe/event_log.hpp"

namespace shardproof::reports {

/// The event log as JSON lines, in order of time: time_ns, event, kind, node, shard, migration,
/// text; ids that do not apply are left out. A line {"dropped": n} ends a log that is not complete.
std::string event_lines(const sim::EventLog& log);

/// The life of one shard ("s3") out of such lines: its own, and what happened to the processes of
/// nodes that had to do with it. For a terminal, times first. An error if a line cannot be read,
/// with its number, or if the shard is in none of them.
Result<std::string> shard_life(std::string_view lines, std::string_view shard);

/// A collection as such lines tell of its creation.
struct LoggedCollection {
  std::string name;  ///< "shop.orders"
  std::uint64_t first_shard = 0;
  std::uint64_t shards = 0;
};
/// All of them in the order in which they were created, in which shards are numbered; one that was
/// sharded in the run is there twice. An error if a line cannot be read, or one is missing.
Result<std::vector<LoggedCollection>> collections_of(std::string_view lines);

}  // namespace shardproof::reports
