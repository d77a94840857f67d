// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "sim/observe/pending.hpp"

namespace shardproof::sim {

/// One delivered event, for a person.
struct TraceLine {
  std::uint64_t event = 0;  ///< its number, from 1
  Instant time;             ///< since the scenario's start; negative while the cluster is set up
  std::string kind;         ///< "message", "timer", ...
  std::string from;         ///< "n1", "client 4", "metadata", "operator"; empty if it has no sender
  std::string to;           ///< the same for whom it reaches
  std::string what;         ///< "AppendEntries", "Replication"
  std::string content;      ///< of a message, else what there is to say of the event; may be empty
  std::vector<std::string> facts;  ///< "n1 WriteAccepted s3 ...", in the order of statement
  std::vector<std::string> log;    ///< what the event log says of it
  std::uint64_t digest = 0;        ///< of the run, this event included
};

/// Where one node stands.
struct NodeStanding {
  NodeId node;
  std::string process;  ///< "running", "down", "booting", "paused"
  Revision table;       ///< what it knows of the table
  std::uint64_t copies = 0;
  std::uint64_t leads = 0;  ///< shards, by the committed table
  Bytes disk_used;
  std::uint64_t disk_operations = 0;  ///< under way
  bool is_coordinator = false;        ///< holds the office at this time
};

/// A world between two events.
struct WorldState {
  Instant time;             ///< since the scenario's start; zero while the cluster is set up
  bool has_begun = false;   ///< false while the cluster is set up
  std::uint64_t event = 0;  ///< delivered events
  std::uint64_t digest = 0;
  Revision committed;               ///< of the table
  std::vector<NodeStanding> nodes;  ///< ascending
  /// "s3 e7 Migrating, led by n1 ...": shards that change, are short of copies or have no leader;
  /// ascending.
  std::vector<std::string> shards;
  std::uint64_t shards_total = 0;
  std::vector<PendingItem> pending;  ///< what keeps the world from being at rest
};

}  // namespace shardproof::sim
