// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/input/input_error.hpp"
#include "sim/snapshot/snapshot_builder.hpp"

namespace shardproof::sim {

/// A CSV file with a shard on each row, and which columns mean what; empty: not in the file.
struct ShardInventory {
  std::string file;
  std::string name;        ///< "s0", "s1", ... without it
  std::string collection;  ///< all of one without it
  std::string replicas;    ///< names of nodes with spaces or semicolons between
  std::string leader;      ///< the first replica without it
  std::string bytes;       ///< in bytes
  std::string mib;         ///< or in MiB
  std::string requests_per_second;
  std::string leader_cpu;
  std::string follower_cpu;
};

/// Adds its shards to a snapshot that has its nodes. An error names the line.
std::optional<InputError> add_shards(const ShardInventory& inventory, SnapshotBuilder& builder);

}  // namespace shardproof::sim
