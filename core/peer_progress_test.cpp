// SPDX-License-Identifier: Apache-2.0
#include "core/peer_progress.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using message::AppendEntries;
using message::AppendOutcome;

class PeerProgressTest : public testing::Test {
 protected:
  PeerProgressTest() {
    state.id = test::kShard;
    state.epoch = Epoch(1);
    bench.config.bounds.append_entries_max = 2;
    for (std::uint64_t i = 1; i <= 5; ++i) state.log.push(test::entry(Epoch(1), i));
  }
  std::vector<AppendEntries> pump() {
    ReplicaStep step = bench.step();
    peer.pump(state, step);
    return sent();
  }
  std::vector<AppendEntries> reply(AppendOutcome outcome, std::uint64_t last,
                                   std::uint64_t committed = 0) {
    ReplicaStep step = bench.step();
    peer.on_reply({state.id, state.epoch, outcome, {Epoch(1), LogIndex(last)}, LogIndex(committed)},
                  state, step);
    return sent();
  }
  std::vector<AppendEntries> tick() {
    ReplicaStep step = bench.step();
    peer.tick(state, step);
    return sent();
  }
  std::vector<AppendEntries> sent() {
    std::vector<AppendEntries> messages;
    for (auto& [to, append] : bench.take<AppendEntries>()) messages.push_back(append);
    return messages;
  }
  bool is_lagging() {
    const ReplicaStep step = bench.step();
    return peer.is_lagging(state, step);
  }
  void pass(Nanoseconds time) { bench.now = bench.now + time; }

  test::ReplicaBench bench;
  ReplicaState state;
  PeerProgress peer{NodeId(1), false, Epoch(1), bench.now};
};

TEST_F(PeerProgressTest, WhatItSaidBeforeItFellOutOfTheSetCountsNoMore) {
  pump();
  reply(AppendOutcome::Durable, 5);
  ASSERT_EQ(peer.matched(), LogIndex(5));
  state.epoch = Epoch(2);
  peer.set_learner(true, Epoch(2));
  EXPECT_EQ(peer.matched(), LogIndex());
  EXPECT_FALSE(peer.is_required());
  EXPECT_EQ(pump().size(), 1u) << "it is asked anew";
  ReplicaStep step = bench.step();
  const Version last = state.log.last();
  peer.on_reply({state.id, Epoch(1), AppendOutcome::Durable, last, LogIndex()}, state, step);
  EXPECT_EQ(peer.matched(), LogIndex()) << "it may have lost its disk since";
  reply(AppendOutcome::Durable, 5);
  EXPECT_EQ(peer.matched(), LogIndex(5));
}

TEST_F(PeerProgressTest, ItProbesAtTheEndOfTheLogAndOnlyOnce) {
  const auto probes = pump();
  ASSERT_EQ(probes.size(), 1u);
  EXPECT_TRUE(probes[0].entries.empty());
  EXPECT_EQ(probes[0].previous, state.log.last());
  EXPECT_TRUE(pump().empty());
}

TEST_F(PeerProgressTest, AMismatchMovesTheProbeToWhereThePeerIs) {
  pump();
  const auto probes = reply(AppendOutcome::Mismatch, 2);
  ASSERT_EQ(probes.size(), 1u);
  EXPECT_EQ(probes[0].previous.index, LogIndex(2));
  EXPECT_TRUE(probes[0].entries.empty());
}

TEST_F(PeerProgressTest, APeerWhoseCommittedEntriesThisLogContradictsNeedsACopy) {
  const auto mismatch = [&](Version last) {
    ReplicaStep step = bench.step();
    peer.on_reply({state.id, state.epoch, AppendOutcome::Mismatch, last, LogIndex(2)}, state, step);
    return sent();
  };
  pump();
  EXPECT_EQ(mismatch({Epoch(1), LogIndex(2)}).size(), 1u) << "this log has that entry";
  EXPECT_EQ(mismatch({Epoch(0), LogIndex(3)}).size(), 1u) << "it gives up what is not committed";
  EXPECT_TRUE(mismatch({Epoch(0), LogIndex(2)}).empty());
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::NeedsCopy);
}

TEST_F(PeerProgressTest, APeerThatHasCommittedMoreThanThisLogHasNeedsACopy) {
  pump();
  EXPECT_TRUE(reply(AppendOutcome::Durable, 7, 7).empty());
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::NeedsCopy);
  EXPECT_EQ(peer.matched(), LogIndex());
}

TEST_F(PeerProgressTest, APeerThatTakesItsOwnEntriesForThisLogsNeedsACopy) {
  pump();
  ReplicaStep step = bench.step();
  const Version other{Epoch(0), LogIndex(2)};
  peer.on_reply({state.id, state.epoch, AppendOutcome::Durable, other, LogIndex(2)}, state, step);
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::NeedsCopy);
  EXPECT_EQ(peer.matched(), LogIndex());
}

TEST_F(PeerProgressTest, EntriesAreSentInPiecesFromWhereThePeerIs) {
  pump();
  const auto appends = reply(AppendOutcome::Durable, 2);
  ASSERT_EQ(appends.size(), 2u);
  EXPECT_EQ(appends[0].entries.size(), 2u);
  EXPECT_EQ(appends[0].entries[0]->index(), LogIndex(3));
  EXPECT_EQ(appends[1].previous.index, LogIndex(4));
  EXPECT_EQ(peer.matched(), LogIndex(2));
}

TEST_F(PeerProgressTest, WhatIsMatchedNeverFalls) {
  reply(AppendOutcome::Durable, 4);
  reply(AppendOutcome::Durable, 3);
  EXPECT_EQ(peer.matched(), LogIndex(4));
}

TEST_F(PeerProgressTest, APeerBehindTheBaseOfTheLogNeedsACopy) {
  state.committed = LogIndex(4);
  state.log.trim_to(LogIndex(3));
  pump();
  EXPECT_TRUE(reply(AppendOutcome::Mismatch, 1).empty());
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::NeedsCopy);
  EXPECT_TRUE(is_lagging()) << "in sync, and without its content";
}

TEST_F(PeerProgressTest, AfterItsCopyTheLogGoesOnFromTheSnapshot) {
  pump();
  reply(AppendOutcome::NoCopy, 0);
  peer.on_copy_installed({Epoch(1), LogIndex(3)});
  const auto probes = pump();
  ASSERT_EQ(probes.size(), 1u);
  EXPECT_EQ(probes[0].previous.index, LogIndex(3));
}

TEST_F(PeerProgressTest, WhoeverHasInstalledACopyHasNoMoreThanThat) {
  reply(AppendOutcome::Durable, 5);
  ASSERT_EQ(peer.matched(), LogIndex(5));
  peer.on_copy_installed({Epoch(1), LogIndex(3)});
  EXPECT_EQ(peer.matched(), LogIndex(3)) << "it had lost its disk, and nobody has heard";
  reply(AppendOutcome::Durable, 4);
  EXPECT_EQ(peer.matched(), LogIndex(4));
}

TEST_F(PeerProgressTest, WhatIsNotAnsweredInTimeIsSentAgain) {
  pump();
  reply(AppendOutcome::Durable, 3);
  EXPECT_TRUE(tick().empty());
  pass(bench.config.timing.resend_after);
  const auto again = tick();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].entries[0]->index(), LogIndex(4));
}

TEST_F(PeerProgressTest, AnIdlePeerHearsOfTheCommitIndexUntilItSaysThatItKnows) {
  pump();
  reply(AppendOutcome::Durable, 5);
  EXPECT_TRUE(tick().empty());
  state.committed = LogIndex(5);
  EXPECT_FALSE(peer.is_idle(state));
  ASSERT_EQ(tick().size(), 1u);
  EXPECT_FALSE(peer.is_idle(state));
  reply(AppendOutcome::Durable, 5, 5);
  EXPECT_TRUE(peer.is_idle(state));
}

TEST_F(PeerProgressTest, APeerThatHasEverythingNeverLags) {
  reply(AppendOutcome::Durable, 5);
  pass(hours(1));
  EXPECT_FALSE(is_lagging());
}

TEST_F(PeerProgressTest, AStaleAnswerChangesNothing) {
  pump();
  EXPECT_TRUE(reply(AppendOutcome::Stale, 5).empty());
  EXPECT_EQ(peer.matched(), LogIndex(0));
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::Probe);
}

TEST_F(PeerProgressTest, ALearnerHasTheMigrationsTimeUntilItJoinsAndTheReplicasFromThenOn) {
  peer = PeerProgress(NodeId(1), true, Epoch(1), bench.now);
  reply(AppendOutcome::Durable, 1);
  pass(bench.config.timing.replica_timeout * 2);
  EXPECT_FALSE(is_lagging());
  peer.join(bench.now);
  EXPECT_FALSE(is_lagging()) << "its time counts from here";
  pass(bench.config.timing.replica_timeout);
  EXPECT_TRUE(is_lagging());
}

TEST_F(PeerProgressTest, JoiningAgainGivesNoMoreTime) {
  peer = PeerProgress(NodeId(1), true, Epoch(1), bench.now);
  peer.join(bench.now);
  pass(bench.config.timing.replica_timeout);
  peer.join(bench.now);
  EXPECT_TRUE(is_lagging());
}

}  // namespace
}  // namespace shardproof
