// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/shard_replica.hpp"

namespace shardproof::test {

/// Node 0 leads shard 0; the test plays the others.
class LeaderTest : public ::testing::Test {
 protected:
  void adopt(const ShardInfo& info) {
    bench.commit({info});
    info_ = info;
    ReplicaStep step = bench.step();
    replica.adopt(step);
    finish();
  }
  void finish() {
    ReplicaStep step = bench.step();
    for (const DurabilityWait& wait : bench.finish_disk()) replica.on_durable(wait, step);
  }
  void reply(std::uint32_t node, message::AppendOutcome outcome, Version last) {
    ReplicaStep step = bench.step();
    replica.on_append_reply(NodeId(node),
                            {kShard, info_.epoch, outcome, last, LogIndex(), kAnswersAll}, step);
  }
  /// The node has everything that the leader has.
  void confirm(std::uint32_t node) {
    reply(node, message::AppendOutcome::Durable, replica.state().log.last());
  }
  void request(std::uint32_t client, std::uint32_t sequence, OperationRef operation,
               std::uint64_t ticket = 1) {
    ReplicaStep step = bench.step();
    replica.on_request({at(3), ticket, {ClientId(client), sequence}, std::move(operation)},
                       info_.epoch, step);
    finish();
  }
  void write(std::uint32_t client, std::uint32_t sequence, const char* key = "a",
             std::uint64_t ticket = 1) {
    request(client, sequence, operation(OperationKind::Replace, document(key)), ticket);
  }
  void tick() {
    ReplicaStep step = bench.step();
    replica.tick(step);
  }
  void pass(Nanoseconds time) { bench.now = bench.now + time; }
  std::vector<ReplyStatus> replies() {
    std::vector<ReplyStatus> statuses;
    for (auto& [to, reply] : bench.take<message::ShardReply>()) statuses.push_back(reply.status);
    return statuses;
  }
  std::size_t reports(message::ShardEvent event) {
    std::size_t found = 0;
    for (auto& [to, report] : bench.take<message::ShardReport>())
      found += report.event == event ? 1 : 0;
    return found;
  }
  /// A leader of two that serves, node 1 up to date.
  void serve_with_peer() {
    adopt(shard(Epoch(1), {NodeId(0), NodeId(1)}));
    confirm(1);
  }
  /// A leader on its own, of a shard that wants two copies.
  void serve_alone() { adopt(shard(Epoch(1), {NodeId(0)})); }
  bool is_serving() const { return replica.leader() != nullptr && replica.leader()->is_serving(); }

  ReplicaBench bench{0};
  ShardReplica replica{kShard};
  ShardInfo info_;
};

}  // namespace shardproof::test
