// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/replica_state.hpp"

namespace shardproof {

/// Moves the documents of an unsharded collection's only shard into the shards of the collection
/// that follows it. Belongs to the leader, and begins when nothing can change any more: writes are
/// refused, and what was accepted is committed.
///
/// Each target shard gets the documents that route to it, in transactions of upserts, and every
/// client's last request, so that a retry of a write from before the move is known there too; one
/// request at a time for each target, a few targets at once, each repeated until it has taken
/// effect. Whoever leads later begins anew, under request numbers that rise with the epoch: a late
/// request of a predecessor is older than what the target remembers, so that it changes nothing.
/// Should the epochs of one move ever exceed the numbers that there are for them, it fails as
/// Unavailable. Tombstones stay behind: the target has no older version that they would have to
/// hide.
class ReshardMover {
 public:
  /// `target` is the collection to fill. O(documents + clients * target shards).
  ReshardMover(const ReplicaState& state, const CollectionConfig& target, const ReplicaStep& step);

  /// Sends what may be sent and repeats what is overdue. O(target shards).
  void pump(const ReplicaState& state, ReplicaStep& step);
  void on_reply(const message::ShardReply& reply, const ReplicaState& state, ReplicaStep& step);

  /// How many go into one request: `least`, or so many that the numbers of one epoch's requests to
  /// a target shard are enough.
  static std::uint64_t documents_per_batch(std::uint64_t documents, std::uint64_t least);

  /// The target shards that have not taken everything, ascending.
  std::vector<ShardId> unfinished() const;
  /// The collection to fill.
  CollectionId target() const { return target_; }
  /// Everything is where it belongs.
  bool is_done() const { return status_ == ReplyStatus::Ok && lanes_.empty(); }
  /// Something cannot be moved; `status` says why.
  bool has_failed() const { return status_ != ReplyStatus::Ok; }
  ReplyStatus status() const { return status_; }

  /// The internal client under whose id the documents of `shard` are written.
  static ClientId client_of(ShardId shard) {
    return ClientId(kFirstInternalClient + shard.value());
  }
  /// Movers' requests have tickets as no router has them, which say whose they are.
  static bool is_ticket(std::uint64_t ticket) { return (ticket & kTicketMark) != 0; }
  static ShardId shard_of(std::uint64_t ticket) {
    return ShardId(static_cast<std::uint32_t>((ticket & ~kTicketMark) >> 32));
  }

 private:
  static constexpr std::uint64_t kTicketMark = std::uint64_t{1} << 63;

  struct Request {
    RequestId id;
    OperationRef operation;
  };
  /// What one target shard is still to get, the next one last; the one under way is still there.
  struct Lane {
    std::vector<Request> requests;
    std::uint32_t batches = 0;
    /// Of the one under way, or 0.
    std::uint64_t ticket = 0;
    Instant next_try;
  };

  void take_documents(const ReplicaState& state, const CollectionConfig& target,
                      const ReplicaStep& step);
  void add_batch(ShardId target_shard, CollectionId target, std::vector<TransactionStep> steps,
                 const ReplicaState& state);
  std::uint64_t next_ticket(const ReplicaState& state);
  void send(ShardId target, Lane& lane, const ReplicaState& state, ReplicaStep& step);

  /// By target shard; those that have everything are gone.
  std::map<ShardId, Lane> lanes_;
  CollectionId target_;
  std::vector<SessionRecord> sessions_;
  std::uint64_t batch_;
  std::uint32_t first_number_ = 0;
  std::uint64_t tickets_ = 0;
  ReplyStatus status_ = ReplyStatus::Ok;
};

}  // namespace shardproof
