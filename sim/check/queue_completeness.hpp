// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Follows each leader's queue of writes that wait for the lock of a migration.
class QueueCompleteness : public Monitor<QueueCompleteness> {
 public:
  static constexpr InvariantInfo kInvariant{20, "queue_completeness",
                                            "a write that waits for a migration's lock is applied "
                                            "in order or refused, the queue is bounded, "
                                            "and nothing overtakes it"};
  using Monitor::Monitor;

  void on(const fact::WritesLocked& lock, const At& at);
  void on(const fact::WritesUnlocked& lock, const At& at);
  void on(const fact::WriteQueued& write, const At& at);
  void on(const fact::WriteDequeued& write, const At& at);
  void on(const fact::WriteAccepted& write, const At& at);
  void on(const fact::LeadershipLeft& left, const At& at);
  void on(const hook::Settled& world, const At& at);

 private:
  /// One node's queue for one shard.
  struct Queue {
    NodeId node;
    std::uint64_t incarnation = 0;
    bool locked = false;
    RequestId taken;
    std::deque<RequestId> waiting;
  };
  /// Nearly always none or one: a shard that was never locked has none.
  using Queues = std::vector<Queue>;

  Queue* find(ShardId shard, const At& at);
  Queue& obtain(ShardId shard, const At& at);
  void complain(ShardId shard, const At& at, std::string detail) {
    report(at, {shard, {at.node}, {oracle_.table().shards()[shard.value()].epoch}},
           std::move(detail));
  }

  std::vector<Queues> shards_;
};

}  // namespace shardproof::sim::check
