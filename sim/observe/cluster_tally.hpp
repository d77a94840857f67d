// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/shard_table.hpp"

namespace shardproof::sim {

enum class ProcessState : std::uint8_t { kDown, kRunning, kPaused };

/// Counts over the committed table and the running processes, kept up to date commit by commit, so
/// that reading one is O(1).
class ClusterTally {
 public:
  struct Node {
    bool is_known = false;
    NodeRecord record;
    ProcessState process = ProcessState::kDown;
    std::uint64_t copies = 0;   ///< replicas and learners in the table
    std::uint64_t leaders = 0;  ///< shards that it leads in the table

    bool is_member() const { return is_known && record.state != NodeState::Removed; }
    /// Whether balance is measured over it: a member, unless it is being drained and
    /// holds nothing.
    bool is_weighed() const {
      return is_member() && (record.state != NodeState::Draining || copies > 0);
    }
  };

  /// A record as committed. `is_start`: part of the table that the run begins with.
  void apply(const NodeRecord& record, bool is_start);
  void apply(const CollectionConfig& collection);
  void apply(const ShardInfo& shard);
  void set_revision(Revision revision) { revision_ = revision; }
  void on_process(NodeId node, ProcessState state);
  void on_office_taken(NodeId node, Term term);
  void on_office_left(NodeId node);

  /// Dense by id; unknown ones have `is_known` false, or an id that is none.
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<ShardInfo>& shards() const { return shards_; }
  const std::vector<CollectionConfig>& collections() const { return collections_; }
  /// The record before the next `apply`, or one without id. O(1).
  const ShardInfo& shard(ShardId id) const;
  const CollectionConfig* collection_of(ShardId id) const;
  bool is_running(NodeId id) const;

  Revision revision() const { return revision_; }
  std::uint64_t shards_total() const { return shards_total_; }
  std::uint64_t shards_with(ShardStatus status) const {
    return by_status_[static_cast<std::size_t>(status)];
  }
  std::uint64_t learners() const { return learners_; }
  std::uint64_t in_sync() const { return in_sync_; }
  std::uint64_t promoted() const { return promoted_; }
  std::uint64_t members() const { return members_; }
  std::uint64_t members_running() const { return running_; }
  /// Drained nodes are removed: they are counted when they are.
  std::uint64_t draining() const { return draining_; }
  std::uint64_t drained() const { return drained_; }
  std::uint64_t joined() const { return joined_; }
  std::uint64_t removed() const { return removed_; }
  std::uint64_t office_changes() const { return office_changes_; }
  bool has_coordinator() const { return coordinator_.has_value(); }
  /// Raised by whatever changes who is a member, or runs, or holds what.
  std::uint64_t placement_version() const { return placement_version_; }

 private:
  Node& node(NodeId id);
  /// Adds (or with `sign` -1 takes away) what one node contributes to the sums.
  void count_node(const Node& node, std::uint64_t sign);
  void count_shard(const ShardInfo& shard, std::uint64_t sign);
  template <typename Change>
  void change_node(NodeId id, Change&& change);

  std::vector<Node> nodes_;
  std::vector<ShardInfo> shards_;
  std::vector<CollectionConfig> collections_;
  Revision revision_;
  std::array<std::uint64_t, 5> by_status_{};
  std::uint64_t shards_total_ = 0;
  std::uint64_t learners_ = 0;
  std::uint64_t in_sync_ = 0;
  std::uint64_t promoted_ = 0;
  std::uint64_t members_ = 0;
  std::uint64_t running_ = 0;
  std::uint64_t draining_ = 0;
  std::uint64_t drained_ = 0;
  std::uint64_t joined_ = 0;
  std::uint64_t removed_ = 0;
  std::uint64_t office_changes_ = 0;
  std::uint64_t placement_version_ = 0;
  Term term_;
  NodeId coordinator_;
};

}  // namespace shardproof::sim
