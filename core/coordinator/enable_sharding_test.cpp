// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

using message::AdminKind;
using message::AdminOutcome;

const NodeId n0(0), n1(1), n2(2), n3(3);

TEST(EnableShardingTest, CreatesEveryShardInOneCommit) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  const std::size_t commits = cluster.store.commits().size();
  const std::uint64_t request = cluster.command(enable(8, 2));
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(request).text.empty(); }));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done) << cluster.answer(request).text;
  EXPECT_EQ(cluster.store.commits().size(), commits + 1);
  ASSERT_EQ(cluster.store.table().shards().size(), 8u);
  for (const ShardInfo& shard : cluster.store.table().shards()) {
    EXPECT_EQ(shard.epoch, Epoch(1));
    EXPECT_EQ(shard.status, ShardStatus::Active);
    EXPECT_EQ(shard.replicas.size(), 2u);
  }
}

TEST(EnableShardingTest, EnableShardingTwiceIsIdempotent) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  const std::uint64_t first = cluster.command(enable(8, 2));
  cluster.repeat(first);
  const std::uint64_t second = cluster.command(enable(8, 2));
  cluster.run(seconds(1));
  for (const std::uint64_t request : {first, second}) {
    EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done);
  }
  EXPECT_EQ(cluster.store.table().collections().size(), 1u);
  const std::uint64_t other = cluster.command(enable(9, 2));
  EXPECT_EQ(cluster.answer(other).outcome, AdminOutcome::Refused);
}

TEST(EnableShardingTest, CollectionsHaveDenseIds) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.command(enable(3, 1));
  message::AdminRequest other = enable(2, 1);
  other.collection.name = "other";
  cluster.command(other);
  cluster.run(seconds(1));
  ASSERT_EQ(cluster.store.table().collections().size(), 2u);
  EXPECT_EQ(cluster.store.table().collections()[1].first_shard, ShardId(3));
  EXPECT_EQ(cluster.store.table().shards().size(), 5u);
}

TEST(EnableShardingTest, WaitsUntilEveryMemberIsKnownToBeAliveOrDead) {
  Harness cluster(3);
  cluster.down = {n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  const std::uint64_t request = cluster.command(enable(4, 2));
  cluster.run(seconds(1));
  EXPECT_TRUE(cluster.store.table().shards().empty());
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(request).text.empty(); }));
  EXPECT_EQ(cluster.copies_on(n2), 0u);
}

TEST(EnableShardingTest, WaitsForTheDeadWithoutWhomTooFewWouldHoldCopies) {
  Harness cluster(3);
  cluster.down = {n2};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  const std::uint64_t request = cluster.command(enable(4, 3));
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.facts_of<fact::NodeSuspected>().empty(); }));
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.answer(request).text, "");
  cluster.down = {};
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(request).text.empty(); }));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done) << cluster.answer(request).text;
  EXPECT_EQ(cluster.copies_on(n2), 4u);
}

TEST(EnableShardingTest, CopiesBeginWhereTheyAreOrdered) {
  Harness cluster(4);
  ASSERT_TRUE(cluster.run_into_office());
  message::AdminRequest request = enable(2, 2);
  request.copies = {{n3, n1}, {n2, n3}};
  cluster.command(request);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.store.table().shards().size() == 2; }));
  EXPECT_EQ(cluster.shard(ShardId(0)).replicas, (NodeList{n3, n1}));
  EXPECT_EQ(cluster.shard(ShardId(0)).leader, n3);
  EXPECT_EQ(cluster.shard(ShardId(1)).replicas, (NodeList{n2, n3}));
}

TEST(EnableShardingTest, AnOrderThatCannotBeFollowedIsRefusedBeforeAnyEffect) {
  Harness cluster(3);
  cluster.set_node(n2, NodeState::Draining);
  ASSERT_TRUE(cluster.run_into_office());
  const std::vector<std::vector<NodeList>> bad{{{n0, n1}},          {{n0, n1}, {}},
                                               {{n0, n0}, {n1}},    {{n0}, {n2}},
                                               {{n0}, {NodeId(9)}}, {{n0}, {n0, n1, n2}}};
  for (const auto& copies : bad) {
    message::AdminRequest request = enable(2, 2);
    request.copies = copies;
    const auto answer = cluster.answer(cluster.command(request));
    EXPECT_EQ(answer.outcome, AdminOutcome::Refused);
    EXPECT_NE(answer.text.find("ordered"), std::string::npos) << answer.text;
  }
  EXPECT_TRUE(cluster.store.table().shards().empty());
}

TEST(EnableShardingTest, BadSettingsAreRefusedBeforeAnyEffect) {
  Harness cluster(2);
  ASSERT_TRUE(cluster.run_into_office());
  std::vector<message::AdminRequest> bad(7, enable(4, 1));
  bad[0].collection.num_shards = 0;
  bad[1].collection.num_shards = 65537;
  bad[2].collection.replication_factor = 3;
  bad[3].collection.shard_key = {};
  bad[4].collection.shard_key = {"a", "a"};
  bad[5].collection.name = "_system";
  bad[6].collection.database = "a/b";
  for (const message::AdminRequest& request : bad) {
    const auto answer = cluster.answer(cluster.command(request));
    EXPECT_EQ(answer.outcome, AdminOutcome::Refused);
    EXPECT_FALSE(answer.text.empty());
  }
  EXPECT_TRUE(cluster.store.table().shards().empty());
}

TEST(EnableShardingTest, CommandSurvivesALostCommit) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.is_mute = true;
  const std::uint64_t request = cluster.command(enable(4, 2));
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(request).text.empty(); }));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done);
  EXPECT_EQ(cluster.store.commits_received, 1u);
}

}  // namespace
}  // namespace shardproof::test
