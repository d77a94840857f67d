// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/findings_testing.hpp"

/// Planted violations of what replicas may answer.
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

StoryOptions with_replica_reads() {
  StoryOptions options;
  options.config.replica_reads = true;
  options.config.versions.front().timing.node_lease = hours(1);
  return options;
}

OperationRef make_replica_read(const std::string& key, SessionMark session = {}) {
  auto* operation = new Operation;
  operation->collection = CollectionId(0);
  operation->document = make_document(key);
  operation->read_from = ReadFrom::Replica;
  operation->session = session;
  return OperationRef(operation);
}

/// What a read of the entry's document returns.
VersionedDocument found(const EntryRef& entry) {
  const Mutation& mutation = entry->mutations[0];
  return {entry->version, mutation.tombstone ? nullptr : mutation.document};
}

/// The shard of a story: n0 leads, n1 is in sync, and n1 serves reads.
class ReplicaReadsCheck : public testing::Test {
 protected:
  void read(NodeId node, const std::string& key, VersionedDocument result, Version applied,
            SessionMark session = {}) {
    story.tell(node,
               fact::ReplicaReadServed{kS0, story.info().epoch, make_replica_read(key, session),
                                       std::move(result), applied, story.now});
  }
  void invoke(RequestId request, const OperationRef& operation) {
    story.suite.on_invoke(request, operation, story.at(NodeId::none()));
  }
  void answer(RequestId request, Version result, Version seen, ShardId shard = kS0) {
    message::ClientReply reply;
    reply.request = request;
    reply.status = ReplyStatus::Ok;
    reply.result.version = result;
    reply.session = {shard, seen};
    story.suite.on_reply(reply, story.at(NodeId::none()));
  }
  void expect_found(const char* text) {
    ASSERT_THAT(numbers(story.suite), ElementsAre(27)) << texts(story.suite);
    EXPECT_THAT(story.suite.violations()[0].message, HasSubstr(text));
    EXPECT_EQ(story.suite.violations()[0].shard, kS0);
  }
  void expect_nothing() { EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite); }

  Story story{with_replica_reads()};
};

TEST_F(ReplicaReadsCheck, AcceptsThePresentAndAnEarlierPrefix) {
  const EntryRef old = story.write("a");
  const EntryRef other = story.write("b");
  const EntryRef young = story.write("a");
  const EntryRef removed = story.write("b", true);
  read(kN1, "a", found(young), removed->version);
  read(kN1, "a", found(old), other->version);
  read(kN1, "b", found(removed), removed->version);
  read(kN1, "b", found(other), young->version);
  read(kN1, "b", {}, old->version);
  read(kN1, "never", {}, removed->version);
  expect_nothing();
}

TEST_F(ReplicaReadsCheck, FindsAnOlderWriteThanThePrefixHolds) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  read(kN1, "a", found(old), young->version);
  expect_found(
      "n1 answered a read of \"a\" in s0 as a replica at e1 with e1/i2, from a copy applied up to "
      "e1/i3 "
      "that had asked its leader 100 us before: as of there it was last written at e1/i3");
}

TEST_F(ReplicaReadsCheck, FindsAWriteFromBehindThePrefix) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  read(kN1, "a", found(young), old->version);
  expect_found("as of there it was last written at e1/i2");
}

TEST_F(ReplicaReadsCheck, FindsAnotherContentAlsoOfAFormerVersion) {
  const EntryRef old = story.write("a");
  story.write("a");
  read(kN1, "a", {old->version, make_document("a", 999)}, old->version);
  expect_found("another content");
}

TEST_F(ReplicaReadsCheck, FindsADeletedDocumentAndAHiddenOne) {
  const EntryRef a = story.write("a");
  read(kN1, "a", {a->version, nullptr}, a->version);
  expect_found("that document lives");
  const EntryRef removed = story.write("a", true);
  read(kN1, "a", {removed->version, make_document("a")}, removed->version);
  EXPECT_THAT(numbers(story.suite), ElementsAre(27, 27));
}

TEST_F(ReplicaReadsCheck, FindsAnEntryThatNobodyHasApplied) {
  story.write("a");
  const EntryRef ahead = story.accept(kN0, "a");
  story.durable(kN0);
  story.durable(kN1);
  read(kN1, "a", found(ahead), ahead->version);
  expect_found("that is not committed: no more than e1/i2 is");
}

TEST_F(ReplicaReadsCheck, FindsATailThatTheReplicaHasAppliedTooEarly) {
  story.write("a");
  const EntryRef ahead = story.accept(kN0, "a");
  story.durable(kN1);
  story.apply(kN1, ahead);
  read(kN1, "a", found(ahead), ahead->version);
  expect_found("that is not committed: n0 is in sync and does not have e1/i3 on disk");
}

TEST_F(ReplicaReadsCheck, AcceptsWhatIsOnEveryDiskBeforeItIsAcknowledged) {
  const EntryRef entry = story.accept(kN0, "a");
  story.durable(kN0);
  story.durable(kN1);
  story.apply(kN0, entry);
  story.apply(kN1, entry);
  read(kN1, "a", found(entry), entry->version);
  expect_nothing();
}

TEST_F(ReplicaReadsCheck, FindsALearnerThatServes) {
  const EntryRef a = story.write("a");
  story.begin_migration(kN1, kN3);
  read(kN3, "a", found(a), a->version);
  expect_found("it is not in sync at e2 (n0 leads, n0");
}

TEST_F(ReplicaReadsCheck, AllowsWhoWasTakenOutUntilItKnows) {
  const EntryRef a = story.write("a");
  const Epoch before = story.info().epoch;
  story.change([](ShardInfo& shard) { erase_node(shard.replicas, kN1); });
  const auto read_at = [&](Epoch epoch) {
    story.tell(kN1, fact::ReplicaReadServed{kS0, epoch, make_replica_read("a"), found(a),
                                            a->version, story.now});
  };
  read_at(before);
  expect_nothing();
  read_at(story.info().epoch);
  expect_found("it is not in sync at e2 (n0 leads, n0");
}

TEST_F(ReplicaReadsCheck, FindsASessionThatWasIgnored) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("b");
  read(kN1, "a", found(old), old->version, {kS0, old->version});
  expect_nothing();
  read(kN1, "a", found(old), old->version, {kS0, young->version});
  expect_found(
      "it lacks e1/i3, which the client's session has seen; \"a\" was last written at e1/i2");
}

TEST_F(ReplicaReadsCheck, FindsAnOldConfirmationByTheNodesOwnClock) {
  const EntryRef a = story.write("a");
  const Instant confirmed = story.now;
  story.pass(seconds(5));
  story.tell(kN1, fact::ReplicaReadServed{kS0, Epoch(1), make_replica_read("a"), found(a),
                                          a->version, confirmed});
  expect_found("by its own clock that is 100 us beyond the bound of 5 s");
}

TEST_F(ReplicaReadsCheck, FindsThatAWriteFromBeforeTheQuestionIsMissing) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  story.pass(milliseconds(100));
  read(kN1, "a", found(old), old->version);
  expect_nothing();
  story.pass(seconds(1));
  read(kN1, "a", found(old), old->version);
  expect_found(
      "it lacks e1/i3, which was acknowledged before it asked its leader; \"a\" was last written "
      "at "
      "e1/i3");
  read(kN1, "a", found(young), young->version);
  EXPECT_THAT(numbers(story.suite), ElementsAre(27));
}

TEST_F(ReplicaReadsCheck, WhatWasAcknowledgedAfterTheQuestionMayBeMissing) {
  const EntryRef old = story.write("a");
  story.pass(seconds(1));
  const Instant asked_at = story.now;
  story.write("a");
  story.pass(seconds(4));
  story.tell(kN1, fact::ReplicaReadServed{kS0, Epoch(1), make_replica_read("a"), found(old),
                                          old->version, asked_at});
  expect_nothing();
}

TEST_F(ReplicaReadsCheck, ForgetsNothingOfALongPast) {
  const EntryRef old = story.write("a");
  story.write("b");
  story.pass(minutes(10));
  const EntryRef last = story.write("c");
  read(kN1, "a", found(old), old->version);
  expect_found("it lacks e1/i3, which was acknowledged before it asked its leader");
  read(kN1, "c", found(last), last->version);
  EXPECT_THAT(numbers(story.suite), ElementsAre(27));
}

TEST_F(ReplicaReadsCheck, FindsAClientThatGoesBackFromOneReplicaToAnother) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  invoke({ClientId(3), 1}, make_replica_read("a"));
  answer({ClientId(3), 1}, young->version, young->version);
  invoke({ClientId(4), 1}, make_replica_read("a"));
  answer({ClientId(4), 1}, old->version, old->version);
  expect_nothing();
  invoke({ClientId(3), 2}, make_replica_read("a"));
  answer({ClientId(3), 2}, old->version, old->version);
  expect_found(
      "k3#2 was answered with nothing (deleted at e1/i2) from what a copy of s0 had up to e1/i2: "
      "that "
      "lacks e1/i3, of which its client has been told");
}

TEST_F(ReplicaReadsCheck, FindsAClientThatDoesNotSeeItsOwnWrite) {
  const EntryRef old = story.write("a");
  const EntryRef mine = story.accept(kN0, "a");
  const RequestId write = mine->request;
  invoke(write, make_operation(OperationKind::Replace, make_document("a")));
  for (const NodeId node : {kN0, kN1}) story.durable(node);
  story.apply(kN0, mine);
  story.acknowledge(kN0, mine);
  answer(write, mine->version, mine->version);
  const RequestId next{write.client, write.sequence + 1};
  invoke(next, make_replica_read("a"));
  answer(next, old->version, old->version);
  expect_found("that lacks e1/i3, of which its client has been told");
}

TEST_F(ReplicaReadsCheck, FindsAnAnswerFromBehindWhatTheCopySaysItHad) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  invoke({ClientId(3), 1}, make_replica_read("a"));
  answer({ClientId(3), 1}, young->version, old->version);
  expect_found("k3#1 was answered with nothing (deleted at e1/i3)");
}

TEST_F(ReplicaReadsCheck, AReplicasReadIsNoLeadersRead) {
  const EntryRef old = story.write("a");
  const EntryRef young = story.write("a");
  story.read(young);
  read(kN1, "a", found(old), old->version);
  story.tell(kN2, fact::RequestRouted{
                      {ClientId(3), 1}, kS0, kN1, story.table.revision(), make_replica_read("a")});
  expect_nothing();
}

TEST_F(ReplicaReadsCheck, AReadMayNotBeRoutedToALearner) {
  story.begin_migration(kN1, kN3);
  story.tell(kN2, fact::RequestRouted{
                      {ClientId(3), 1}, kS0, kN3, story.table.revision(), make_replica_read("a")});
  EXPECT_THAT(numbers(story.suite), ElementsAre(11));
}

}  // namespace
}  // namespace shardproof::sim::check
