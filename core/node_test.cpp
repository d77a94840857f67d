// SPDX-License-Identifier: Apache-2.0
#include "core/node.hpp"

#include <map>

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using message::AdminOutcome;
using message::AdminReply;
using message::ClientReply;

const Endpoint kClient = Endpoint::client(ClientId(0));

/// A node without a cluster, on a disk that keeps all that it is told to and finishes at once.
class SingleNodeTest : public testing::Test {
 protected:
  SingleNodeTest() { boot(); }

  static NodeConfig single() {
    NodeConfig config;
    config.id = NodeId(0);
    config.has_cluster_manager = false;
    config.record = test::member(0);
    return config;
  }
  void boot() {
    DiskImage image;
    for (const auto& [id, data] : files) image.files.push_back({id, data, Bytes(data.size())});
    step(Boot{&image});
  }
  void step(const Input& input) {
    node.step(input, {now, random}, effects);
    while (!effects.disk_ops().empty() && disk_works) {
      const DiskOp done = std::move(effects.disk_ops().front());
      effects.disk_ops().erase(effects.disk_ops().begin());
      if (done.kind == DiskOpKind::Append) files[done.file] += done.data;
      if (done.kind == DiskOpKind::Remove) files.erase(done.file);
      node.step(DiskDone{done.id, DiskOutcome::Ok, {}, {}}, {now, random}, effects);
    }
  }
  void receive(Endpoint from, Message message) { step(Receive{from, &message}); }
  template <typename M>
  std::vector<M> take() {
    std::vector<M> taken;
    for (Effects::Send& send : effects.sends()) {
      if (auto* message = std::get_if<M>(&send.message)) taken.push_back(*message);
    }
    effects.clear();
    return taken;
  }
  std::vector<AdminReply> enable_sharding(CollectionConfig config) {
    auto request = std::make_shared<message::AdminRequest>();
    request->kind = message::AdminKind::EnableSharding;
    request->collection = std::move(config);
    receive(Endpoint::operator_console(), message::AdminCommand{request, Term()});
    return take<AdminReply>();
  }
  static CollectionConfig orders() {
    CollectionConfig config = test::collection(4, 1);
    config.id = CollectionId::none();
    return config;
  }
  ReplyStatus ask(OperationKind kind, const char* key, std::uint32_t sequence) {
    auto* made = new Operation(*test::operation(kind, test::document(key)));
    made->collection = node.table().find_collection("shop", "orders")->id;
    receive(kClient, message::ClientRequest{{ClientId(0), sequence}, OperationRef(made)});
    const auto replies = take<ClientReply>();
    return replies.empty() ? ReplyStatus::Unknown : replies.front().status;
  }

  std::map<FileId, std::string> files;
  bool disk_works = true;
  Instant now = Instant(seconds(1));
  Random random{1};
  Effects effects;
  Node node{single(), [](const NodeConfig&) { return std::make_unique<DocumentStore>(); }};
};

TEST_F(SingleNodeTest, ItOwnsEverythingAndServesWithoutACluster) {
  const auto replies = enable_sharding(orders());
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].outcome, AdminOutcome::Done);
  EXPECT_EQ(ask(OperationKind::Insert, "a", 1), ReplyStatus::Ok);
  EXPECT_EQ(ask(OperationKind::Read, "a", 2), ReplyStatus::Ok);
  EXPECT_EQ(ask(OperationKind::Insert, "a", 3), ReplyStatus::AlreadyExists);
}

TEST_F(SingleNodeTest, CollectionsAndDocumentsOutliveACrash) {
  enable_sharding(orders());
  EXPECT_EQ(ask(OperationKind::Insert, "a", 1), ReplyStatus::Ok);
  node.crash();
  EXPECT_FALSE(node.is_up());
  boot();
  take<ClientReply>();
  ASSERT_NE(node.table().find_collection("shop", "orders"), nullptr);
  EXPECT_EQ(ask(OperationKind::Read, "a", 2), ReplyStatus::Ok);
}

TEST_F(SingleNodeTest, NothingIsAnsweredBeforeItIsDurable) {
  enable_sharding(orders());
  disk_works = false;
  EXPECT_EQ(ask(OperationKind::Insert, "a", 1), ReplyStatus::Unknown);
  node.crash();
  effects.clear();
  disk_works = true;
  boot();
  take<ClientReply>();
  EXPECT_EQ(ask(OperationKind::Read, "a", 2), ReplyStatus::NotFound);
}

TEST_F(SingleNodeTest, ACollectionThatExistsIsDoneAlready) {
  enable_sharding(orders());
  EXPECT_EQ(enable_sharding(orders()).at(0).text, "exists already");
}

TEST_F(SingleNodeTest, ACollectionThatCannotBeIsRefused) {
  CollectionConfig config = orders();
  config.num_shards = 0;
  EXPECT_EQ(enable_sharding(config).at(0).outcome, AdminOutcome::Refused);
  EXPECT_EQ(node.table().find_collection("shop", "orders"), nullptr);
}

TEST_F(SingleNodeTest, WhatNeedsAClusterIsRefused) {
  auto request = std::make_shared<message::AdminRequest>();
  request->kind = message::AdminKind::Drain;
  receive(Endpoint::operator_console(), message::AdminCommand{request, Term()});
  EXPECT_EQ(take<AdminReply>().at(0).outcome, AdminOutcome::Refused);
}

TEST_F(SingleNodeTest, ANodeThatIsDownIgnoresEverything) {
  node.crash();
  effects.clear();
  step(TimerFired{TimerKind::Router});
  EXPECT_TRUE(effects.sends().empty());
  EXPECT_TRUE(effects.timers().empty());
  EXPECT_FALSE(node.is_up());
}

TEST_F(SingleNodeTest, WithAClusterABootAsksForTheTableAndHoldsNothing) {
  NodeConfig config = single();
  config.has_cluster_manager = true;
  Node member(config, [](const NodeConfig&) { return std::make_unique<DocumentStore>(); });
  effects.clear();
  const DiskImage image;
  member.step(Boot{&image}, {now, random}, effects);
  bool asks = false;
  for (const Effects::Send& send : effects.sends()) {
    asks = asks || std::holds_alternative<message::RangeRequest>(send.message);
  }
  EXPECT_TRUE(asks);
  EXPECT_TRUE(member.store().copies().empty());
  EXPECT_EQ(member.find_replica(ShardId(0)), nullptr);
}

}  // namespace
}  // namespace shardproof
