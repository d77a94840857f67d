// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/replica_state.hpp"

namespace shardproof {

/// A request that has reached the leader, and whom to answer.
struct LeaderRequest {
  Endpoint router;
  std::uint64_t ticket = 0;
  RequestId request;
  OperationRef operation;
};

/// The lock that a migration puts on a shard's writes: they wait in order of arrival, at most
/// `queue_writes_max` of them.
class WriteLock {
 public:
  bool is_locked() const { return migration_.has_value(); }
  MigrationId migration() const { return migration_; }
  Instant since() const { return since_; }
  bool has_waiting() const { return !queue_.empty(); }

  void lock(MigrationId migration, const ReplicaState& state, Step& step);
  /// Ends the lock; the queue stays to be taken.
  void unlock(const ReplicaState& state, Step& step);
  /// False if the queue is full: the write must be refused as retryable. A repeated request takes
  /// the place of its earlier try.
  bool enqueue(LeaderRequest request, const ReplicaState& state, Step& step);
  /// Takes the oldest waiting write; none if the queue is empty. `refused` says what will become of
  /// it.
  std::optional<LeaderRequest> take(bool refused, const ReplicaState& state, Step& step);

 private:
  MigrationId migration_;
  Instant since_;
  std::vector<LeaderRequest> queue_;
};

}  // namespace shardproof
