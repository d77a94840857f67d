// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/replica_state.hpp"
#include "core/write_lock.hpp"

namespace shardproof {

/// The reads that a copy serves without leading its shard.
///
/// They see the copy's content: a prefix of the shard's writes that the leader has said is
/// committed. Such a read is served only if
/// 1. the newest record that the node knows of is the request's, and has the node in sync;
/// 2. the content covers what the client's session has seen;
/// 3. the content covers everything that was acknowledged when the node last asked its leader for a
///    read index (Ongaro 2014, section 6.4), and that is at most `staleness_bound` ago on its own
///    clock.
/// Otherwise it is refused as retryable, and the router turns to the leader.
///
/// The bound counts from the question, as a lease does: an answer that comes late or twice makes
/// nothing younger, and a node that was cut off or replaced without knowing it stops by itself.
/// Nothing is asked where nobody reads.
class ReplicaReads {
 public:
  /// One read of a router that knows the shard at `epoch`.
  void on_request(const LeaderRequest& request, Epoch epoch, const ReplicaState& state,
                  ReplicaStep& step);
  void on_read_index(const message::ReadIndexReply& reply, const ReplicaState& state);

 private:
  struct ReadIndex {
    Instant asked_at;
    LogIndex committed;
  };

  /// Ok, or why the copy may not serve.
  ReplyStatus admit(const Operation& operation, Epoch epoch, const ReplicaState& state,
                    ReplicaStep& step);
  bool is_confirmed(const ReplicaState& state, const Step& step);
  void ask_if_due(const ReplicaState& state, Step& step);

  /// What follows is of this epoch.
  Epoch epoch_;
  /// The last question.
  std::optional<Instant> asked_at_;
  /// The newest index that the content has reached, and one that it has not reached yet.
  std::optional<ReadIndex> reached_;
  std::optional<ReadIndex> awaited_;
};

}  // namespace shardproof
