// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/awaited.hpp"
#include "core/copy_sender.hpp"
#include "core/peer_progress.hpp"
#include "core/reshard_mover.hpp"
#include "core/write_lock.hpp"

namespace shardproof {

/// The leader's part of a shard copy, from the moment the table names this node until a newer epoch
/// names another.
///
/// It begins with a takeover: the predecessor is fenced, and a barrier entry makes the logs of all
/// in-sync copies equal to the leader's. Only then does it serve, and only inside the node's lease.
/// A write goes into the log, to every peer, and is answered when it is durable on all that are
/// required. Reads see what is committed.
class ShardLeader {
 public:
  /// Starts the takeover of the epoch in `state`.
  ShardLeader(const ShardInfo& info, ReplicaState& state, ReplicaStep& step);

  /// Whether this leader knows each epoch up to that of `info`. With one missed in between, another
  /// may have led and the logs of the peers may have changed: what was known of them holds no more,
  /// and leading on takes a new takeover.
  bool can_adopt(const ShardInfo& info) const { return info.epoch <= adopted_.next(); }
  /// The next epoch still names this node: peers, lock and migration follow the record.
  void adopt(const ShardInfo& info, ReplicaState& state, ReplicaStep& step);
  /// A newer epoch names another node, or none: whoever waits is sent away. Entries that are not
  /// committed stay without answer, for their fate is the successor's to decide.
  void step_down(ReplicaState& state, ReplicaStep& step);

  /// One operation of a router that knows the shard at `epoch`.
  void on_request(LeaderRequest request, Epoch epoch, ReplicaState& state, ReplicaStep& step);
  void on_append_reply(NodeId from, const message::AppendReply& reply, ReplicaState& state,
                       ReplicaStep& step);
  void on_fence_reply(NodeId from, const message::FenceReply& reply, ReplicaState& state,
                      ReplicaStep& step);
  void on_copy_ack(NodeId from, const message::CopyAck& ack, ReplicaState& state,
                   ReplicaStep& step);
  /// Whether every document routes in a collection that is to follow this one.
  void on_reshard_check(NodeId from, const message::ReshardCheck& check, const ReplicaState& state,
                        ReplicaStep& step);
  /// A replica that serves reads asks how far the log is committed.
  void on_read_index(NodeId from, const message::ReadIndexQuery& query, const ReplicaState& state,
                     ReplicaStep& step) const;
  /// The answer to a request of the mover's.
  void on_mover_reply(const message::ShardReply& reply, ReplicaState& state, ReplicaStep& step);
  /// More of the own log is durable.
  void on_own_durable(ReplicaState& state, ReplicaStep& step);

  /// Resends, repeats reports to the coordinator, bounds the lock. TimerKind::Replication.
  void tick(ReplicaState& state, ReplicaStep& step);
  /// Goes on with copy streams. TimerKind::Copy.
  void pump_copies(ReplicaState& state, ReplicaStep& step);

  bool is_serving() const { return serving_; }
  /// Every other copy that the table names.
  const std::vector<PeerProgress>& peers() const { return peers_; }
  /// What it waits for. O(peers + copies).
  void describe_awaited(const ReplicaState& state, AwaitedList& awaited) const;
  /// Nothing is left to do by time until something arrives.
  bool is_idle(const ReplicaState& state) const;

 private:
  /// A request whose answer waits until its entry is committed; if that refuses it, with what the
  /// key held.
  struct Pending {
    LogIndex index;
    LeaderRequest request;
    VersionedDocument present{};
  };

  void update_peers(const ShardInfo& info, Step& step);
  void follow_migration(const ShardInfo& info, ReplicaState& state, ReplicaStep& step);
  /// Begins, goes on with or ends moving the documents to another collection, as the table says.
  void follow_resharding(ReplicaState& state, ReplicaStep& step);
  void report_resharding(const ReplicaState& state, ReplicaStep& step);
  void send_fence(const ReplicaState& state, Step& step);
  void advance(ReplicaState& state, ReplicaStep& step);
  LogIndex committable(const ReplicaState& state, const Step& step) const;
  void answer_committed(ReplicaState& state, ReplicaStep& step);
  void start_serving_if_ready(ReplicaState& state, ReplicaStep& step);
  void trim(ReplicaState& state, const Step& step) const;

  void serve_read(const LeaderRequest& request, ReplicaState& state, ReplicaStep& step);
  void serve_scan(const LeaderRequest& request, ReplicaState& state, ReplicaStep& step);
  void serve_write(LeaderRequest request, ReplicaState& state, ReplicaStep& step);
  bool answer_repeated(const LeaderRequest& request, ReplicaState& state, ReplicaStep& step);
  bool is_disk_full(const ReplicaStep& step) const;
  void drain_queue(ReplicaState& state, ReplicaStep& step);
  void refuse_queue(ReplyStatus status, ReplicaState& state, ReplicaStep& step);
  void append_and_replicate(EntryRef entry, ReplicaState& state, ReplicaStep& step);

  void start_copies(const ShardInfo& info, ReplicaState& state, ReplicaStep& step);
  void report(const ReplicaState& state, ReplicaStep& step);
  void report_migration(const ShardInfo& info, const ReplicaState& state, ReplicaStep& step);
  /// How long the write lock may be held: the copy is made under it in queue mode.
  Nanoseconds lock_limit(const ShardInfo& info, const ReplicaState& state,
                         const ReplicaStep& step) const;
  void lock_for_last_round(const ShardInfo& info, ReplicaState& state, ReplicaStep& step);

  /// A follower that is to stream its copy waits until it knows that the lock point is committed.
  /// One that has restarted has forgotten what it knew, and without writes nobody would tell it
  /// again.
  void remind_source(const ShardInfo& info);
  /// Whether the peer has had all the time that it is given; a stream to it may be slow.
  bool is_given_up(const PeerProgress& peer, const ReplicaState& state,
                   const ReplicaStep& step) const;
  CopySender* find_copy(NodeId target);
  const CopySender* find_copy(NodeId target) const;
  PeerProgress* find_peer(NodeId node);
  const PeerProgress* find_peer(NodeId node) const;

  std::vector<PeerProgress> peers_;
  std::vector<CopySender> copies_;
  std::vector<Pending> pending_;
  WriteLock lock_;
  /// While the collection's documents are being moved.
  std::unique_ptr<ReshardMover> mover_;
  /// The migration whose lock this leader has ended before its time; it is not locked for again.
  MigrationId unlocked_;
  /// The migration that the four below are about.
  MigrationId migration_;
  /// Queue mode: the content's digest at the lock point. Sync: what the target must have.
  std::uint64_t lock_digest_ = 0;
  Version lock_point_;
  LogIndex sync_point_;
  /// It has come to Sync, and the target was asked anew what it has.
  bool is_in_sync_phase_ = false;
  /// Whom to fence, none once that is done; and since which epoch this node leads.
  NodeId fencing_;
  Epoch since_;
  /// The record that this leader follows at present.
  Epoch adopted_;
  LogIndex barrier_;
  bool serving_ = false;
};

}  // namespace shardproof
