// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/router.hpp"
#include "core/shard_key.hpp"

/// What a router does with operations on a collection whose documents have moved to another one.
namespace shardproof {
namespace {

using message::ClientReply;
using message::ShardRequest;
using test::operation;

const Endpoint kClient = Endpoint::client(ClientId(4));
const ShardId kOldShard = test::kShard;

/// The collection that follows `test::collection()`: two shards by customer, led by nodes 2 and 3.
CollectionConfig successor() {
  CollectionConfig config = test::collection(2, 1);
  config.id = CollectionId(1);
  config.first_shard = ShardId(1);
  config.first_epoch = Epoch(3);
  config.shard_key = {"customer"};
  return config;
}

ShardInfo shard_of_successor(std::uint32_t index) {
  ShardInfo info = test::shard(Epoch(3), {NodeId(index + 2)});
  info.id = ShardId(index + 1);
  info.collection = CollectionId(1);
  return info;
}

DocumentRef of_customer(const char* key, const char* customer) {
  auto* made = new Document(*test::document(key));
  made->fields.push_back({"customer", std::string(customer)});
  return DocumentRef(made);
}

/// A router at an unsharded collection led by node 1; `move` makes it follow its documents.
class RouterSuccessorTest : public testing::Test {
 protected:
  RouterSuccessorTest() {
    bench.commit({test::collection(1, 1), test::shard(Epoch(1), {NodeId(1)})});
    bench.effects.clear();
  }

  void move() {
    CollectionConfig old = test::collection(1, 1);
    old.successor = CollectionId(1);
    ShardInfo retired = test::shard(Epoch(3), {NodeId(1)});
    retired.leader = NodeId::none();
    retired.replicas.clear();
    retired.status = ShardStatus::Retired;
    bench.commit({old, retired, successor(), shard_of_successor(0), shard_of_successor(1)});
    ReplicaStep step = bench.step();
    router.on_shard_change(kOldShard, step);
  }
  void ask(OperationRef of) {
    ReplicaStep step = bench.step();
    router.on_client_request(kClient, {{ClientId(4), 1}, std::move(of)}, step);
  }
  std::vector<std::pair<Endpoint, ShardRequest>> tries() { return bench.take<ShardRequest>(); }
  std::vector<ReplyStatus> answers() {
    std::vector<ReplyStatus> statuses;
    for (auto& [to, reply] : bench.take<ClientReply>()) statuses.push_back(reply.status);
    return statuses;
  }
  void reply(const ShardRequest& to, ReplyStatus status, ScanPartRef part = nullptr) {
    ReplicaStep step = bench.step();
    router.on_shard_reply(
        NodeId(2), {to.ticket, to.shard, to.epoch, {}, status, {}, part, {}, to.request}, step);
  }
  /// Two documents that lay in one shard and lie in two now.
  OperationRef transaction() {
    auto* made = new Operation;
    made->kind = OperationKind::Transaction;
    made->collection = CollectionId(0);
    const DocumentRef first = of_customer("a", "c0");
    made->steps.push_back({OperationKind::Replace, first});
    for (const char* customer : {"c1", "c2", "c3", "c4", "c5", "c6"}) {
      const DocumentRef other = of_customer("b", customer);
      if (*route(successor(), *other) == *route(successor(), *first)) continue;
      made->steps.push_back({OperationKind::Replace, other});
      break;
    }
    return OperationRef(made);
  }

  test::ReplicaBench bench{0};
  Router router;
};

using R = ReplyStatus;

TEST_F(RouterSuccessorTest, AnOperationOnTheOldCollectionGoesWhereItsDocumentIsNow) {
  move();
  const DocumentRef document = of_customer("a", "c7");
  ask(operation(OperationKind::Replace, document));
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].second.shard, *route(successor(), *document));
  EXPECT_EQ(sent[0].second.epoch, Epoch(3));
}

TEST_F(RouterSuccessorTest, ATryOnItsWayIsSentThereUnderTheSameRequest) {
  const DocumentRef document = of_customer("a", "c7");
  ask(operation(OperationKind::Replace, document));
  const auto first = tries();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].second.shard, kOldShard);
  move();
  const auto again = tries();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.shard, *route(successor(), *document));
  EXPECT_EQ(again[0].second.request, first[0].second.request);
}

TEST_F(RouterSuccessorTest, AWriteThatHasNoPlaceThereIsAskedForAndNotRefused) {
  move();
  ask(operation(OperationKind::Remove, test::document("a")));
  EXPECT_TRUE(answers().empty());
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].second.shard, ShardId(1));
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 0u);
  reply(sent[0].second, R::Ok);
  EXPECT_EQ(answers(), std::vector<R>{R::Ok});
}

TEST_F(RouterSuccessorTest, ATransactionThatLiesInSeveralShardsByNowIsAskedForToo) {
  const OperationRef across = transaction();
  ask(across);
  ASSERT_EQ(tries().size(), 1u);
  move();
  const auto again = tries();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.shard, ShardId(1));
  reply(again[0].second, R::CrossShardTransaction);
  EXPECT_EQ(answers(), std::vector<R>{R::CrossShardTransaction});
}

TEST_F(RouterSuccessorTest, AWriteThatNobodyAnswersForEndsUnknown) {
  ask(transaction());
  tries();
  move();
  bench.now = bench.now + bench.config.timing.request_timeout;
  ReplicaStep step = bench.step();
  router.on_timer(step);
  EXPECT_EQ(answers(), std::vector<R>{R::Unknown});
}

TEST_F(RouterSuccessorTest, ANewDocumentOfAnotherShardKeyIsAskedForWhereItsOwnPlaceIs) {
  move();
  auto* changed = new Operation(*operation(OperationKind::Replace, of_customer("a", "c7")));
  changed->selector = of_customer("a", "c8");
  ask(OperationRef(changed));
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].second.shard, *route(successor(), *changed->document));
}

TEST_F(RouterSuccessorTest, AReadThatHasNoPlaceThereIsRefused) {
  ask(operation(OperationKind::Read, test::document("a")));
  tries();
  move();
  EXPECT_EQ(answers(), std::vector<R>{R::MissingShardKeyField});
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 1u);
}

TEST_F(RouterSuccessorTest, AWriteForTheNewCollectionIsRefusedBeforeAnythingIsSent) {
  move();
  auto* write = new Operation(*operation(OperationKind::Replace, test::document("a")));
  write->collection = CollectionId(1);
  ask(OperationRef(write));
  EXPECT_TRUE(tries().empty());
  EXPECT_EQ(answers(), std::vector<R>{R::MissingShardKeyField});
}

TEST_F(RouterSuccessorTest, ACountOnItsWayBeginsAnewInTheNewCollection) {
  ask(operation(OperationKind::Count, nullptr));
  const auto old = tries();
  ASSERT_EQ(old.size(), 1u);
  move();
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 2u);
  const auto part = [](std::uint32_t shard, std::uint64_t count) {
    auto made = std::make_shared<ScanPart>();
    made->shard = ShardId(shard);
    made->count = count;
    return made;
  };
  reply(old[0].second, R::Ok, part(0, 100));
  reply(sent[0].second, R::Ok, part(1, 3));
  EXPECT_TRUE(answers().empty());
  reply(sent[1].second, R::Ok, part(2, 4));
  const auto replies = bench.take<ClientReply>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second.scan->count, 7u);
}

}  // namespace
}  // namespace shardproof
