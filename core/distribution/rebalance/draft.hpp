// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "core/distribution/rebalance/rebalance.hpp"
#include "core/distribution/weighted_load.hpp"

namespace shardproof::distribution {

/// Index of a copy in a draft; it stays the same when the copy moves.
using CopyIndex = std::uint32_t;
/// Index of a shard in the view.
using ShardIndex = std::uint32_t;

/// The table as the plan so far leaves it, with the loads that follow from it: what the goals of a
/// rebalance work on. In-flight moves count as done. Shards and copies are addressed by index.
class Draft {
 public:
  Draft(const ClusterView& view, const RebalanceOptions& options);

  const ClusterView& view() const { return view_; }
  const RebalanceOptions& options() const { return options_; }

  const ShardView& shard(ShardIndex shard) const { return view_.shards[shard]; }
  ShardIndex shard_of(CopyIndex copy) const { return shards_[copy]; }
  NodeId node_of(CopyIndex copy) const { return nodes_[copy]; }
  Bytes bytes_of(CopyIndex copy) const { return shard(shards_[copy]).bytes; }
  NodeId leader_of(ShardIndex shard) const { return leaders_[shard]; }
  bool leads(CopyIndex copy) const { return leaders_[shards_[copy]] == nodes_[copy]; }
  /// The nodes of a shard's copies; the copy of nodes[i] is first_copy(shard) + i.
  std::span<const NodeId> nodes_of(ShardIndex shard) const;
  CopyIndex first_copy(ShardIndex shard) const { return first_copies_[shard]; }
  /// The copies on a node: at first in an order that is a fair sample of collections and sizes (by
  /// a hash of the shard's id); taking one away puts the last in its place.
  const std::vector<CopyIndex>& copies_on(NodeId node) const { return on_[node.value()]; }

  bool takes_copies(NodeId node) const { return takes_copies_[node.value()]; }
  /// No operation has the shard: its copies may be moved.
  bool is_free(ShardIndex shard) const { return free_[shard]; }
  bool may_change_leader(ShardIndex index) const {
    return is_free(index) && !shard(index).leader_stays;
  }
  /// Free, and with all of its living copies: it may be moved for evenness.
  bool is_whole(ShardIndex shard) const { return whole_[shard]; }

  std::uint64_t weight(NodeId node) const { return weights_[node.value()]; }
  std::uint64_t copy_count(NodeId node) const { return on_[node.value()].size(); }
  std::uint64_t leader_count(NodeId node) const { return leader_counts_[node.value()]; }
  Bytes bytes(NodeId node) const { return bytes_[node.value()]; }
  std::uint64_t requests(NodeId node) const { return requests_[node.value()]; }
  std::uint64_t inputs(NodeId node) const { return inputs_[node.value()]; }
  /// What the node holds of a measure.
  std::uint64_t amount(NodeId node, LoadMeasure measure) const;
  /// What the copy brings to the node that it is on. Only one that leads brings leadership and
  /// requests; what it takes of the processor depends on that, too.
  std::uint64_t amount_of(CopyIndex copy, LoadMeasure measure) const;
  /// What its leader takes along when leadership alone goes to another copy; below zero if leading
  /// is less work than following.
  std::int64_t amount_of_leadership(ShardIndex index, LoadMeasure measure) const;

  /// How `node` stands to the shard's copies other than `leaving`.
  Crowding crowding(ShardIndex shard, NodeId node, NodeId leaving) const;
  /// At how many levels a copy on `node` would share a domain with another one of the shard's than
  /// `leaving`: what Crowding::collision says, for less.
  std::uint32_t collision(ShardIndex shard, NodeId node, NodeId leaving) const;
  /// The same of a copy where it is.
  std::uint32_t collision(CopyIndex copy) const {
    return collision(shards_[copy], nodes_[copy], nodes_[copy]);
  }
  /// True if `target` takes copies, has space for this one and holds none of its shard.
  bool fits(CopyIndex copy, NodeId target) const;
  /// fits, and shares domains at no more than `allowed` levels: collision(copy), for it not to get
  /// worse.
  bool may_move(CopyIndex copy, NodeId target, std::uint32_t allowed) const;

  /// Plans a move. A copy that this plan has moved already goes straight to the new target instead,
  /// unless another copy or the leadership of its shard has moved since (`finish` looks at those);
  /// back where it came from, it does not move.
  void move(CopyIndex copy, NodeId target, MoveReason reason);
  /// Plans a leader transfer to the node of another copy.
  void transfer_leader(ShardIndex shard, NodeId target, MoveReason reason);
  /// Notes a copy that has to leave but cannot; once is enough.
  void give_up(CopyIndex copy);

  /// True if nothing is planned so far.
  bool is_empty() const { return moves_.empty(); }
  /// The plan, in the order of its making but for shards whose copies went round: of these only the
  /// net difference is left (see detours.hpp).
  Plan finish();

 private:
  void add_shard(const ShardView& shard);
  void fill_nodes();
  void record(CopyIndex copy, NodeId target, MoveReason reason);
  void relocate(CopyIndex copy, NodeId target);
  void pass_leadership(ShardIndex shard, NodeId target);

  const ClusterView& view_;
  const RebalanceOptions& options_;

  // By shard.
  std::vector<CopyIndex> first_copies_;  // one more than there are shards
  std::vector<NodeId> leaders_;
  std::vector<char> free_;
  std::vector<char> whole_;
  std::vector<std::uint32_t> living_;
  std::vector<std::uint32_t> last_moves_;  // the entry of moves_ to extend, or kNoMove

  // By copy.
  std::vector<ShardIndex> shards_;
  std::vector<NodeId> nodes_;
  std::vector<std::uint32_t> positions_;  // in on_ of its node

  // By node.
  std::vector<char> takes_copies_;
  std::vector<DomainPath> domains_;
  std::vector<std::uint64_t> weights_;
  std::vector<std::vector<CopyIndex>> on_;
  std::vector<Bytes> bytes_;
  std::vector<Bytes> incoming_;
  std::vector<std::uint64_t> leader_counts_;
  std::vector<std::uint64_t> requests_;
  std::vector<std::uint64_t> inputs_;

  std::vector<Move> moves_;  // one that was taken back has no target
  std::set<CopyIndex> given_up_;
};

}  // namespace shardproof::distribution
