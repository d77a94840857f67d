// SPDX-License-Identifier: Apache-2.0
#include "core/read_target.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/router.hpp"

namespace shardproof {
namespace {

using message::ClientReply;
using message::ShardRequest;
using test::document;

Operation make_read(ReadFrom from, SessionMark session = {}) {
  Operation made;
  made.collection = CollectionId(0);
  made.document = document("a");
  made.read_from = from;
  made.session = session;
  return made;
}

const ShardInfo kInfo = test::shard(Epoch(1), {NodeId(1), NodeId(2), NodeId(3)}, {NodeId(4)});

TEST(ReadTarget, ARouterThatIsInSyncAsksItself) {
  EXPECT_EQ(read_target(kInfo, {ClientId(1), 1}, NodeId(2)), NodeId(2));
}

TEST(ReadTarget, OthersAskTheInSyncCopiesInTurnAndNeverALearner) {
  NodeList asked;
  for (std::uint32_t i = 0; i < 3; ++i) {
    asked.push_back(read_target(kInfo, {ClientId(5), i}, NodeId(4)));
  }
  std::sort(asked.begin(), asked.end());
  EXPECT_EQ(asked, kInfo.replicas);
}

TEST(ReadTarget, OnlyAReadThatAllowsItMayGoToAReplica) {
  EXPECT_TRUE(may_ask_replica(make_read(ReadFrom::Replica), kInfo));
  EXPECT_FALSE(may_ask_replica(make_read(ReadFrom::Leader), kInfo));
  Operation write = make_read(ReadFrom::Replica);
  write.kind = OperationKind::Replace;
  EXPECT_FALSE(may_ask_replica(write, kInfo));
}

TEST(ReadTarget, ASessionThatKnowsAnotherShardOrCollectionAsksTheLeader) {
  const Version seen{Epoch(1), LogIndex(4)};
  EXPECT_TRUE(may_ask_replica(make_read(ReadFrom::Replica, {test::kShard, seen}), kInfo));
  EXPECT_FALSE(may_ask_replica(make_read(ReadFrom::Replica, {ShardId(8), seen}), kInfo));
  Operation former = make_read(ReadFrom::Replica);
  former.collection = CollectionId(7);
  EXPECT_FALSE(may_ask_replica(former, kInfo));
}

/// A router on node 9 at the one shard of `kInfo`.
class ReplicaRoutingTest : public testing::Test {
 protected:
  ReplicaRoutingTest() {
    bench.commit({test::collection(1, 3), kInfo});
    bench.effects.clear();
  }
  void ask(std::uint32_t sequence) {
    ReplicaStep step = bench.step();
    OperationRef read(new Operation(make_read(ReadFrom::Replica)));
    router.on_client_request(Endpoint::client(ClientId(4)), {{ClientId(4), sequence}, read}, step);
  }
  std::pair<Endpoint, ShardRequest> sent() { return bench.take<ShardRequest>().at(0); }
  void reply(const ShardRequest& to, ReplyStatus status, Version applied = {}) {
    ReplicaStep step = bench.step();
    router.on_shard_reply(
        NodeId(1),
        {to.ticket, to.shard, to.epoch, Revision(), status, {}, nullptr, applied, to.request},
        step);
  }
  void fire(Nanoseconds later) {
    bench.now = bench.now + later;
    ReplicaStep step = bench.step();
    router.on_timer(step);
  }

  test::ReplicaBench bench{9};
  Router router;
};

TEST_F(ReplicaRoutingTest, TheAnswerSaysHowFarTheCopyWas) {
  ask(1);
  const auto [to, request] = sent();
  EXPECT_NE(to, test::at(1));
  reply(request, ReplyStatus::NotFound, {Epoch(1), LogIndex(6)});
  const auto answers = bench.take<ClientReply>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].second.session, (SessionMark{test::kShard, {Epoch(1), LogIndex(6)}}));
}

TEST_F(ReplicaRoutingTest, AfterARefusalTheLeaderIsAskedAtOnce) {
  ask(1);
  reply(sent().second, ReplyStatus::NotReady);
  const auto [to, request] = sent();
  EXPECT_EQ(to, test::at(1));
  reply(request, ReplyStatus::NoLease);
  EXPECT_TRUE(bench.take<ShardRequest>().empty()) << "the leader is given time";
  fire(bench.config.timing.retry_backoff);
  EXPECT_EQ(sent().first, test::at(1));
}

TEST_F(ReplicaRoutingTest, ASilentReplicaIsGivenUpForTheLeader) {
  ask(1);
  EXPECT_NE(sent().first, test::at(1));
  fire(bench.config.timing.resend_after);
  EXPECT_EQ(sent().first, test::at(1));
}

}  // namespace
}  // namespace shardproof
