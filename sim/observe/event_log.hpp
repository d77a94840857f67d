// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

enum class LogKind : std::uint8_t {
  kShard,       ///< a commit changed a shard's record
  kNode,        ///< a commit changed a node's record, or made it coordinator
  kCollection,  ///< a commit created a collection
  kMigration,   ///< a migration began, entered a phase, or ended
  kProcess,     ///< a process started, crashed, paused or went on
  kFault,       ///< a fault other than that began or ended
  kOperator,    ///< an operator asked for something, or got an answer
  kLeadership,  ///< a node took or left the leadership of a shard
  kCopy,        ///< a copy was created, installed, recovered or dropped
  kViolation,   ///< a check found something
};
inline constexpr std::size_t kLogKinds = 10;
/// "shard", "node", "collection", "migration", "process", "fault", "operator", "leadership",
/// "copy", "violation".
std::string_view to_string(LogKind kind);

/// One line of the log. Ids that do not apply are none.
struct LogRecord {
  Instant time;             ///< since the scenario's start; negative while the cluster is set up
  std::uint64_t event = 0;  ///< delivered events until then, this one included
  LogKind kind = LogKind::kFault;
  NodeId node;
  ShardId shard;
  MigrationId migration;
  std::string text;
};
/// "copy n1 s3: installed at e4.17": who, or which migration, and what.
std::string text_of(const LogRecord& record);

/// What a person wants to read of a run: changes of state, faults and findings, but no message and
/// no request. Keeps the first and the last half of `kRecordsMax`; what goes in between is counted.
class EventLog {
 public:
  static constexpr std::size_t kRecordsMax = 1u << 18;

  void add(LogRecord record);
  /// The time of all records so far, by so much earlier. O(records).
  void move_back(Nanoseconds by);

  /// In order of time.
  std::vector<const LogRecord*> records() const;
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::vector<LogRecord> head_;
  std::vector<LogRecord> ring_;
  std::size_t ring_next_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace shardproof::sim
