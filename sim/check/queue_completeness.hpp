// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Follows each leader's queue of writes that wait for the lock of a migration. What was
/// applied from it has to be at the target before its leader says that the target has everything.
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
  void on(const hook::Committing& commit, const At& at);
  void on(const hook::UpToDateTold& told, const At& at);
  void on(const hook::Settled& world, const At& at);

 private:
  /// One node's queue for one shard.
  struct Queue {
    NodeId node;
    std::uint64_t incarnation = 0;
    bool locked = false;
    RequestId taken;  ///< last, in the event `taken_in`
    std::uint64_t taken_in = 0;
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

  /// The last write that a shard's leader has applied from its queue.
  struct Drained {
    NodeId leader;
    std::uint64_t incarnation = 0;
    Version last;
    RequestId request;
  };

  std::vector<Queues> shards_;
  /// By shard.
  std::vector<Drained> drained_;
};

}  // namespace shardproof::sim::check
