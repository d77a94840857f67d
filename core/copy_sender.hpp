// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/replica_state.hpp"

namespace shardproof {

/// Streams a copy's content to another node in numbered, checksummed chunks: at most
/// `chunks_in_flight` unacknowledged ones, at most at the given bandwidth, unacknowledged ones sent
/// again from the first on. The content is that of entry `snapshot()` or, where writes went on,
/// newer; entries behind `snapshot()` reach the target by log.
class CopySender {
 public:
  /// Begins at the copy's committed state. `migration` is none for a repair.
  CopySender(NodeId target, MigrationId migration, Bandwidth bandwidth, const ReplicaState& state,
             const ReplicaStep& step);

  NodeId target() const { return target_; }
  MigrationId migration() const { return migration_; }
  Version snapshot() const { return snapshot_; }
  /// When the target last confirmed something new.
  Instant last_progress() const { return last_progress_; }
  /// Whether the target has had its time to confirm something: `migration_timeout`, and as long as
  /// the bandwidth makes a chunk take.
  bool is_overdue(const ReplicaStep& step) const;
  /// The target has the whole content installed.
  bool is_done() const { return done_; }
  /// The target has no space for it.
  bool is_refused() const { return refused_; }

  /// Sends what may be sent now and asks for the copy timer while there is more to do.
  void pump(const ReplicaState& state, ReplicaStep& step);
  void on_ack(const message::CopyAck& ack, const ReplicaState& state, ReplicaStep& step);

 private:
  struct Piece {
    ChunkRef chunk;
    /// Sum of digests of all chunks up to and including this one.
    std::uint64_t digest = 0;
  };
  /// Of an outdated stream: begins anew if the copy has come further, else waits for that.
  bool catch_up(const ReplicaState& state, ReplicaStep& step);
  void restart(std::uint64_t stream, const ReplicaState& state, const ReplicaStep& step);
  bool read_next(const ReplicaState& state, const ReplicaStep& step);
  /// When the next piece that was read and not sent may leave: nothing is sent ahead of what the
  /// bandwidth makes it take, or many small copies would pay for nothing.
  Instant next_send() const;
  void send(std::uint32_t number, bool again, const ReplicaState& state, ReplicaStep& step);

  NodeId target_;
  MigrationId migration_;
  Bandwidth bandwidth_;
  Version snapshot_;
  std::uint64_t stream_ = 0;
  ChunkCursor cursor_ = 0;
  std::uint64_t digest_ = 0;
  /// Chunks acked_ .. acked_ + unacked_.size() - 1, of which those below sent_ were sent.
  std::uint32_t acked_ = 0;
  std::uint32_t sent_ = 0;
  std::vector<Piece> unacked_;
  bool read_all_ = false;
  bool done_ = false;
  bool refused_ = false;
  /// The target has more than the snapshot: nothing is sent before there is a newer one.
  bool outdated_ = false;
  Instant last_progress_;
  /// When the last piece left, or the copy began.
  Instant last_sent_;
};

}  // namespace shardproof
