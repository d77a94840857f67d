// SPDX-License-Identifier: Apache-2.0
#include "core/reshard_mover.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/shard_key.hpp"

namespace shardproof {
namespace {

using message::ShardReply;
using message::ShardRequest;

using R = ReplyStatus;

/// Node 0 leads an unsharded collection at epoch 1; the target's shards 1.. are led by node 1.
class ReshardMoverTest : public testing::Test {
 protected:
  explicit ReshardMoverTest(std::uint32_t shards = 4) {
    target = test::collection(shards, 1);
    target.id = CollectionId(1);
    target.first_shard = ShardId(1);
    target.first_epoch = Epoch(3);
    std::vector<Record> records{test::shard(Epoch(2), {NodeId(0)}), target};
    for (std::uint32_t i = 0; i < shards; ++i) records.push_back(target_shard(i));
    bench.commit(std::move(records));
    bench.store.create(test::kShard, bench.effects);
    state.id = test::kShard;
    state.epoch = Epoch(2);
    state.holds_copy = true;
  }

  ShardInfo target_shard(std::uint32_t index) const {
    ShardInfo info = test::shard(Epoch(3), {NodeId(1)});
    info.id = ShardId(index + 1);
    info.collection = CollectionId(1);
    return info;
  }
  /// Writes documents k0.. of one client each; their last requests are remembered.
  void fill(std::uint64_t documents) {
    ReplicaStep step = bench.step();
    for (std::uint64_t i = 1; i <= documents; ++i) {
      const auto client = ClientId(static_cast<std::uint32_t>(i % 3));
      state.append(test::entry(Epoch(1), i, test::document("k" + std::to_string(i)),
                               {client, static_cast<std::uint32_t>(i)}),
                   step);
    }
    state.commit_to(LogIndex(documents), step);
    bench.finish_disk();
    bench.effects.clear();
  }
  ReshardMover make() { return ReshardMover(state, target, bench.step()); }
  void pump(ReshardMover& mover) {
    ReplicaStep step = bench.step();
    mover.pump(state, step);
  }
  std::vector<ShardRequest> sent() {
    std::vector<ShardRequest> requests;
    for (auto& [to, request] : bench.take<ShardRequest>()) requests.push_back(request);
    return requests;
  }
  void reply(ReshardMover& mover, const ShardRequest& to, R status = R::Ok) {
    ReplicaStep step = bench.step();
    mover.on_reply({to.ticket, to.shard, to.epoch, {}, status, {}, nullptr}, state, step);
  }
  /// Answers everything with Ok until nothing is sent any more; what was sent, by target shard.
  std::map<ShardId, std::vector<ShardRequest>> run(ReshardMover& mover) {
    std::map<ShardId, std::vector<ShardRequest>> all;
    pump(mover);
    for (auto requests = sent(); !requests.empty(); requests = sent()) {
      for (const ShardRequest& request : requests) {
        all[request.shard].push_back(request);
        reply(mover, request);
      }
    }
    return all;
  }

  test::ReplicaBench bench{0};
  ReplicaState state;
  CollectionConfig target;
};

TEST_F(ReshardMoverTest, EveryDocumentGoesToTheShardThatItRoutesTo) {
  fill(300);
  ReshardMover mover = make();
  std::set<std::string> moved;
  for (const auto& [shard, requests] : run(mover)) {
    for (const ShardRequest& request : requests) {
      EXPECT_EQ(request.operation->collection, CollectionId(1));
      for (const TransactionStep& step : request.operation->steps) {
        EXPECT_EQ(*route(target, *step.document), shard);
        EXPECT_EQ(step.kind, OperationKind::Replace);
        EXPECT_TRUE(moved.insert(step.document->key).second) << step.document->key;
      }
    }
  }
  EXPECT_EQ(moved.size(), 300u);
  EXPECT_TRUE(mover.is_done());
  EXPECT_FALSE(mover.has_failed());
}

TEST_F(ReshardMoverTest, EveryShardLearnsEveryClientsLastRequest) {
  fill(5);
  ReshardMover mover = make();
  const auto all = run(mover);
  ASSERT_EQ(all.size(), 4u);
  for (const auto& [shard, requests] : all) {
    std::set<RequestId> remembered;
    for (const ShardRequest& request : requests) {
      if (request.operation->steps.empty()) remembered.insert(request.request);
    }
    EXPECT_EQ(remembered,
              (std::set<RequestId>{{ClientId(0), 3}, {ClientId(1), 4}, {ClientId(2), 5}}));
  }
}

TEST_F(ReshardMoverTest, ACollectionWithoutDocumentsAndClientsIsMovedAtOnce) {
  ReshardMover mover = make();
  pump(mover);
  EXPECT_TRUE(sent().empty());
  EXPECT_TRUE(mover.is_done());
}

TEST_F(ReshardMoverTest, TombstonesStayBehind) {
  fill(1);
  ReplicaStep step = bench.step();
  auto* removal = new LogEntry;
  removal->version = {Epoch(1), LogIndex(2)};
  removal->mutations.push_back({test::document("k1"), true});
  state.append(EntryRef(removal), step);
  state.commit_to(LogIndex(2), step);
  bench.finish_disk();
  bench.effects.clear();
  ReshardMover mover = make();
  for (const auto& [shard, requests] : run(mover)) {
    for (const ShardRequest& request : requests) EXPECT_TRUE(request.operation->steps.empty());
  }
}

TEST_F(ReshardMoverTest, ARequestIsRepeatedAsItIsUntilItIsAnswered) {
  fill(10);
  ReshardMover mover = make();
  pump(mover);
  const auto first = sent();
  ASSERT_EQ(first.size(), 4u) << "one at a time for each target";
  pump(mover);
  EXPECT_TRUE(sent().empty());
  bench.now = bench.now + seconds(2);
  pump(mover);
  const auto again = sent();
  ASSERT_EQ(again.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(again[i].request, first[i].request);
    EXPECT_EQ(again[i].ticket, first[i].ticket);
  }
}

TEST_F(ReshardMoverTest, ASecondAnswerToTheSameRequestMovesNothingOn) {
  fill(10);
  ReshardMover mover = make();
  pump(mover);
  const ShardRequest first = sent().at(0);
  reply(mover, first);
  const auto next = sent();
  ASSERT_EQ(next.size(), 1u);
  EXPECT_NE(next[0].request, first.request);
  reply(mover, first);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ReshardMoverTest, ARefusalThatMayBeRetriedIsRetriedSoon) {
  fill(10);
  ReshardMover mover = make();
  pump(mover);
  const ShardRequest first = sent().at(0);
  reply(mover, first, R::NotReady);
  EXPECT_FALSE(mover.has_failed());
  bench.now = bench.now + bench.config.timing.retry_backoff;
  pump(mover);
  const auto again = sent();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].request, first.request);
}

TEST_F(ReshardMoverTest, ATargetWithoutALeaderIsTriedWhenItHasOne) {
  ShardInfo offline = target_shard(0);
  offline.leader = NodeId::none();
  offline.status = ShardStatus::Offline;
  offline.epoch = Epoch(4);
  bench.commit({offline});
  fill(10);
  ReshardMover mover = make();
  pump(mover);
  EXPECT_EQ(sent().size(), 3u);
  ShardInfo back = target_shard(0);
  back.epoch = Epoch(5);
  bench.commit({back});
  bench.now = bench.now + seconds(2);
  pump(mover);
  const auto again = sent();
  ASSERT_FALSE(again.empty());
  EXPECT_EQ(again[0].shard, ShardId(1));
  EXPECT_EQ(again[0].epoch, Epoch(5));
}

TEST_F(ReshardMoverTest, ARefusalIsRememberedAtEveryTargetAsOne) {
  fill(2);
  ReplicaStep step = bench.step();
  auto* refused = new LogEntry;
  refused->version = {Epoch(1), LogIndex(3)};
  refused->request = {ClientId(9), 4};
  refused->outcome = R::AlreadyExists;
  state.append(EntryRef(refused), step);
  state.commit_to(LogIndex(3), step);
  ReshardMover mover = make();
  std::set<ShardId> told;
  pump(mover);
  for (auto requests = sent(); !requests.empty(); requests = sent()) {
    for (const ShardRequest& request : requests) {
      const bool is_refused = request.request.client == ClientId(9);
      if (is_refused) told.insert(request.shard);
      EXPECT_EQ(request.operation->outcome, is_refused ? R::AlreadyExists : R::Ok);
      reply(mover, request, request.operation->outcome);
    }
  }
  EXPECT_EQ(told.size(), 4u);
  EXPECT_TRUE(mover.is_done());
  EXPECT_FALSE(mover.has_failed());
}

TEST_F(ReshardMoverTest, WhatCanNotBeMovedEndsIt) {
  fill(10);
  ReshardMover mover = make();
  pump(mover);
  reply(mover, sent().at(0), R::DiskFull);
  EXPECT_TRUE(mover.has_failed());
  EXPECT_EQ(mover.status(), R::DiskFull);
  bench.now = bench.now + seconds(2);
  pump(mover);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ReshardMoverTest, ADocumentThatDoesNotRouteEndsItBeforeAnythingIsSent) {
  target.shard_key = {"customer"};
  fill(1);
  ReshardMover mover = make();
  pump(mover);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(mover.status(), R::MissingShardKeyField);
}

TEST_F(ReshardMoverTest, ALaterLeaderMovesEverythingAgainUnderHigherNumbers) {
  fill(300);
  ReshardMover first = make();
  const auto before = run(first);
  state.epoch = Epoch(3);
  ReshardMover second = make();
  const auto after = run(second);
  ASSERT_EQ(before.size(), after.size());
  const ClientId mine = ReshardMover::client_of(test::kShard);
  for (const auto& [shard, requests] : before) {
    std::uint32_t highest = 0;
    for (const ShardRequest& request : requests) {
      if (request.request.client == mine) highest = std::max(highest, request.request.sequence);
    }
    for (const ShardRequest& request : after.at(shard)) {
      if (request.request.client != mine) continue;
      EXPECT_GT(request.request.sequence, highest);
    }
  }
}

TEST_F(ReshardMoverTest, AnAnswerToAnEarlierLeaderIsNoAnswer) {
  fill(10);
  ReshardMover first = make();
  pump(first);
  const ShardRequest old = sent().at(0);
  state.epoch = Epoch(3);
  ReshardMover second = make();
  pump(second);
  sent();
  reply(second, old);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ReshardMoverTest, NumbersRiseWithinALaneAndBeginAnewInEachEpoch) {
  fill(300);
  ReshardMover mover = make();
  for (const auto& [shard, requests] : run(mover)) {
    std::uint32_t previous = 0;
    for (const ShardRequest& request : requests) {
      if (request.request.client != ReshardMover::client_of(test::kShard)) continue;
      EXPECT_EQ(request.request.sequence, previous + 1);
      previous = request.request.sequence;
    }
    EXPECT_GE(previous, 1u);
  }
}

TEST_F(ReshardMoverTest, MoreEpochsThanThereAreNumbersForEndIt) {
  fill(1);
  state.epoch = Epoch(65'537);
  EXPECT_FALSE(make().has_failed());
  state.epoch = Epoch(65'538);
  ReshardMover mover = make();
  EXPECT_EQ(mover.status(), R::Unavailable);
  pump(mover);
  EXPECT_TRUE(sent().empty());
}

TEST(ReshardBatchTest, BatchesGrowWhenTheirNumbersWouldNotBeEnough) {
  EXPECT_EQ(ReshardMover::documents_per_batch(65'535, 1), 1u);
  EXPECT_EQ(ReshardMover::documents_per_batch(65'536, 1), 2u);
  EXPECT_EQ(ReshardMover::documents_per_batch(0, 64), 64u);
  EXPECT_EQ(ReshardMover::documents_per_batch(64u * 65'535, 64), 64u);
  EXPECT_EQ(ReshardMover::documents_per_batch(64u * 65'535 + 1, 64), 65u);
  for (const std::uint64_t documents : {1ull, 4'194'240ull, 5'000'000ull, 1'000'000'007ull}) {
    const std::uint64_t batch = ReshardMover::documents_per_batch(documents, 64);
    EXPECT_LE((documents + batch - 1) / batch, 65'535u) << documents;
  }
}

TEST(ReshardTicketTest, ATicketSaysWhoseItIsAndIsNoRouters) {
  EXPECT_FALSE(ReshardMover::is_ticket(1));
  const std::uint64_t ticket = std::uint64_t{1} << 63 | std::uint64_t{7} << 32 | 5;
  EXPECT_TRUE(ReshardMover::is_ticket(ticket));
  EXPECT_EQ(ReshardMover::shard_of(ticket), ShardId(7));
}

}  // namespace
}  // namespace shardproof
