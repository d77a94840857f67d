// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"

namespace shardproof::test {
namespace {

using message::AdminKind;
using message::AdminOutcome;

const NodeId n0(0), n1(1);
const CollectionId c0(0), c1(1), c2(2);

const CollectionConfig& collection(const Harness& cluster, CollectionId id) {
  return *cluster.store.table().find_collection(id);
}

CollectionId used(const Harness& cluster) {
  return cluster.store.table().find_collection("mydb", "mycollection")->id;
}

/// An unsharded collection of two copies; s0 is its shard.
void create_unsharded(Harness& cluster) {
  ASSERT_TRUE(cluster.run_into_office());
  message::AdminRequest request = enable(16, 2);
  request.kind = AdminKind::CreateCollection;
  const std::uint64_t created = cluster.command(request);
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(created).text.empty(); }));
  ASSERT_EQ(cluster.answer(created).outcome, AdminOutcome::Done) << cluster.answer(created).text;
}

bool is_moving(const Harness& cluster) { return collection(cluster, c0).moving_to.has_value(); }

/// Starts the move; false if it does not begin.
bool begin_move(Harness& cluster, std::uint64_t& request) {
  request = cluster.command(enable(4, 2));
  return cluster.run_until([&] { return is_moving(cluster); });
}

TEST(ReshardingTest, UnshardedCollectionIsOneShardOnTheLowestNodes) {
  Harness cluster(4);
  create_unsharded(cluster);
  EXPECT_FALSE(collection(cluster, c0).sharded);
  EXPECT_EQ(collection(cluster, c0).num_shards, 1u);
  EXPECT_EQ(collection(cluster, c0).shard_key, std::vector<std::string>{"_key"});
  EXPECT_EQ(cluster.shard().replicas, (NodeList{n0, n1}));
}

TEST(ReshardingTest, DocumentThatDoesNotRouteRefusesBeforeAnyEffect) {
  Harness cluster(4);
  create_unsharded(cluster);
  cluster.reshard_fault = "document \"k7\" does not route: tenant=(missing)";
  const std::size_t commits = cluster.store.commits().size();
  const std::uint64_t request = cluster.command(enable(4, 2));
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.answer(request).text.empty(); }));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Refused);
  EXPECT_NE(cluster.answer(request).text.find("k7"), std::string::npos);
  EXPECT_EQ(cluster.store.commits().size(), commits);
}

TEST(ReshardingTest, OneCommitBeginsTheMoveAndClientsStayWithTheOldCollection) {
  Harness cluster(4);
  create_unsharded(cluster);
  const std::size_t commits = cluster.store.commits().size();
  const Epoch epoch = cluster.shard().epoch;
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  EXPECT_EQ(cluster.store.commits().size(), commits + 1);
  EXPECT_EQ(cluster.shard().epoch, epoch.next());
  EXPECT_EQ(collection(cluster, c0).moving_to, c1);
  EXPECT_EQ(cluster.store.table().shards().size(), 5u);
  for (std::uint32_t i = 1; i <= 4; ++i) {
    EXPECT_GT(cluster.shard(ShardId(i)).epoch, cluster.shard().epoch) << "versions would not rise";
  }
  EXPECT_EQ(used(cluster), c0);
  cluster.run(seconds(1));
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Accepted);
}

TEST(ReshardingTest, MovedRetiresTheOldShardAndHandsItsClientsOver) {
  Harness cluster(4);
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  cluster.reshard_end = ReplyStatus::Ok;
  ASSERT_TRUE(cluster.run_until([&] { return !is_moving(cluster); }));
  EXPECT_EQ(cluster.shard().status, ShardStatus::Retired);
  EXPECT_TRUE(cluster.shard().replicas.empty());
  EXPECT_EQ(collection(cluster, c0).successor, c1);
  EXPECT_EQ(cluster.store.table().find_serving_collection(c0)->id, c1);
  EXPECT_EQ(used(cluster), c1);
  cluster.run(seconds(1));
  cluster.repeat(request);
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done);
  const Epoch epoch = cluster.shard().epoch;
  cluster.run(minutes(2));
  EXPECT_EQ(cluster.shard().epoch, epoch) << "a retired shard was changed";
}

TEST(ReshardingTest, FailureLeavesTheOldCollectionInUseAndSaysWhy) {
  Harness cluster(4);
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  cluster.reshard_end = ReplyStatus::MissingShardKeyField;
  ASSERT_TRUE(cluster.run_until([&] { return !is_moving(cluster); }));
  EXPECT_EQ(used(cluster), c0);
  EXPECT_EQ(cluster.shard().status, ShardStatus::Active);
  EXPECT_EQ(collection(cluster, c1).successor, c0);
  for (std::uint32_t i = 1; i <= 4; ++i) {
    EXPECT_EQ(cluster.shard(ShardId(i)).status, ShardStatus::Retired);
  }
  cluster.run(seconds(1));
  cluster.repeat(request);
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Refused);
  EXPECT_NE(cluster.answer(request).text.find("missing shard key field"), std::string::npos);
  cluster.reshard_end = ReplyStatus::Ok;
  cluster.command(enable(4, 2));
  ASSERT_TRUE(cluster.run_until([&] { return used(cluster) == c2; }));
  EXPECT_EQ(cluster.store.table().find_serving_collection(c1)->id, c2);
}

TEST(ReshardingTest, NextCoordinatorGoesOnFromWhatIsCommitted) {
  Harness cluster(4, 2);
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  cluster.crash_coordinator(cluster.in_office());
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  cluster.reshard_end = ReplyStatus::Ok;
  ASSERT_TRUE(cluster.run_until([&] { return used(cluster) == c1; }));
  cluster.repeat(request);
  EXPECT_EQ(cluster.answer(request).outcome, AdminOutcome::Done);
}

TEST(ReshardingTest, LostLeaderIsReplacedWhileDocumentsMove) {
  Harness cluster(4, 1);
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  cluster.down = {cluster.shard().leader};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n1; }));
  cluster.reshard_end = ReplyStatus::Ok;
  EXPECT_TRUE(cluster.run_until([&] { return used(cluster) == c1; }));
}

TEST(ReshardingTest, CopiesAreRepairedWhileDocumentsMove) {
  Harness cluster(4, 1);
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  cluster.down = {n1};
  const auto is_whole = [&](std::uint32_t shard) {
    const NodeList& replicas = cluster.shard(ShardId(shard)).replicas;
    return replicas.size() == 2 && !contains(replicas, n1);
  };
  const auto are_all_whole = [&] {
    return is_whole(0) && is_whole(1) && is_whole(2) && is_whole(3) && is_whole(4);
  };
  EXPECT_TRUE(cluster.run_until(are_all_whole)) << "a shard waits for a move that may never end";
  ASSERT_TRUE(is_moving(cluster));
  cluster.reshard_end = ReplyStatus::Ok;
  EXPECT_TRUE(cluster.run_until([&] { return used(cluster) == c1; }));
}

TEST(ReshardingTest, NoCopyMigratesWhileDocumentsMove) {
  Harness cluster(4, 1, NodeConfig{});
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  const ShardInfo before = cluster.shard();
  cluster.command(about(AdminKind::Drain, n1));
  cluster.run(minutes(1));
  EXPECT_EQ(cluster.node_state(n1), NodeState::Draining);
  EXPECT_EQ(cluster.shard(), before);
  cluster.reshard_end = ReplyStatus::Ok;
  EXPECT_TRUE(cluster.run_until([&] { return cluster.node_state(n1) == NodeState::Removed; }));
}

TEST(ReshardingTest, OtherSettingsAreRefusedWhileDocumentsMove) {
  Harness cluster(4);
  create_unsharded(cluster);
  std::uint64_t request = 0;
  ASSERT_TRUE(begin_move(cluster, request));
  const auto answer = cluster.answer(cluster.command(enable(5, 2)));
  EXPECT_EQ(answer.outcome, AdminOutcome::Refused);
}

TEST(ReshardingTest, RetiredIsForGood) {
  EXPECT_TRUE(is_legal_transition(ShardStatus::Active, ShardStatus::Retired));
  EXPECT_FALSE(is_legal_transition(ShardStatus::Migrating, ShardStatus::Retired));
  EXPECT_FALSE(is_legal_transition(ShardStatus::Retired, ShardStatus::Active));
}

}  // namespace
}  // namespace shardproof::test
