// SPDX-License-Identifier: Apache-2.0
#include "core/router.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/shard_key.hpp"
#include "core/sharding_collection.hpp"

namespace shardproof {
namespace {

using message::ClientReply;
using message::ShardReply;
using message::ShardRequest;
using test::document;
using test::operation;

const Endpoint kClient = Endpoint::client(ClientId(4));

/// A router at a collection of two shards, led by nodes 1 and 2.
class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    bench.commit({test::collection(2, 1), led_by(0, 1, 1), led_by(1, 2, 1)});
    bench.effects.clear();
  }

  static ShardInfo led_by(std::uint32_t shard, std::uint32_t node, std::uint64_t epoch) {
    ShardInfo info = test::shard(Epoch(epoch), {NodeId(node)});
    info.id = ShardId(shard);
    return info;
  }
  void ask(OperationRef of, std::uint32_t sequence = 1) {
    ReplicaStep step = bench.step();
    router.on_client_request(kClient, {{ClientId(4), sequence}, std::move(of)}, step);
  }
  std::vector<std::pair<Endpoint, ShardRequest>> tries() { return bench.take<ShardRequest>(); }
  std::vector<ClientReply> answers() {
    std::vector<ClientReply> taken;
    for (auto& [to, reply] : bench.take<ClientReply>()) taken.push_back(reply);
    return taken;
  }
  void reply(const ShardRequest& to, ReplyStatus status, ScanPartRef part = nullptr) {
    ReplicaStep step = bench.step();
    router.on_shard_reply(
        NodeId(1), {to.ticket, to.shard, to.epoch, Revision(), status, {}, part, {}, to.request},
        step);
  }
  void fire(Nanoseconds later) {
    bench.now = bench.now + later;
    ReplicaStep step = bench.step();
    router.on_timer(step);
  }
  void change(const ShardInfo& info) {
    bench.commit({info});
    ReplicaStep step = bench.step();
    router.on_shard_change(info.id, step);
  }
  static OperationRef on_collection(std::uint32_t id) {
    auto* made = new Operation(*operation(OperationKind::Read, document("a")));
    made->collection = CollectionId(id);
    return OperationRef(made);
  }
  /// Answers the table read that is outstanding, with what was committed since.
  void read_table(std::vector<Record> records) {
    auto delta = std::make_shared<TableDelta>();
    delta->revision = bench.watcher.table().revision().next();
    delta->records = std::move(records);
    const auto asked = bench.take<message::RangeRequest>();
    ASSERT_EQ(asked.size(), 1u);
    ReplicaStep step = bench.step();
    bench.watcher.on_range_reply({asked[0].second.request, delta->revision, {delta}}, step);
    router.on_table_read(step);
  }
  ScanPartRef part(std::uint32_t shard, std::uint64_t count) {
    auto made = std::make_shared<ScanPart>();
    made->shard = ShardId(shard);
    made->count = count;
    return made;
  }
  ShardId home_of(const char* key) { return *route(test::collection(2, 1), *document(key)); }

  test::ReplicaBench bench{0};
  Router router;
};

TEST_F(RouterTest, ARequestGoesToTheLeaderOfItsShardWithTheEpochKnown) {
  ask(operation(OperationKind::Read, document("a")));
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].second.shard, home_of("a"));
  EXPECT_EQ(sent[0].first, test::at(home_of("a").value() + 1));
  EXPECT_EQ(sent[0].second.epoch, Epoch(1));
}

TEST_F(RouterTest, TheAnswerGoesToTheClientAndOnlyOnce) {
  ask(operation(OperationKind::Read, document("a")));
  const ShardRequest sent = tries().at(0).second;
  reply(sent, ReplyStatus::NotFound);
  reply(sent, ReplyStatus::Ok);
  const auto all = answers();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].status, ReplyStatus::NotFound);
}

TEST_F(RouterTest, AnAnswerToAnotherRequestUnderTheSameTicketIsNotTaken) {
  ask(operation(OperationKind::Replace, document("a")), 7);
  ShardRequest sent = tries().at(0).second;
  // Before a restart, the ticket was that of another request.
  sent.request.sequence = 6;
  reply(sent, ReplyStatus::Ok);
  EXPECT_TRUE(answers().empty());
}

TEST_F(RouterTest, ARefusalThatMayBeRetriedIsRetriedAfterAPauseUnderTheSameRequest) {
  ask(operation(OperationKind::Replace, document("a")));
  const ShardRequest first = tries().at(0).second;
  reply(first, ReplyStatus::NotReady);
  EXPECT_TRUE(tries().empty());
  fire(bench.config.timing.retry_backoff);
  const auto again = tries();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.request, first.request);
}

TEST_F(RouterTest, ANewLeaderIsTriedAtOnce) {
  ask(operation(OperationKind::Replace, document("a")));
  tries();
  change(led_by(home_of("a").value(), 3, 2));
  const auto again = tries();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].first, test::at(3));
  EXPECT_EQ(again[0].second.epoch, Epoch(2));
}

TEST_F(RouterTest, WhatWasNeverTriedEndsUnavailable) {
  ShardInfo offline = led_by(home_of("a").value(), 1, 2);
  offline.leader = NodeId::none();
  offline.status = ShardStatus::Offline;
  bench.commit({offline});
  ask(operation(OperationKind::Replace, document("a")));
  EXPECT_TRUE(tries().empty());
  fire(bench.config.timing.request_timeout);
  ASSERT_EQ(answers().at(0).status, ReplyStatus::Unavailable);
}

TEST_F(RouterTest, AWriteThatWasSentEndsUnknownEvenIfItWasRefused) {
  ask(operation(OperationKind::Replace, document("a")));
  // The network may deliver the same try twice, and the second one to a leader that is ready.
  reply(tries().at(0).second, ReplyStatus::QueueFull);
  fire(bench.config.timing.request_timeout);
  ASSERT_EQ(answers().at(0).status, ReplyStatus::Unknown);
}

TEST_F(RouterTest, AReadHasNoEffectThatCouldBeUnknown) {
  ask(operation(OperationKind::Read, document("a")));
  tries();
  fire(bench.config.timing.request_timeout);
  ASSERT_EQ(answers().at(0).status, ReplyStatus::Unavailable);
}

TEST_F(RouterTest, WhatWasSentAndNeverAnsweredEndsUnknown) {
  ask(operation(OperationKind::Replace, document("a")));
  fire(bench.config.timing.request_timeout);
  ASSERT_EQ(answers().at(0).status, ReplyStatus::Unknown);
}

TEST_F(RouterTest, ARefusalLaterOnDoesNotUndoAnEarlierTry) {
  ask(operation(OperationKind::Replace, document("a")));
  tries();
  change(led_by(home_of("a").value(), 3, 2));
  reply(tries().at(0).second, ReplyStatus::NotReady);
  fire(bench.config.timing.request_timeout);
  ASSERT_EQ(answers().at(0).status, ReplyStatus::Unknown);
}

TEST_F(RouterTest, WhatCanNeverBeRightIsRefusedBeforeAnythingIsSent) {
  ask(operation(OperationKind::Read, document("")));
  EXPECT_TRUE(tries().empty());
  const auto all = answers();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].status, ReplyStatus::MissingShardKeyField);
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 1u);
}

TEST_F(RouterTest, ACollectionIsUnknownOnlyByATableReadSinceTheRequestCame) {
  ReplicaStep early = bench.step();
  bench.watcher.refresh(early);
  ask(on_collection(9));
  EXPECT_TRUE(answers().empty());
  read_table({});
  EXPECT_TRUE(answers().empty()) << "that read was sent before";
  read_table({});
  EXPECT_EQ(answers().at(0).status, ReplyStatus::NoSuchCollection);
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 1u);
}

TEST_F(RouterTest, ACollectionThatTheReadBringsIsServed) {
  ask(on_collection(1));
  EXPECT_TRUE(tries().empty());
  CollectionConfig created = test::collection(1, 1);
  created.id = CollectionId(1);
  created.first_shard = ShardId(2);
  ShardInfo shard = led_by(2, 3, 1);
  shard.collection = CollectionId(1);
  read_table({created, shard});
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].first, test::at(3));
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 0u);
}

TEST_F(RouterTest, WhoGetsNoTableRefusesNothing) {
  bench.watcher = TableWatcher();
  ask(operation(OperationKind::Read, document("a")));
  EXPECT_FALSE(bench.take<message::RangeRequest>().empty()) << "it asks for one";
  EXPECT_TRUE(answers().empty());
  fire(bench.config.timing.request_timeout);
  EXPECT_EQ(answers().at(0).status, ReplyStatus::Unavailable);
  EXPECT_EQ(bench.count<fact::RequestRefused>(), 0u);
}

TEST_F(RouterTest, ATransactionAcrossShardsIsRefusedAndOneWithinIsRouted) {
  const char* other = "b";
  for (const char* key : {"b", "c", "d", "e", "f", "g"}) {
    if (home_of(key) != home_of("a")) other = key;
  }
  ASSERT_NE(home_of(other), home_of("a"));
  auto* across = new Operation;
  across->kind = OperationKind::Transaction;
  across->collection = CollectionId(0);
  across->steps = {{OperationKind::Replace, document("a")},
                   {OperationKind::Replace, document(other)}};
  const OperationRef held(across);
  ask(held);
  EXPECT_EQ(answers().at(0).status, ReplyStatus::CrossShardTransaction);
  EXPECT_TRUE(tries().empty());
  auto* within = new Operation(*across);
  within->steps.pop_back();
  ask(OperationRef(within), 2);
  EXPECT_EQ(tries().size(), 1u);
}

TEST_F(RouterTest, ADocumentThatWouldMoveToAnotherShardKeyIsRefused) {
  auto* moved = new Operation(*operation(OperationKind::Replace, document("a")));
  moved->selector = document("b");
  ask(OperationRef(moved));
  EXPECT_EQ(answers().at(0).status, ReplyStatus::ShardKeyChanged);
}

TEST_F(RouterTest, ACountAsksEveryShardAndAddsUp) {
  ask(operation(OperationKind::Count, nullptr));
  const auto sent = tries();
  ASSERT_EQ(sent.size(), 2u);
  reply(sent[1].second, ReplyStatus::Ok, part(1, 5));
  EXPECT_TRUE(answers().empty());
  reply(sent[0].second, ReplyStatus::Ok, part(0, 2));
  const auto all = answers();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].status, ReplyStatus::Ok);
  EXPECT_EQ(all[0].scan->count, 7u);
}

TEST_F(RouterTest, APartOfAnEpochThatIsOverIsAskedForAgain) {
  ask(operation(OperationKind::Count, nullptr));
  const auto sent = tries();
  reply(sent[0].second, ReplyStatus::Ok, part(0, 2));
  change(led_by(0, 3, 2));
  reply(sent[1].second, ReplyStatus::Ok, part(1, 5));
  EXPECT_TRUE(answers().empty());
  const auto again = tries();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.shard, ShardId(0));
  reply(again[0].second, ReplyStatus::Ok, part(0, 3));
  EXPECT_EQ(answers().at(0).scan->count, 8u);
}

TEST_F(RouterTest, AScanThatLacksAShardFailsAndNamesIt) {
  ask(operation(OperationKind::Scan, nullptr));
  reply(tries().at(0).second, ReplyStatus::Ok, part(0, 2));
  fire(bench.config.timing.request_timeout);
  const auto all = answers();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].status, ReplyStatus::ScanIncomplete);
  EXPECT_EQ(all[0].scan->missing, std::vector<ShardId>{ShardId(1)});
  EXPECT_EQ(bench.count<fact::ScanCompleted>(), 0u);
}

TEST_F(RouterTest, TheTableItselfCanBeReadButNotWritten) {
  auto* read = new Operation(*operation(OperationKind::Read, document("shop.orders/1")));
  read->collection = kShardingCollection;
  const OperationRef held(read);
  ask(held);
  const auto found = answers();
  ASSERT_EQ(found.at(0).status, ReplyStatus::Ok);
  const Field* leader = found[0].result.document->find("leader");
  ASSERT_NE(leader, nullptr);
  EXPECT_EQ(std::get<std::string>(leader->value), "n2");
  auto* write = new Operation(*read);
  write->kind = OperationKind::Replace;
  ask(OperationRef(write), 2);
  EXPECT_EQ(answers().at(0).status, ReplyStatus::NoSuchCollection);
}

}  // namespace
}  // namespace shardproof
