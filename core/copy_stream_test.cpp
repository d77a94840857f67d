// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/copy_receiver.hpp"
#include "core/copy_sender.hpp"
#include "core/replica_bench_for_tests.hpp"

namespace shardproof {
namespace {

using message::CopyAck;
using message::CopyChunk;
using message::CopyOutcome;

/// A source with ten documents of 100 bytes, and an empty target; chunks of two documents.
class CopyStreamTest : public testing::Test {
 protected:
  CopyStreamTest() {
    for (test::ReplicaBench* bench : {&source, &target}) {
      bench->config.bounds.chunk_size = Bytes(200);
      bench->config.bounds.chunks_in_flight = 2;
      bench->commit({test::shard(Epoch(2), {NodeId(0)}, {NodeId(1)})});
    }
    copy.id = staged.id = test::kShard;
    copy.epoch = staged.epoch = Epoch(2);
    ReplicaStep step = source.step();
    step.store.create(copy.id, step.effects);
    for (std::uint64_t i = 1; i <= 10; ++i) {
      copy.append(test::entry(Epoch(1), i, test::document("d" + std::to_string(i), i)), step);
    }
    copy.commit_to(LogIndex(10), step);
  }

  CopySender sender(Bandwidth bandwidth = {}) {
    return CopySender(NodeId(1), MigrationId(1), bandwidth, copy, source.step());
  }
  std::vector<CopyChunk> pump(CopySender& from) {
    ReplicaStep step = source.step();
    from.pump(copy, step);
    return chunks();
  }
  std::vector<CopyChunk> chunks() {
    std::vector<CopyChunk> sent;
    for (auto& [to, chunk] : source.take<CopyChunk>()) sent.push_back(chunk);
    return sent;
  }
  /// The target takes it in, its disk works, and the target's answers come back.
  std::vector<CopyAck> receive(const CopyChunk& chunk) {
    ReplicaStep step = target.step();
    receiver.on_chunk(NodeId(0), chunk, staged, step);
    for (const DurabilityWait& wait : target.finish_disk()) {
      if (wait.kind == DurabilityWait::Kind::Chunk) receiver.on_chunk_durable(wait, staged, step);
      if (wait.kind == DurabilityWait::Kind::Install)
        receiver.on_install_durable(wait, staged, step);
    }
    std::vector<CopyAck> answers;
    for (auto& [to, ack] : target.take<CopyAck>()) answers.push_back(ack);
    return answers;
  }
  /// Lets both work until nothing more is sent.
  void run(CopySender& from) {
    std::vector<CopyChunk> on_their_way = pump(from);
    while (!on_their_way.empty()) {
      std::vector<CopyAck> answers;
      for (const CopyChunk& chunk : on_their_way) {
        for (const CopyAck& ack : receive(chunk)) answers.push_back(ack);
      }
      ReplicaStep step = source.step();
      for (const CopyAck& ack : answers) from.on_ack(ack, copy, step);
      on_their_way = chunks();
    }
  }

  test::ReplicaBench source{0};
  test::ReplicaBench target{1};
  ReplicaState copy;
  ReplicaState staged;
  CopyReceiver receiver;
};

TEST_F(CopyStreamTest, TheTargetEndsUpWithTheSameContent) {
  CopySender from = sender();
  run(from);
  EXPECT_TRUE(from.is_done());
  EXPECT_EQ(target.store.summary(test::kShard).documents, 10u);
  EXPECT_EQ(target.store.summary(test::kShard).digest, source.store.summary(test::kShard).digest);
  EXPECT_EQ(receiver.installed_digest(), source.store.summary(test::kShard).digest);
  EXPECT_EQ(staged.log.last(), (Version{Epoch(1), LogIndex(10)}));
  EXPECT_EQ(staged.committed, LogIndex(10));
}

TEST_F(CopyStreamTest, NoMoreThanTheWindowIsOnItsWay) {
  CopySender from = sender();
  EXPECT_EQ(pump(from).size(), 2u);
  EXPECT_TRUE(pump(from).empty());
}

TEST_F(CopyStreamTest, TheBandwidthSpacesTheChunks) {
  CopySender from = sender(Bandwidth(1000));
  EXPECT_EQ(pump(from).size(), 1u);
  EXPECT_EQ(source.copy_due - source.now, milliseconds(200));
  source.now = source.now + milliseconds(199);
  EXPECT_TRUE(pump(from).empty());
  source.now = source.now + milliseconds(1);
  EXPECT_EQ(pump(from).size(), 1u);
}

TEST_F(CopyStreamTest, WhatIsNotAcknowledgedInTimeIsSentAgain) {
  CopySender from = sender();
  const auto first = pump(from);
  source.now = source.now + source.config.timing.chunk_timeout;
  const auto again = pump(from);
  ASSERT_EQ(again.size(), first.size());
  EXPECT_EQ(again[0].number, first[0].number);
  std::size_t repeated = 0;
  for (const Fact& fact : source.effects.facts()) {
    if (const auto* sent = std::get_if<fact::ChunkSent>(&fact)) repeated += sent->again ? 1 : 0;
  }
  EXPECT_EQ(repeated, 2u);
}

TEST_F(CopyStreamTest, NothingIsAcknowledgedBeforeItIsOnTheDisk) {
  CopySender from = sender();
  const CopyChunk chunk = pump(from).at(0);
  ReplicaStep step = target.step();
  receiver.on_chunk(NodeId(0), chunk, staged, step);
  EXPECT_TRUE(target.take<CopyAck>().empty());
  EXPECT_FALSE(staged.holds_copy);
}

TEST_F(CopyStreamTest, AChunkThatOvertakesAnotherIsKeptAndTakenInItsTurn) {
  CopySender from = sender();
  const auto sent = pump(from);
  ASSERT_GE(sent.size(), 2u);
  EXPECT_TRUE(receive(sent.at(1)).empty());
  EXPECT_EQ(receive(sent.at(0)).back().next, 2u);
}

TEST_F(CopyStreamTest, ARepeatedChunkIsAcknowledgedAndNotTakenTwice) {
  CopySender from = sender();
  const auto sent = pump(from);
  receive(sent.at(0));
  const auto again = receive(sent.at(0));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].outcome, CopyOutcome::Receiving);
  EXPECT_EQ(target.store.stage_summary(test::kShard).documents, 2u);
}

TEST_F(CopyStreamTest, ADamagedChunkIsRefusedAndTheStreamStartsOver) {
  CopySender from = sender();
  CopyChunk damaged = pump(from).at(0);
  auto content = std::make_shared<Chunk>(*damaged.chunk);
  content->items[0].document = test::document("d1", 999);
  damaged.chunk = content;
  const auto answers = receive(damaged);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].outcome, CopyOutcome::Corrupt);
  ReplicaStep step = source.step();
  from.on_ack(answers[0], copy, step);
  const auto restarted = chunks();
  ASSERT_FALSE(restarted.empty());
  EXPECT_GT(restarted[0].stream, damaged.stream);
  EXPECT_EQ(restarted[0].number, 0u);
}

TEST_F(CopyStreamTest, AChunkThatWasExchangedForAnIntactOneIsNoticed) {
  CopySender from = sender();
  auto sent = pump(from);
  receive(sent.at(0));
  sent[1].chunk = sent[0].chunk;
  EXPECT_EQ(receive(sent[1]).at(0).outcome, CopyOutcome::Corrupt);
}

TEST_F(CopyStreamTest, ATargetThatHasForgottenTheStreamMakesItStartOver) {
  CopySender from = sender();
  const auto sent = pump(from);
  receive(sent.at(0));
  receiver = CopyReceiver();
  CopyChunk next = sent.at(1);
  next.acknowledged = 1;
  EXPECT_EQ(receive(next).at(0).outcome, CopyOutcome::Corrupt);
}

TEST_F(CopyStreamTest, AFullDiskEndsTheStream) {
  CopySender from = sender();
  const CopyChunk chunk = pump(from).at(0);
  target.disk_used = Bytes(900);
  target.disk_capacity = Bytes(1000);
  ReplicaStep step = target.step();
  step.store.create(ShardId(7), step.effects);
  target.finish_disk();
  const auto answers = receive(chunk);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].outcome, CopyOutcome::Full);
  EXPECT_FALSE(receiver.is_receiving());
  ReplicaStep back = source.step();
  from.on_ack(answers[0], copy, back);
  EXPECT_TRUE(from.is_refused());
  EXPECT_TRUE(pump(from).empty());
}

TEST_F(CopyStreamTest, ALateAnswerToAnEarlierStreamIsIgnored) {
  CopySender from = sender();
  const auto sent = pump(from);
  ReplicaStep step = source.step();
  from.on_ack({test::kShard, Epoch(2), sent[0].stream - 1, 0, CopyOutcome::Installed, 0}, copy,
              step);
  EXPECT_FALSE(from.is_done());
}

}  // namespace
}  // namespace shardproof
