// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/copy_receiver.hpp"
#include "core/replica_reads.hpp"
#include "core/shard_leader.hpp"

namespace shardproof {

/// One node's part in one shard: its copy, its log, and what the table makes of it: leader,
/// follower, learner, source or target of a migration, or former holder.
///
/// Everything about a shard carries an epoch. A message of an older one is refused; one of a newer
/// one proves that the table has moved on: a leader that sees it stops at once.
class ShardReplica {
 public:
  explicit ShardReplica(ShardId id) { state_.id = id; }

  const ReplicaState& state() const { return state_; }
  const ShardLeader* leader() const { return leader_.get(); }

  /// What this copy, and its leader's part, waits for. O(peers + copies).
  void describe_awaited(AwaitedList& awaited) const;

  /// Takes over what the store has found on the disk; before anything else.
  void recover(ReplicaStep& step);
  /// This copy is the only one there is: whatever is durable here is committed.
  void commit_all(ReplicaStep& step) { state_.commit_to(state_.durable.index, step); }
  /// The first table since the boot names this shard at `epoch`: this node may lead it only in a
  /// newer one, for entries of that epoch may be under way that it does not remember.
  void forbid_leading_until_after(Epoch epoch) { lead_after_ = epoch; }
  /// The disk has lost data, and the shard is older than the boot: a copy that is missing is not
  /// begun empty, whatever the table says.
  void forbid_beginning() { may_begin_ = false; }
  /// The table's record has changed.
  void adopt(ReplicaStep& step);

  void on_request(LeaderRequest request, Epoch epoch, ReplicaStep& step);
  void on_append(NodeId from, message::AppendEntries& append, ReplicaStep& step);
  void on_append_reply(NodeId from, const message::AppendReply& reply, ReplicaStep& step);
  void on_read_index_query(NodeId from, const message::ReadIndexQuery& query, ReplicaStep& step);
  void on_read_index_reply(const message::ReadIndexReply& reply);
  void on_fence_request(NodeId from, const message::FenceRequest& request, ReplicaStep& step);
  void on_fence_reply(NodeId from, const message::FenceReply& reply, ReplicaStep& step);
  void on_copy_chunk(NodeId from, const message::CopyChunk& chunk, ReplicaStep& step);
  void on_copy_ack(NodeId from, const message::CopyAck& ack, ReplicaStep& step);
  void on_position_query(NodeId from, const message::PositionQuery& query, ReplicaStep& step);
  void on_reshard_check(NodeId from, const message::ReshardCheck& check, ReplicaStep& step);
  void on_mover_reply(const message::ShardReply& reply, ReplicaStep& step);
  void on_durable(const DurabilityWait& wait, ReplicaStep& step);

  /// TimerKind::Replication: resends, reports, clean-up. False when nothing is left to do by time.
  bool tick(ReplicaStep& step);
  /// TimerKind::Copy.
  void pump_copies(ReplicaStep& step);

 private:
  bool is_stale(Epoch epoch, ReplicaStep& step);
  void stop_leading(ReplicaStep& step);
  void create_copy(ReplicaStep& step);
  message::CopyOnDisk on_disk() const;
  bool take_entries(const message::AppendEntries& append, ReplicaStep& step);
  void take_early_ones(ReplicaStep& step);
  void reply_append(message::AppendOutcome outcome, Version last, Step& step);
  Version acknowledged() const;
  /// It is about what the log holds now, not about what was cut off or replaced since.
  bool is_in_log(const DurabilityWait& wait) const;
  void drop_copy(const ShardInfo& info, ReplicaStep& step);
  bool may_drop(const ShardInfo& info, const ReplicaStep& step) const;
  void follow_migration(const ShardInfo& info, ReplicaStep& step);
  void report_migration(const ShardInfo& info, ReplicaStep& step);
  /// In Switch the source keeps its copy until who is in its place says that it has one: the
  /// target, or a leader that took over from it, when the others have what it has.
  void report_held_copy(const ShardInfo& info, ReplicaStep& step);
  /// Counted as in sync by the table, and without a copy: it was lost.
  bool lacks_copy(const ShardInfo& info, const Step& step) const;
  void report_lost_copy(const ShardInfo& info, ReplicaStep& step);

  ReplicaState state_;
  Epoch lead_after_;
  bool may_begin_ = true;
  std::unique_ptr<ShardLeader> leader_;

  /// As follower: whom to answer, in which epoch, and how far the logs are known to be equal.
  NodeId leader_node_;
  Epoch matched_epoch_;
  /// The highest number of what the leader has sent in that epoch.
  std::uint64_t heard_number_ = 0;
  LogIndex matched_;
  /// Appends that have overtaken others, in order of arrival.
  std::vector<message::AppendEntries> early_;

  ReplicaReads reads_;
  CopyReceiver receiver_;
  /// As source of a migration that does not lead.
  std::unique_ptr<CopySender> sender_;
  bool dropping_ = false;
};

}  // namespace shardproof
