// SPDX-License-Identifier: Apache-2.0
//
// What a node says of a shard whose copy may have been on its disk.
#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/shard_replica.hpp"

namespace shardproof {
namespace {

using message::AppendOutcome;
using message::AppendReply;
using message::CopyOnDisk;
using message::PositionReply;
using test::at;

TEST(LostDisk, NoCopyIsBegunThatMayHaveBeenThere) {
  test::ReplicaBench bench{1};
  ShardReplica replica{test::kShard};
  replica.forbid_beginning();
  bench.commit({test::shard(Epoch(1), {NodeId(0), NodeId(1)})});
  ReplicaStep step = bench.step();
  replica.adopt(step);
  EXPECT_FALSE(replica.state().holds_copy);
  bench.take<AppendReply>();
  message::AppendEntries probe;
  probe.shard = test::kShard;
  probe.epoch = Epoch(1);
  replica.on_append(NodeId(0), probe, step);
  const auto replies = bench.take<AppendReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.outcome, AppendOutcome::NoCopy);
}

TEST(LostDisk, WhereACopyMayHaveBeenItIsSaidToBeLost) {
  test::ReplicaBench bench{1};
  ShardReplica never{test::kShard};
  ShardReplica lost{test::kShard};
  lost.forbid_beginning();
  bench.commit({test::shard(Epoch(3), {NodeId(0), NodeId(1)})});
  ReplicaStep step = bench.step();
  never.on_position_query(NodeId(3), {test::kShard, Epoch(3), bench.now}, step);
  lost.on_position_query(NodeId(3), {test::kShard, Epoch(3), bench.now}, step);
  const auto replies = bench.take<PositionReply>();
  ASSERT_EQ(replies.size(), 2u);
  EXPECT_EQ(replies[0].second.copy, CopyOnDisk::NotBegun);
  EXPECT_EQ(replies[1].second.copy, CopyOnDisk::Lost);
}

TEST(LostDisk, BeforeTheFirstTableItIsNotKnownWhatWasLost) {
  test::ReplicaBench bench{1};
  DiskImage of_another;
  of_another.is_replacement = true;
  bench.store.recover(of_another, bench.effects);
  bench.watcher = TableWatcher();
  ShardReplica replica{test::kShard};
  ReplicaStep booting = bench.step();
  replica.on_position_query(NodeId(3), {test::kShard, Epoch(3), bench.now}, booting);
  EXPECT_TRUE(bench.take<PositionReply>().empty());
  bench.commit({test::collection(), test::shard(Epoch(3), {NodeId(0), NodeId(1)})});
  replica.forbid_beginning();
  ReplicaStep step = bench.step();
  replica.adopt(step);
  replica.on_position_query(NodeId(3), {test::kShard, Epoch(3), bench.now}, step);
  const auto replies = bench.take<PositionReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.copy, CopyOnDisk::Lost);
}

TEST(LostDisk, AFollowerWithoutACopySaysSoUntilTheTableKnows) {
  test::ReplicaBench bench{1};
  ShardReplica replica{test::kShard};
  bench.commit({test::shard(Epoch(3), {NodeId(0), NodeId(1)})});
  ReplicaStep step = bench.step();
  replica.adopt(step);
  const auto replies = bench.take<AppendReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].first, at(0));
  EXPECT_EQ(replies[0].second.outcome, AppendOutcome::NoCopy);
  EXPECT_TRUE(replica.tick(step));
  EXPECT_EQ(bench.take<AppendReply>().size(), 1u);
  bench.commit({test::shard(Epoch(4), {NodeId(0)})});
  replica.adopt(step);
  EXPECT_FALSE(replica.tick(step));
  EXPECT_TRUE(bench.take<AppendReply>().empty());
}

TEST(LostDisk, ALeaderWithoutACopyAsksForASuccessor) {
  test::ReplicaBench bench{0};
  ShardReplica replica{test::kShard};
  // In a later epoch than the first nobody begins with nothing.
  bench.commit({test::shard(Epoch(3), {NodeId(0), NodeId(1)})});
  ReplicaStep step = bench.step();
  replica.adopt(step);
  EXPECT_EQ(replica.leader(), nullptr);
  const auto reports = bench.take<message::ShardReport>();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].second.event, message::ShardEvent::Restarted);
}

}  // namespace
}  // namespace shardproof
