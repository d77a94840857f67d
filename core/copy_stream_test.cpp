// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/copy_receiver.hpp"
#include "core/copy_sender.hpp"
#include "core/replica_bench_testing.hpp"

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
  /// The target's disk changes a document that is staged.
  void spoil_stage() {
    auto spoilt = std::make_shared<Chunk>();
    const Version newer{Epoch(1), LogIndex(11)};
    spoilt->items.push_back({newer, test::document("d1", 4711), false});
    ReplicaStep step = target.step();
    step.store.stage(test::kShard, spoilt, step.effects);
  }
  /// Lets both work until nothing more is sent.
  void run(CopySender& from) { run(from, pump(from)); }
  void run(CopySender& from, std::vector<CopyChunk> on_their_way) {
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

TEST_F(CopyStreamTest, AStageThatIsNotWhatCameDoesNotBecomeTheCopy) {
  CopySender from = sender();
  const auto first = pump(from);
  receive(first[0]);
  spoil_stage();
  run(from, first);
  EXPECT_TRUE(from.is_done()) << "another stream was";
  EXPECT_EQ(target.store.summary(test::kShard).digest, source.store.summary(test::kShard).digest);
}

TEST_F(CopyStreamTest, WithoutTheRuleAStageOfTheRightLengthIsEnough) {
  target.config.rules.switch_off(Rule::DigestsNotCounts);
  CopySender from = sender();
  const auto first = pump(from);
  receive(first[0]);
  spoil_stage();
  run(from, first);
  EXPECT_EQ(target.store.summary(test::kShard).documents, 10u);
  EXPECT_NE(target.store.summary(test::kShard).digest, source.store.summary(test::kShard).digest);
}

TEST_F(CopyStreamTest, NoMoreThanTheWindowIsOnItsWay) {
  CopySender from = sender();
  EXPECT_EQ(pump(from).size(), 2u);
  EXPECT_TRUE(pump(from).empty());
}

TEST_F(CopyStreamTest, TheBandwidthSpacesTheChunks) {
  CopySender from = sender(Bandwidth(1000));
  for (int i = 0; i < 2; ++i) {
    source.copy_due = Instant::never();
    EXPECT_TRUE(pump(from).empty()) << "nothing goes ahead of its time";
    EXPECT_EQ(source.copy_due - source.now, milliseconds(200));
    source.now = source.now + milliseconds(199);
    EXPECT_TRUE(pump(from).empty());
    source.now = source.now + milliseconds(1);
    EXPECT_EQ(pump(from).size(), 1u);
  }
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

TEST_F(CopyStreamTest, ASenderOfAnotherVersionMayHaveMoreUnderWay) {
  source.config.bounds.chunks_in_flight = 5;
  target.config.bounds.chunks_in_flight = 1;
  CopySender from = sender();
  const auto sent = pump(from);
  ASSERT_EQ(sent.size(), 5u);
  for (const std::size_t i : {4u, 2u, 2u, 3u, 1u}) EXPECT_TRUE(receive(sent[i]).empty());
  EXPECT_EQ(receive(sent[0]).back().outcome, CopyOutcome::Installed);
}

TEST_F(CopyStreamTest, WhatIsLateIsSentAgainOneTimeoutAfterTheLastProgress) {
  CopySender from = sender();
  const auto sent = pump(from);
  source.now = source.now + milliseconds(1);
  source.copy_due = Instant::never();
  ReplicaStep step = source.step();
  for (const CopyAck& ack : receive(sent[0])) from.on_ack(ack, copy, step);
  EXPECT_EQ(chunks().size(), 1u);
  source.now = source.now + source.config.timing.chunk_timeout - milliseconds(1);
  source.copy_due = Instant::never();
  EXPECT_TRUE(pump(from).empty());
  EXPECT_EQ(source.copy_due - source.now, milliseconds(1));
  source.now = source.copy_due;
  EXPECT_EQ(pump(from).size(), 2u);
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

TEST_F(CopyStreamTest, ASenderWhoseClockIsBehindTheFormerOnesGetsThrough) {
  CopySender from = sender();
  const auto sent = pump(from);
  CopyChunk other = sent.at(0);
  other.stream += 1000;
  ReplicaStep here = target.step();
  receiver.on_chunk(NodeId(2), other, staged, here);
  target.finish_disk();
  target.take<CopyAck>();
  ReplicaStep there = source.step();
  for (const CopyChunk& chunk : sent) {
    for (const CopyAck& ack : receive(chunk)) from.on_ack(ack, copy, there);
  }
  run(from);
  EXPECT_TRUE(from.is_done());
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

/// What the source has, and more of the same history, is on the target already.
class NewerTargetTest : public CopyStreamTest {
 protected:
  /// The target's copy has the source's ten entries and those up to `last`, and knows that they are
  /// committed up to `committed`.
  void hold(std::uint64_t last, std::uint64_t committed) {
    ReplicaStep step = target.step();
    step.store.create(staged.id, step.effects);
    staged.holds_copy = true;
    for (std::uint64_t i = 1; i <= last; ++i) append_to_target(i, step);
    staged.commit_to(LogIndex(committed), step);
    target.finish_disk();
    staged.durable = staged.log.last();
  }
  void append_to_target(std::uint64_t i, ReplicaStep& step) {
    staged.append(test::entry(Epoch(1), i, test::document("d" + std::to_string(i), i)), step);
  }
  /// The log brings the target further, to its disk and committed.
  void advance_target(std::uint64_t last) {
    ReplicaStep step = target.step();
    const std::uint64_t first = staged.log.last().index.value() + 1;
    for (std::uint64_t i = first; i <= last; ++i) append_to_target(i, step);
    staged.commit_to(LogIndex(last), step);
    target.finish_disk();
    staged.durable = staged.log.last();
  }
  void extend_source(std::uint64_t last) {
    ReplicaStep step = source.step();
    for (std::uint64_t i = copy.log.last().index.value() + 1; i <= last; ++i) {
      copy.append(test::entry(Epoch(1), i, test::document("d" + std::to_string(i), i)), step);
    }
    copy.commit_to(LogIndex(last), step);
  }
};

TEST_F(NewerTargetTest, AStreamOfWhatIsCommittedThereIsInstalledWithoutBeingSent) {
  hold(12, 12);
  const std::uint64_t digest = target.store.summary(test::kShard).digest;
  CopySender from = sender();
  run(from);
  EXPECT_TRUE(from.is_done());
  EXPECT_EQ(staged.committed, LogIndex(12));
  EXPECT_EQ(target.store.summary(test::kShard).documents, 12u);
  EXPECT_FALSE(target.store.has_stage(test::kShard));
  EXPECT_EQ(receiver.installed(), (Version{Epoch(1), LogIndex(12)}));
  EXPECT_EQ(receiver.installed_digest(), digest);
  EXPECT_EQ(target.count<fact::CopyInstalled>(), 0u);
}

TEST_F(NewerTargetTest, ATailThatMayBePromisedForIsKeptUntilTheSourceHasItToo) {
  hold(12, 9);
  CopySender from = sender();
  const auto answers = receive(pump(from).at(0));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].outcome, CopyOutcome::Outdated);
  EXPECT_EQ(staged.log.last(), (Version{Epoch(1), LogIndex(12)}));
  ReplicaStep step = source.step();
  from.on_ack(answers[0], copy, step);
  EXPECT_TRUE(chunks().empty()) << "it has nothing newer";
  EXPECT_EQ(source.copy_due - source.now, source.config.timing.chunk_timeout);
  extend_source(12);
  run(from);
  EXPECT_TRUE(from.is_done());
  EXPECT_EQ(staged.committed, LogIndex(12));
  EXPECT_EQ(target.store.summary(test::kShard).documents, 12u);
}

TEST_F(NewerTargetTest, ATailOfAnotherHistoryGivesWayToANewerEpoch) {
  hold(12, 9);
  ReplicaStep step = source.step();
  copy.append(test::entry(Epoch(2), 11, nullptr), step);
  copy.commit_to(LogIndex(11), step);
  CopySender from = sender();
  run(from);
  EXPECT_TRUE(from.is_done());
  EXPECT_EQ(staged.log.last(), (Version{Epoch(2), LogIndex(11)}));
}

TEST_F(NewerTargetTest, AnAnswerThatGotLostIsGivenAgain) {
  hold(9, 9);
  CopySender from = sender();
  CopyChunk last;
  for (std::vector<CopyChunk> sent = pump(from); !sent.empty(); sent = chunks()) {
    ReplicaStep step = source.step();
    for (const CopyChunk& chunk : sent) {
      last = chunk;
      if (chunk.chunk->last) advance_target(12);
      for (const CopyAck& ack : receive(chunk)) {
        if (ack.outcome == CopyOutcome::Receiving) from.on_ack(ack, copy, step);
      }
    }
  }
  ASSERT_TRUE(last.chunk->last);
  ASSERT_FALSE(from.is_done());
  EXPECT_EQ(receive(last).at(0).outcome, CopyOutcome::Installed);
}

TEST_F(NewerTargetTest, ALogThatWentOnWhileTheStreamCameIsNotSetBack) {
  hold(9, 9);
  CopySender from = sender();
  std::vector<CopyChunk> on_their_way = pump(from);
  advance_target(12);
  while (!on_their_way.empty()) {
    ReplicaStep step = source.step();
    for (const CopyChunk& chunk : on_their_way) {
      for (const CopyAck& ack : receive(chunk)) from.on_ack(ack, copy, step);
    }
    on_their_way = chunks();
  }
  EXPECT_TRUE(from.is_done());
  EXPECT_EQ(staged.committed, LogIndex(12));
  EXPECT_EQ(target.store.summary(test::kShard).documents, 12u);
  EXPECT_FALSE(target.store.has_stage(test::kShard));
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
