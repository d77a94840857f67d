// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/shard_key.hpp"
#include "core/shard_leader.hpp"
#include "core/shard_replica.hpp"

/// A leader's part in `enable_sharding`: of the collection that documents leave, and of the one
/// that they come to.
namespace shardproof {
namespace {

using message::ReshardCheckReply;
using message::ShardEvent;
using message::ShardReply;
using message::ShardReport;
using message::ShardRequest;
using test::at;
using test::operation;

using R = ReplyStatus;

/// Shard 0 is led by node 0 on its own.
class ReshardLeaderTest : public testing::Test {
 protected:
  void adopt(std::vector<Record> records) {
    bench.commit(std::move(records));
    ReplicaStep step = bench.step();
    replica.adopt(step);
    finish();
  }
  void finish() {
    ReplicaStep step = bench.step();
    for (const DurabilityWait& wait : bench.finish_disk()) replica.on_durable(wait, step);
  }
  void request(std::uint32_t client, std::uint32_t sequence, OperationRef of) {
    const Epoch epoch = bench.watcher.table().find_shard(test::kShard)->epoch;
    ReplicaStep step = bench.step();
    replica.on_request({at(3), 1, {ClientId(client), sequence}, std::move(of)}, epoch, step);
    finish();
  }
  void write(std::uint32_t client, std::uint32_t sequence, const char* key = "a") {
    request(client, sequence, operation(OperationKind::Replace, test::document(key)));
  }
  std::vector<R> replies() {
    std::vector<R> statuses;
    for (auto& [to, reply] : bench.take<ShardReply>()) statuses.push_back(reply.status);
    return statuses;
  }
  std::vector<ShardReport> reports(ShardEvent event) {
    std::vector<ShardReport> found;
    for (auto& [to, report] : bench.take<ShardReport>()) {
      if (report.event == event) found.push_back(report);
    }
    return found;
  }
  void tick(Nanoseconds later) {
    bench.now = bench.now + later;
    ReplicaStep step = bench.step();
    replica.tick(step);
  }

  test::ReplicaBench bench{0};
  ShardReplica replica{test::kShard};
};

// --- The collection that documents leave
// ----------------------------------------------------------

class LeavingTest : public ReshardLeaderTest {
 protected:
  LeavingTest() {
    CollectionConfig unsharded = test::collection(1, 1);
    unsharded.sharded = false;
    adopt({unsharded, test::shard(Epoch(1), {NodeId(0)})});
    write(1, 1);
    replies();
  }
  static CollectionConfig target(std::vector<std::string> shard_key = {"_key"}) {
    CollectionConfig config = test::collection(1, 1);
    config.id = CollectionId(1);
    config.first_shard = ShardId(1);
    config.first_epoch = Epoch(3);
    config.shard_key = std::move(shard_key);
    return config;
  }
  void begin(const CollectionConfig& to = target()) {
    CollectionConfig moving = test::collection(1, 1);
    moving.moving_to = CollectionId(1);
    ShardInfo made = test::shard(Epoch(3), {NodeId(1)});
    made.id = ShardId(1);
    made.collection = CollectionId(1);
    adopt({moving, to, made, test::shard(Epoch(2), {NodeId(0)})});
    tick(seconds(0));
  }
  /// Answers the mover's requests until there are no more.
  void move_all(R status = R::Ok) {
    for (auto sent = bench.take<ShardRequest>(); !sent.empty(); sent = bench.take<ShardRequest>()) {
      for (auto& [to, request] : sent) {
        ReplicaStep step = bench.step();
        replica.on_mover_reply(
            {request.ticket, request.shard, request.epoch, {}, status, {}, nullptr}, step);
      }
    }
  }
  std::string check(const CollectionConfig& wanted) {
    const Epoch epoch = bench.watcher.table().find_shard(test::kShard)->epoch;
    ReplicaStep step = bench.step();
    replica.on_reshard_check(
        NodeId(2), {test::kShard, epoch, std::make_shared<const CollectionConfig>(wanted)}, step);
    const auto answers = bench.take<ReshardCheckReply>();
    return answers.size() == 1 ? answers[0].second.fault : "(no answer)";
  }
};

TEST_F(LeavingTest, ItSaysBeforehandWhichDocumentDoesNotRoute) {
  EXPECT_EQ(check(target()), "");
  const std::string fault = check(target({"customer"}));
  EXPECT_NE(fault.find("\"a\""), std::string::npos) << fault;
  EXPECT_NE(fault.find("customer=(missing)"), std::string::npos) << fault;
}

TEST_F(LeavingTest, WhileDocumentsMoveReadsGoOnAndWritesAreSentAway) {
  begin();
  request(1, 2, operation(OperationKind::Read, test::document("a")));
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  write(2, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::NotReady});
}

TEST_F(LeavingTest, ARetryOfAWriteFromBeforeIsAnsweredWhileDocumentsMove) {
  begin();
  write(1, 1);
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  EXPECT_EQ(bench.count<fact::RetryAnswered>(), 1u);
}

TEST_F(LeavingTest, ItSaysWhichShardsHaveNotTakenTheirDocuments) {
  const auto awaits_documents = [&] {
    AwaitedList awaited;
    replica.describe_awaited(awaited);
    return std::any_of(awaited.begin(), awaited.end(), [](const Awaited& one) {
      return one.message == "ShardReply of s1 to moved documents";
    });
  };
  begin();
  EXPECT_TRUE(awaits_documents());
  move_all();
  EXPECT_FALSE(awaits_documents());
}

TEST_F(LeavingTest, WhenAllIsMovedItSaysSoAndServesNothing) {
  begin();
  move_all();
  EXPECT_FALSE(reports(ShardEvent::Moved).empty());
  request(1, 2, operation(OperationKind::Read, test::document("a")));
  write(1, 1);
  EXPECT_EQ(replies(), (std::vector<R>{R::NotReady, R::NotReady}));
}

TEST_F(LeavingTest, ThatAllIsMovedIsRepeatedUntilTheTableShowsIt) {
  begin();
  move_all();
  reports(ShardEvent::Moved);
  tick(seconds(1));
  EXPECT_FALSE(reports(ShardEvent::Moved).empty());
}

TEST_F(LeavingTest, AFailureIsReportedWithItsReason) {
  begin();
  move_all(R::DiskFull);
  const auto failed = reports(ShardEvent::Failed);
  ASSERT_FALSE(failed.empty());
  EXPECT_EQ(static_cast<R>(failed[0].digest), R::DiskFull);
}

TEST_F(LeavingTest, WhenTheMoveIsGivenUpItServesAsBefore) {
  begin();
  move_all();
  CollectionConfig given_up = target();
  given_up.successor = CollectionId(0);
  adopt({test::collection(1, 1), given_up, test::shard(Epoch(3), {NodeId(0)})});
  write(2, 1, "b");
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  EXPECT_TRUE(bench.take<ShardRequest>().empty());
}

TEST_F(LeavingTest, AfterARestartTheNextLeaderMovesEverythingAgain) {
  begin();
  bench.take<ShardRequest>();
  ShardReplica restarted{test::kShard};
  ReplicaStep step = bench.step();
  restarted.recover(step);
  restarted.forbid_leading_until_after(Epoch(2));
  restarted.adopt(step);
  EXPECT_TRUE(bench.take<ShardRequest>().empty());
  bench.commit({test::shard(Epoch(3), {NodeId(0)})});
  restarted.adopt(step);
  for (const DurabilityWait& wait : bench.finish_disk()) restarted.on_durable(wait, step);
  restarted.tick(step);
  const auto sent = bench.take<ShardRequest>();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].second.request.client, ReshardMover::client_of(test::kShard));
  EXPECT_GT(sent[0].second.request.sequence, 65'536u) << "numbers rise with the epoch";
}

// --- The collection that they come to
// ---------------------------------------------------------------

/// Shard 0 belongs to collection 1, by customer, which follows collection 0.
class ArrivingTest : public ReshardLeaderTest {
 protected:
  ArrivingTest() {
    CollectionConfig old = test::collection(1, 1);
    old.first_shard = ShardId(9);
    old.successor = CollectionId(1);
    CollectionConfig sharded = test::collection(1, 1);
    sharded.id = CollectionId(1);
    sharded.shard_key = {"customer"};
    ShardInfo shard = test::shard(Epoch(1), {NodeId(0)});
    shard.collection = CollectionId(1);
    adopt({old, sharded, shard});
    auto* nothing = new Operation;
    nothing->kind = OperationKind::Transaction;
    nothing->collection = CollectionId(1);
    request(1, 7, OperationRef(nothing));
    replies();
  }
};

TEST_F(ArrivingTest, ARetryThatDoesNotRouteIsAnsweredIfItTookEffectBefore) {
  request(1, 7, operation(OperationKind::Remove, test::document("a")));
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
  EXPECT_EQ(bench.count<fact::RetryAnswered>(), 1u);
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 0u);
}

TEST_F(ArrivingTest, WhatWasRefusedBeforeIsRefusedHere) {
  auto* reminder = new Operation;
  reminder->kind = OperationKind::Transaction;
  reminder->collection = CollectionId(1);
  reminder->outcome = R::NotFound;
  request(2, 3, OperationRef(reminder));
  request(2, 3, operation(OperationKind::Remove, test::document("a")));
  EXPECT_EQ(replies(), (std::vector<R>{R::NotFound, R::NotFound}));
  EXPECT_EQ(bench.count<fact::RetryAnswered>(), 1u);
}

TEST_F(ArrivingTest, AWriteThatDoesNotRouteAndTookNoEffectIsRefused) {
  const LogIndex last = replica.state().log.last().index;
  request(1, 8, operation(OperationKind::Remove, test::document("a")));
  request(2, 1, operation(OperationKind::Insert, test::document("a")));
  EXPECT_EQ(replies(), (std::vector<R>{R::MissingShardKeyField, R::MissingShardKeyField}));
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 2u);
  EXPECT_EQ(replica.state().log.last().index, last);
}

TEST_F(ArrivingTest, AWriteForTheOldCollectionThatRoutesIsServed) {
  auto* with_customer = new Document(*test::document("a"));
  with_customer->fields.push_back({"customer", std::string("c7")});
  request(2, 1, operation(OperationKind::Insert, DocumentRef(with_customer)));
  EXPECT_EQ(replies(), std::vector<R>{R::Ok});
}

}  // namespace
}  // namespace shardproof
