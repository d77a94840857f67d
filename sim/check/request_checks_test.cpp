// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what concerns requests: routing, ownership, reads and queues.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

StoryOptions by_customer(std::uint32_t num_shards = 4) {
  StoryOptions options;
  options.num_shards = num_shards;
  options.shard_key = {"customer"};
  return options;
}

/// A customer whose documents belong to another shard than s0.
std::string customer_of_another_shard(const Story& story) {
  for (int i = 0;; ++i) {
    const std::string customer = fmt::format("c{}", i);
    const auto routed = route(story.collection, *make_document("a", 1, customer));
    if (*routed != kS0) return customer;
  }
}

std::string customer_of_s0(const Story& story, int skip = 0) {
  for (int i = 0;; ++i) {
    const std::string customer = fmt::format("c{}", i);
    if (*route(story.collection, *make_document("a", 1, customer)) == kS0 && skip-- == 0) {
      return customer;
    }
  }
}

EntryRef accept_document(Story& story, DocumentRef document) {
  const Version version{story.info().epoch, story.last.index.next()};
  const EntryRef entry =
      story.make_entry(version, {{std::move(document), false}}, story.next_request());
  story.tell(kN0, fact::WriteAccepted{kS0, version.epoch, entry, story.last});
  story.last = version;
  return entry;
}

TEST(RoutingSoundness, FindsADocumentInAnotherShardThanItsOwn) {
  Story story(by_customer());
  accept_document(story, make_document("a", 1, customer_of_another_shard(story)));
  EXPECT_THAT(numbers(story.suite), ElementsAre(1));
  EXPECT_EQ(story.suite.violations()[0].shard, kS0);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0));
  EXPECT_THAT(story.suite.violations()[0].epochs, ElementsAre(Epoch(1)));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 accepted \"a\" of k1#1 at e1/i2 in s0, but customer=\"c0\" "
                        "routes to s3"));
}

TEST(RoutingSoundness, AcceptsADocumentInItsShard) {
  Story story(by_customer());
  accept_document(story, make_document("a", 1, customer_of_s0(story)));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST(RoutingDeterminism, FindsARouterThatDecidesDifferently) {
  Story story(by_customer());
  const auto document = make_document("a", 1, customer_of_another_shard(story));
  story.tell(kN1, fact::RequestRouted{story.next_request(), kS0, kN0, story.table.revision(),
                                      make_operation(OperationKind::Replace, document)});
  EXPECT_THAT(numbers(story.suite), ElementsAre(10));
  EXPECT_THAT(texts(story.suite), HasSubstr("n1 sent k1#1 (replace of \"a\") to s0 at n0, but "
                                            "customer=\"c0\" routes to s3"));
}

TEST(Identity, FindsStrangersWrongNodesAndLoops) {
  Story story;
  const auto operation = make_operation(OperationKind::Read, make_document("a"));
  const auto routed = [&](NodeId from, NodeId to) {
    story.tell(from, fact::RequestRouted{story.next_request(), kS0, to, story.table.revision(),
                                         operation});
  };
  routed(kN1, kN0);
  routed(kN0, kN0);
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  routed(kN1, NodeId(9));
  routed(kN1, kN1);
  routed(kN1, kN2);
  EXPECT_THAT(numbers(story.suite), ElementsAre(11, 11, 11));
  EXPECT_THAT(story.suite.violations()[1].message, HasSubstr("forwarded to itself"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n1 sent k1#3 (read of \"a\") about s0 to n9, which is no node "
                        "of the cluster at r2"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("k1#5 (read of \"a\") went to the wrong node: n1 sent it to "
                        "n2, and by its table of r2 the leader of s0 is n0"));
}

TEST(Identity, AllowsAStaleRouterToAskTheFormerLeader) {
  Story story;
  const Revision old = story.table.revision();
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.fencing = kN0;
  });
  story.tell(kN2, fact::RequestRouted{story.next_request(), kS0, kN0, old,
                                      make_operation(OperationKind::Read, make_document("a"))});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
}

TEST(NoBypass, FindsAShardThatNobodyCreatedAndAnInternalName) {
  Story story;
  story.tell(kN3, fact::CopyCreated{ShardId(77), Epoch(1)});
  EXPECT_THAT(numbers(story.suite), ElementsAre(12));
  EXPECT_EQ(story.suite.violations()[0].shard, ShardId(77));
  CollectionConfig internal = story.collection;
  internal.id = CollectionId(1);
  internal.first_shard = ShardId(1);
  internal.name = "_sharding";
  story.commit_records({internal});
  EXPECT_THAT(numbers(story.suite), ElementsAre(12, 12));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 commits c1 as \"shop._sharding\", a name kept for the "
                        "system"));
}

TEST(ShardKeyRules, FindsADocumentWithoutItsShardKey) {
  Story story(by_customer());
  accept_document(story, make_document("a"));
  EXPECT_THAT(numbers(story.suite), ElementsAre(31));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("customer"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 accepted \"a\" of k1#1 at e1/i2 in s0, which has no shard "
                        "key: customer=(missing) (missing shard key field)"));
}

TEST(ShardKeyRules, FindsAChangedShardKey) {
  Story story(by_customer());
  const EntryRef first = accept_document(story, make_document("a", 1, customer_of_s0(story)));
  story.apply(kN0, first);
  accept_document(story, make_document("a", 2, customer_of_s0(story)));
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  accept_document(story, make_document("a", 3, customer_of_s0(story, 1)));
  EXPECT_THAT(numbers(story.suite), ElementsAre(31));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 accepted a change of the shard key of \"a\" to "
                        "customer=\"c9\" by k1#3 at e1/i4 in s0: it had another since "
                        "e1/i2"));
}

TEST(ShardKeyRules, FindsARefusalThatIsNotSoOrComesTooLate) {
  Story story(by_customer());
  const auto good =
      make_operation(OperationKind::Replace, make_document("a", 1, customer_of_s0(story)));
  const auto bad = make_operation(OperationKind::Replace, make_document("a"));
  const auto refuse = [&](RequestId request, const OperationRef& operation) {
    story.tell(kN1, fact::RequestRefused{request, ReplyStatus::MissingShardKeyField, operation});
  };
  refuse(story.next_request(), bad);
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  refuse(story.next_request(), good);
  EXPECT_THAT(numbers(story.suite), ElementsAre(31));
  const EntryRef entry = accept_document(story, make_document("b", 1, customer_of_s0(story)));
  story.apply(kN0, entry);
  refuse(entry->request, bad);
  EXPECT_THAT(numbers(story.suite), ElementsAre(31, 31));
  EXPECT_THAT(story.suite.violations()[1].message, HasSubstr("after it had taken effect"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n1 refused k1#2 (replace of \"a\") with \"missing shard key "
                        "field\", which is not so: customer=\"c1\" (s0)"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n1 refused k1#3 (replace of \"a\") with \"missing shard key "
                        "field\" after it had taken effect"));
}

TEST(ShardKeyRules, FindsARefusedWriteThatTakesEffectLater) {
  Story story(by_customer());
  const EntryRef entry = accept_document(story, make_document("b", 1, customer_of_s0(story)));
  story.tell(kN1, fact::RequestRefused{entry->request, ReplyStatus::MissingShardKeyField,
                                       make_operation(OperationKind::Replace, make_document("b"))});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.apply(kN0, entry);
  EXPECT_THAT(numbers(story.suite), ElementsAre(31));
  EXPECT_THAT(
      story.suite.violations()[0].message,
      HasSubstr("n0 applied k1#1 at e1/i2 in s0, which writes \"b\", and it had been refused"));
}

TEST(SingleOwner, FindsAZombieThatAcceptsAfterItsSuccessor) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.fencing = kN0;
  });
  story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
  story.lead(kN1);
  story.write("b");
  const Version stale{Epoch(1), LogIndex(3)};
  const EntryRef zombie = story.make_entry(stale, {{make_document("c"), false}}, {ClientId(2), 1});
  story.tell(kN0, fact::WriteAccepted{kS0, Epoch(1), zombie, {Epoch(1), LogIndex(2)}});
  EXPECT_THAT(numbers(story.suite), ElementsAre(5));
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0, kN1));
  EXPECT_THAT(story.suite.violations()[0].epochs, ElementsAre(Epoch(1), Epoch(2)));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 accepted a write of \"c\" in s0 at e1 although n1 served "
                        "it as leader at e2, 600 us before"));
}

TEST(SingleOwner, FindsAReadOutsideTheLease) {
  Story story;
  const EntryRef a = story.write("a");
  story.pass(hours(2));
  story.read(a);
  EXPECT_THAT(numbers(story.suite), ElementsAre(5));
  story.renew_leases();
  story.read(a);
  EXPECT_THAT(numbers(story.suite), ElementsAre(5));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 served a read of \"a\" in s0 at e1 although, by its own "
                        "clock, its lease had ended 1 h before"));
}

TEST(SingleOwner, FindsAnAcknowledgementOutsideTheLease) {
  Story story;
  const EntryRef a = story.accept(kN0, "a");
  for (const NodeId node : story.info().replicas) story.durable(node);
  story.apply(kN0, a);
  // It had its lease when it accepted the write, and knows that every copy has it.
  story.pass(hours(2));
  story.acknowledge(kN0, a);
  ASSERT_THAT(numbers(story.suite), ElementsAre(5)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].message,
              HasSubstr("n0 acknowledged a write of \"a\" in s0 at e1 although"));
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0));
  story.apply(kN1, a);
  story.renew_leases();
  story.write("b");
  EXPECT_THAT(numbers(story.suite), ElementsAre(5)) << texts(story.suite);
}

TEST(SingleOwner, FindsALeaderThatLetsReplicasServeOutsideItsLease) {
  Story story;
  story.suite.on_read_index_told(kS0, Epoch(1), story.at(kN0));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.pass(hours(2));
  story.suite.on_read_index_told(kS0, Epoch(1), story.at(kN0));
  EXPECT_THAT(numbers(story.suite), ElementsAre(5));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 told a replica how far reads may go in s0 at e1 although, by its own "
                        "clock, its lease had ended "));
}

TEST(SingleOwner, AllowsThePredecessorUntilItIsFenced) {
  Story story;
  const EntryRef a = story.write("a");
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.fencing = kN0;
  });
  const auto read_at_n0 = [&] {
    story.tell(kN0, fact::ReadServed{kS0,
                                     Epoch(1),
                                     make_operation(OperationKind::Read, make_document("a")),
                                     {a->version, a->mutations[0].document}});
  };
  read_at_n0();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.change([](ShardInfo& shard) { shard.fencing = NodeId::none(); });
  read_at_n0();
  EXPECT_THAT(numbers(story.suite), ElementsAre(5, 5)) << "nobody is to fence it, and it acts";
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 served a read of \"a\" in s0 at e1 although by the table "
                        "of e3 (r4) n1 leads, and nobody else may still hold a lease"));
}

/// s0 moves its documents to s1, which n1 leads; the move is given up before n1 has heard of it.
void give_up_a_move(Story& story) {
  CollectionConfig target = story.collection;
  target.id = CollectionId(1);
  target.first_shard = ShardId(1);
  ShardInfo shard;
  shard.id = ShardId(1);
  shard.collection = target.id;
  shard.epoch = Epoch(2);
  shard.leader = kN1;
  shard.replicas = {kN1};
  CollectionConfig present = story.collection;
  target.first_epoch = Epoch(3);
  present.moving_to = target.id;
  story.commit_records({present, target, shard});
  shard.epoch = Epoch(3);
  shard.leader = NodeId::none();
  shard.replicas.clear();
  shard.status = ShardStatus::Retired;
  present.moving_to = CollectionId::none();
  target.successor = present.id;
  story.commit_records({present, target, shard});
}

fact::WriteAccepted write_to_s1(const Story& story, ClientId client) {
  const EntryRef entry =
      story.make_entry({Epoch(2), LogIndex(1)}, {{make_document("a"), false}}, {client, 1});
  return {ShardId(1), Epoch(2), entry, {}};
}

constexpr ClientId kMover(kFirstInternalClient);

TEST(SingleOwner, AllowsALateWriteOfAMoveThatWasGivenUp) {
  Story story;
  give_up_a_move(story);
  story.tell(kN1, write_to_s1(story, kMover));
  EXPECT_THAT(find(story.suite, 5), testing::IsNull()) << texts(story.suite);
}

TEST(AckHonesty, OfAMoveThatWasGivenUpCopiesMayGoBeforeItsLastWrites) {
  StoryOptions options;
  options.write_concern = 2;
  Story story(options);
  give_up_a_move(story);
  const fact::WriteAccepted mine = write_to_s1(story, kMover);
  const fact::WriteAccepted a_clients = write_to_s1(story, ClientId(7));
  story.tell(kN1, mine);
  const NodeList required{kN1, kN2};
  // Named, so that it is copied and not moved: gcc 12 warns of what a moved list might read.
  const fact::WriteAcknowledged left_over{ShardId(1), Epoch(2), mine.entry, required};
  story.tell(kN1, left_over);
  EXPECT_THAT(find(story.suite, 26), testing::IsNull()) << texts(story.suite);
  const fact::WriteAcknowledged wrong{ShardId(1), Epoch(2), a_clients.entry, required};
  story.tell(kN1, wrong);
  EXPECT_THAT(find(story.suite, 26), testing::NotNull());
}

TEST(SingleOwner, FindsAClientsWriteAndAReadWhereAMoveWasGivenUp) {
  Story story;
  give_up_a_move(story);
  story.tell(kN1, write_to_s1(story, ClientId(7)));
  EXPECT_THAT(numbers(story.suite), ElementsAre(5)) << texts(story.suite);
  story.tell(
      kN1, fact::ReadServed{
               ShardId(1), Epoch(2), make_operation(OperationKind::Read, make_document("b")), {}});
  EXPECT_EQ(story.suite.violations().back().invariant, 5u);
  EXPECT_THAT(story.suite.violations().back().message, HasSubstr("n1 served a read"));
}

TEST(SingleOwner, FindsALateWriteOfAMoveByWhoNeverLed) {
  Story story;
  give_up_a_move(story);
  story.tell(kN2, write_to_s1(story, kMover));
  ASSERT_NE(find(story.suite, 5), nullptr);
  EXPECT_THAT(find(story.suite, 5)->nodes, ElementsAre(kN2, NodeId::none()));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n2 accepted a write of \"a\" in s1 at e2 although it has been "
                        "retired at e3: nothing is served there any more"));
}

TEST(SingleOwner, FindsAnEpochThatWasNeverCommitted) {
  Story story;
  story.tell(kN0, fact::ReadServed{
                      kS0, Epoch(5), make_operation(OperationKind::Read, make_document("x")), {}});
  EXPECT_THAT(numbers(story.suite), ElementsAre(5));
  EXPECT_THAT(texts(story.suite), HasSubstr("n0 served a read of \"x\" in s0 at e5, which is not "
                                            "committed: the table has e1"));
}

TEST(LinearizableReads, FindsAStaleReadAndAFalseNotFound) {
  Story story;
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  story.read(young);
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.read(old);
  EXPECT_THAT(numbers(story.suite), ElementsAre(27));
  EXPECT_THAT(story.suite.violations()[0].epochs, ElementsAre(Epoch(1), Epoch(1)));
  story.read(kN0, "a", {});
  story.read(kN0, "a", {young->version, nullptr});
  EXPECT_THAT(numbers(story.suite), ElementsAre(27, 27, 27));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 answered a read of \"a\" in s0 at e1 with e1/i2: e1/i3 of "
                        "it was acknowledged or read before"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 answered a read of \"a\" in s0 at e1 with nothing (never "
                        "written): e1/i3 of it was acknowledged or read before"));
}

TEST(LinearizableReads, FindsAReadThatGoesBackBehindAnotherRead) {
  Story story;
  const EntryRef old = story.write("a");
  const EntryRef young = story.accept(kN0, "a");
  story.apply(kN0, young);
  story.read(young);
  story.read(old);
  EXPECT_THAT(numbers(story.suite), ElementsAre(27));
}

TEST(LinearizableReads, FindsAnotherContentAndAnUnappliedEntry) {
  Story story;
  const EntryRef a = story.write("a");
  story.read(kN0, "a", {a->version, make_document("a", 999)});
  const EntryRef ahead = story.accept(kN0, "a");
  story.read(ahead);
  story.read(kN0, "never", {a->version, make_document("never")});
  EXPECT_THAT(numbers(story.suite), ElementsAre(27, 27, 27));
}

TEST(LinearizableReads, FindsAnAnswerOlderThanWhatWasKnownWhenTheClientAsked) {
  Story story;
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  const RequestId request{ClientId(3), 1};
  const auto operation = make_operation(OperationKind::Read, make_document("a"));
  story.suite.on_invoke(request, operation, story.at(NodeId::none()));
  message::ClientReply reply;
  reply.request = request;
  reply.status = ReplyStatus::Ok;
  reply.result = {young->version, make_document("a")};
  story.suite.on_reply(reply, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  reply.result.version = old->version;
  story.suite.on_reply(reply, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), ElementsAre(27));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("k3#1 was answered with e1/i2 of \"a\" from s0, and e1/i3 of "
                        "it had been acknowledged or read when it asked"));
}

TEST(LinearizableReads, FindsAnAnswerThatContradictsItself) {
  Story story;
  const EntryRef written = story.write("a");
  const RequestId request{ClientId(3), 1};
  const auto operation = make_operation(OperationKind::Read, make_document("a"));
  story.suite.on_invoke(request, operation, story.at(NodeId::none()));
  message::ClientReply reply;
  reply.request = request;
  reply.status = ReplyStatus::NotFound;
  reply.result = {written->version, make_document("a")};
  story.suite.on_reply(reply, story.at(NodeId::none()));
  ASSERT_THAT(numbers(story.suite), ElementsAre(27));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("told \"not found\" with a document"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("k3#1, a read in s0, was told \"not found\" with a document, "
                        "at e1/i2"));
}

TEST(NoResurrection, FindsADeletedDocumentThatComesBack) {
  Story story;
  const EntryRef written = story.write("a");
  const EntryRef removed = story.write("a", true);
  story.read(removed);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.read(written);
  EXPECT_THAT(numbers(story.suite), ElementsAre(17)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0, leader of s0 at e1, returned \"a\" as of e1/i2, and its "
                        "delete at e1/i3 was acknowledged or seen before"));
}

}  // namespace
}  // namespace shardproof::sim::check
