// SPDX-License-Identifier: Apache-2.0
#include "core/replica_reads.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/shard_replica.hpp"

namespace shardproof {
namespace {

using message::AppendEntries;
using message::ReadIndexQuery;
using message::ReadIndexReply;
using message::ShardReply;
using test::at;
using test::document;
using test::entry;

constexpr Version v(std::uint64_t epoch, std::uint64_t index) {
  return {Epoch(epoch), LogIndex(index)};
}

OperationRef replica_read(const std::string& key, SessionMark session = {}) {
  auto* made = new Operation;
  made->collection = CollectionId(0);
  made->document = document(key);
  made->read_from = ReadFrom::Replica;
  made->session = session;
  return OperationRef(made);
}

/// Node 1's copy of shard 0; node 0 leads, and its entries 1 ("a") and 2 ("b") are committed.
class ReplicaReadsTest : public testing::Test {
 protected:
  ReplicaReadsTest() {
    adopt(test::shard(Epoch(1), {NodeId(0), NodeId(1)}));
    append({}, {entry(Epoch(1), 1, document("a", 7)), entry(Epoch(1), 2, document("b"))}, 2);
  }

  void adopt(const ShardInfo& info) {
    bench.commit({info});
    ReplicaStep step = bench.step();
    replica.adopt(step);
    finish();
  }
  void finish() {
    ReplicaStep step = bench.step();
    for (const DurabilityWait& wait : bench.finish_disk()) replica.on_durable(wait, step);
  }
  void append(Version previous, std::vector<EntryRef> list, std::uint64_t committed) {
    AppendEntries message;
    message.shard = test::kShard;
    message.epoch = replica.state().epoch;
    message.previous = previous;
    message.committed = LogIndex(committed);
    message.entries.assign(list.begin(), list.end());
    ReplicaStep step = bench.step();
    replica.on_append(NodeId(0), message, step);
    finish();
  }
  ShardReply ask(OperationRef operation, std::uint64_t epoch = 1) {
    ReplicaStep step = bench.step();
    replica.on_request({at(3), 1, {ClientId(1), 1}, std::move(operation)}, Epoch(epoch), step);
    return bench.take<ShardReply>().at(0).second;
  }
  std::vector<std::pair<Endpoint, ReadIndexQuery>> questions() {
    return bench.take<ReadIndexQuery>();
  }
  void confirm(const ReadIndexQuery& query, std::uint64_t committed) {
    replica.on_read_index_reply({query.shard, query.epoch, query.asked_at, LogIndex(committed)});
  }
  /// As after a read that was refused, and its question answered.
  void confirm(std::uint64_t committed = 2) {
    ask(replica_read("a"), replica.state().epoch.value());
    confirm(questions().at(0).second, committed);
  }

  test::ReplicaBench bench{1};
  ShardReplica replica{test::kShard};
};

TEST_F(ReplicaReadsTest, AReadBeforeTheLeaderWasAskedIsRefusedAndAsksIt) {
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::NotReady);
  const auto asked = questions();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].first, at(0));
  EXPECT_EQ(asked[0].second.asked_at, bench.now);
}

TEST_F(ReplicaReadsTest, AConfirmedCopyAnswersFromItsContentAndSaysHowFarThatGoes) {
  confirm();
  const ShardReply reply = ask(replica_read("a"));
  EXPECT_EQ(reply.status, ReplyStatus::Ok);
  EXPECT_EQ(reply.result.version, v(1, 1));
  EXPECT_EQ(reply.result.document->content, 7u);
  EXPECT_EQ(reply.applied, v(1, 2));
  EXPECT_EQ(ask(replica_read("none")).status, ReplyStatus::NotFound);
  EXPECT_EQ(bench.count<fact::ReplicaReadServed>(), 2u);
  EXPECT_EQ(bench.count<fact::ReadServed>(), 0u);
}

TEST_F(ReplicaReadsTest, AnUncommittedTailIsNotSeen) {
  append(v(1, 2), {entry(Epoch(1), 3, document("a", 8))}, 2);
  confirm();
  const ShardReply reply = ask(replica_read("a"));
  EXPECT_EQ(reply.result.version, v(1, 1));
  EXPECT_EQ(reply.applied, v(1, 2));
}

TEST_F(ReplicaReadsTest, WhatWasCommittedWhenTheLeaderWasAskedMustBeAppliedFirst) {
  append(v(1, 2), {entry(Epoch(1), 3, document("a", 8))}, 2);
  confirm(3);
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::NotReady);
  append(v(1, 3), {}, 3);
  EXPECT_EQ(ask(replica_read("a")).applied, v(1, 3));
}

TEST_F(ReplicaReadsTest, ASessionThatHasSeenMoreIsRefusedUntilTheCopyCatchesUp) {
  confirm();
  const SessionMark seen{test::kShard, v(1, 3)};
  EXPECT_EQ(ask(replica_read("a", seen)).status, ReplyStatus::NotReady);
  append(v(1, 2), {entry(Epoch(1), 3, document("a", 8))}, 3);
  EXPECT_EQ(ask(replica_read("a", seen)).status, ReplyStatus::Ok);
}

TEST_F(ReplicaReadsTest, ASessionWithAnotherShardsMarkIsRefused) {
  confirm();
  EXPECT_EQ(ask(replica_read("a", {ShardId(1), v(1, 1)})).status, ReplyStatus::NotReady);
}

TEST_F(ReplicaReadsTest, TheBoundCountsFromTheQuestionNotFromTheAnswer) {
  ask(replica_read("a"));
  const ReadIndexQuery query = questions().at(0).second;
  bench.now = bench.now + milliseconds(900);
  confirm(query, 2);
  bench.now = query.asked_at + bench.config.timing.staleness_bound;
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::Ok);
  bench.now = bench.now + Nanoseconds(1);
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::NotReady);
}

TEST_F(ReplicaReadsTest, TheLeaderIsAskedAgainAtHalfTheBoundAndOnlyIfSomebodyReads) {
  confirm();
  bench.now = bench.now + bench.config.timing.staleness_bound / 2 - Nanoseconds(1);
  ask(replica_read("a"));
  EXPECT_TRUE(questions().empty());
  bench.now = bench.now + Nanoseconds(1);
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::Ok);
  EXPECT_EQ(questions().size(), 1u);
  ask(replica_read("a"));
  EXPECT_TRUE(questions().empty());
}

TEST_F(ReplicaReadsTest, OnlyTheAnswerToTheLastQuestionCounts) {
  ask(replica_read("a"));
  const ReadIndexQuery query = questions().at(0).second;
  confirm({query.shard, query.epoch, query.asked_at + seconds(9)}, 2);
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::NotReady);
  confirm(query, 2);
  EXPECT_EQ(ask(replica_read("a")).status, ReplyStatus::Ok);
}

TEST_F(ReplicaReadsTest, ANewEpochNeedsANewConfirmation) {
  confirm();
  adopt(test::shard(Epoch(2), {NodeId(0), NodeId(1)}));
  EXPECT_EQ(ask(replica_read("a"), 1).status, ReplyStatus::StaleEpoch);
  EXPECT_EQ(ask(replica_read("a"), 2).status, ReplyStatus::NotReady);
  confirm(questions().at(0).second, 2);
  EXPECT_EQ(ask(replica_read("a"), 2).status, ReplyStatus::Ok);
}

TEST_F(ReplicaReadsTest, ARequestOfANewerTableIsRefusedUntilThatIsKnown) {
  confirm();
  EXPECT_EQ(ask(replica_read("a"), 2).status, ReplyStatus::NotReady);
}

TEST_F(ReplicaReadsTest, WhoIsNotInSyncDoesNotServe) {
  confirm();
  adopt(test::shard(Epoch(2), {NodeId(0), NodeId(2)}, {NodeId(1)}));
  EXPECT_EQ(ask(replica_read("a"), 2).status, ReplyStatus::NotReady);
  EXPECT_TRUE(questions().empty());
}

TEST_F(ReplicaReadsTest, AReadForTheLeaderIsNotAnsweredByAReplica) {
  confirm();
  EXPECT_EQ(ask(test::operation(OperationKind::Read, document("a"))).status,
            ReplyStatus::NotLeader);
}

TEST_F(ReplicaReadsTest, ARestartForgetsTheConfirmation) {
  confirm();
  ShardReplica again{test::kShard};
  ReplicaStep step = bench.step();
  again.recover(step);
  again.adopt(step);
  again.on_request({at(3), 1, {ClientId(1), 1}, replica_read("a")}, Epoch(1), step);
  EXPECT_EQ(bench.take<ShardReply>().at(0).second.status, ReplyStatus::NotReady);
}

/// Node 0 leads shard 0 alone, with node 1 as a learner.
class ReadIndexTest : public testing::Test {
 protected:
  ReadIndexTest() { adopt(test::shard(Epoch(1), {NodeId(0), NodeId(2)}, {NodeId(1)})); }

  void adopt(const ShardInfo& info) {
    bench.commit({info});
    ReplicaStep step = bench.step();
    replica.adopt(step);
    for (const DurabilityWait& wait : bench.finish_disk()) replica.on_durable(wait, step);
  }
  void acknowledge(Version last) {
    ReplicaStep step = bench.step();
    replica.on_append_reply(NodeId(2),
                            {test::kShard, Epoch(1), message::AppendOutcome::Durable, last,
                             LogIndex(), test::kAnswersAll},
                            step);
  }
  std::vector<std::pair<Endpoint, ReadIndexReply>> ask(std::uint32_t from,
                                                       std::uint64_t epoch = 1) {
    ReplicaStep step = bench.step();
    replica.on_read_index_query(NodeId(from), {test::kShard, Epoch(epoch), Instant(seconds(77))},
                                step);
    return bench.take<ReadIndexReply>();
  }

  test::ReplicaBench bench{0};
  ShardReplica replica{test::kShard};
};

TEST_F(ReadIndexTest, AServingLeaderSaysHowFarItHasCommittedAndEchoesTheTime) {
  EXPECT_TRUE(ask(2).empty()) << "it does not serve yet";
  acknowledge(v(1, 1));
  const auto answers = ask(2);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].first, at(2));
  EXPECT_EQ(answers[0].second.committed, LogIndex(1));
  EXPECT_EQ(answers[0].second.asked_at, Instant(seconds(77)));
}

TEST_F(ReadIndexTest, ALearnerAndAStrangerGetNoAnswer) {
  acknowledge(v(1, 1));
  EXPECT_TRUE(ask(1).empty());
  EXPECT_TRUE(ask(3).empty());
}

TEST_F(ReadIndexTest, OutsideItsLeaseALeaderConfirmsNothing) {
  acknowledge(v(1, 1));
  bench.now = bench.now + hours(2);
  EXPECT_TRUE(ask(2).empty());
}

TEST_F(ReadIndexTest, WhileDocumentsMoveInNothingIsConfirmed) {
  acknowledge(v(1, 1));
  CollectionConfig former = test::collection();
  former.id = CollectionId(1);
  former.first_shard = ShardId(1);
  former.moving_to = CollectionId(0);
  bench.commit({former});
  EXPECT_TRUE(ask(2).empty());
  former.moving_to = CollectionId::none();
  former.successor = CollectionId(0);
  bench.commit({former});
  EXPECT_EQ(ask(2).size(), 1u);
}

TEST_F(ReadIndexTest, AQuestionOfANewerEpochIsNotAnsweredAndDoesNotStopTheLeader) {
  acknowledge(v(1, 1));
  EXPECT_TRUE(ask(2, 2).empty());
  EXPECT_NE(replica.leader(), nullptr) << "it may lead in that epoch, too: the table says";
}

}  // namespace
}  // namespace shardproof
