// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <utility>
#include <variant>

#include "core/facts.hpp"
#include "core/shard_table.hpp"

namespace shardproof::sim {

/// Which copies went with their disks, whoever destroyed these: a copy is lost from the loss of the
/// disk, or from the boot that finds the disk damaged, until the node has a copy again. Copies
/// that nobody counts on yet are among them: a learner may be named in sync by a commit that was
/// under way when its disk was lost.
class LostCopies {
 public:
  /// All copies of the node. O(shards).
  void on_disk_lost(NodeId node, const ShardTable& committed) {
    for (const ShardInfo& shard : committed.shards()) {
      if (shard.id.has_value()) lost_.insert({node, shard.id});
    }
  }
  /// O(1) as long as nothing is lost, else O(log copies lost).
  void on_fact(NodeId node, const Fact& fact) {
    if (lost_.empty()) return;
    if (const auto* recovered = std::get_if<fact::CopyRecovered>(&fact)) {
      lost_.erase({node, recovered->shard});
    } else if (const auto* installed = std::get_if<fact::CopyInstalled>(&fact)) {
      lost_.erase({node, installed->shard});
    } else if (const auto* created = std::get_if<fact::CopyCreated>(&fact)) {
      lost_.erase({node, created->shard});
    }
  }
  bool contains(NodeId node, ShardId shard) const { return lost_.contains({node, shard}); }

 private:
  std::set<std::pair<NodeId, ShardId>> lost_;
};

}  // namespace shardproof::sim
