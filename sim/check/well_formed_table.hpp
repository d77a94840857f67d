// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges the records of each commit, as the table is after it; it does not ask the table's own
/// validation. O(records), and O(shards) for each node that leaves.
class WellFormedTable : public Monitor<WellFormedTable> {
 public:
  static constexpr InvariantInfo kInvariant{
      6, "well_formed_table",
      "in every committed table shards are their collection's, led by a copy in sync, copied to "
      "members, each once and no more often than wanted; migrations are between such copies, and "
      "documents move into shards of later epochs, leaving none behind"};
  using Monitor::Monitor;

  void on(const hook::Committed& commit, const At& at);

 private:
  void check_collection(const CollectionConfig& collection, const At& at);
  void check_successor(const CollectionConfig& collection, const At& at);
  void check_member(const NodeRecord& node, const At& at);
  void check_shard(const ShardInfo& shard, const At& at);
  /// What is wrong with it; empty if nothing is.
  std::string find_fault(const ShardInfo& shard) const;
  std::string find_fault_in_copies(const ShardInfo& shard,
                                   const CollectionConfig& collection) const;
  static std::string find_fault_in(const Migration& migration, const ShardInfo& shard);
  std::size_t& copies_before(ShardId shard);

  /// In-sync copies by the last commit of each shard.
  std::vector<std::size_t> copies_;
};

}  // namespace shardproof::sim::check
