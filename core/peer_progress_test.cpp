// SPDX-License-Identifier: Apache-2.0
#include "core/peer_progress.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using message::AppendEntries;
using message::AppendOutcome;
using message::AppendReply;

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
  /// To all that was sent.
  std::vector<AppendEntries> reply(AppendOutcome outcome, std::uint64_t last,
                                   std::uint64_t committed = 0) {
    return reply(outcome, {Epoch(1), LogIndex(last)}, committed, state.epoch);
  }
  std::vector<AppendEntries> reply(AppendOutcome outcome, Version last, std::uint64_t committed,
                                   Epoch epoch) {
    return reply({state.id, epoch, outcome, last, LogIndex(committed), number});
  }
  std::vector<AppendEntries> reply(const AppendReply& message) {
    ReplicaStep step = bench.step();
    peer.on_reply(message, state, step);
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
    if (!messages.empty()) number = messages.back().number;
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
  std::uint64_t number = 0;  ///< of the last message
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
  reply(AppendOutcome::Durable, state.log.last(), 0, Epoch(1));
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
    return reply(AppendOutcome::Mismatch, last, 2, state.epoch);
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
  reply(AppendOutcome::Durable, {Epoch(0), LogIndex(2)}, 2, state.epoch);
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
  pump();
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
  pump();
  reply(AppendOutcome::Durable, 5);
  ASSERT_EQ(peer.matched(), LogIndex(5));
  peer.on_copy_installed({Epoch(1), LogIndex(3)});
  EXPECT_EQ(peer.matched(), LogIndex(3)) << "it had lost its disk, and nobody has heard";
  pump();
  reply(AppendOutcome::Durable, 4);
  EXPECT_EQ(peer.matched(), LogIndex(4));
}

TEST_F(PeerProgressTest, WhatItSaidBeforeItLostItsCopyCountsNoMoreHoweverLateItComes) {
  pump();
  const AppendReply late{state.id,         state.epoch, AppendOutcome::Durable,
                         state.log.last(), LogIndex(),  number};
  pass(bench.config.timing.resend_after);
  ASSERT_EQ(tick().size(), 1u);
  reply(AppendOutcome::NoCopy, 0);
  reply(late);
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::NeedsCopy);
  EXPECT_EQ(peer.matched(), LogIndex());
  peer.on_copy_installed({Epoch(1), LogIndex(3)});
  reply(late);
  EXPECT_EQ(peer.matched(), LogIndex()) << "nor after it has another";
  EXPECT_EQ(pump().size(), 1u);
  reply(AppendOutcome::Durable, 3);
  EXPECT_EQ(peer.matched(), LogIndex(3));
}

TEST_F(PeerProgressTest, ALostCopyIsBelievedUnasked) {
  pump();
  reply(AppendOutcome::Durable, 5);
  reply({state.id, state.epoch, AppendOutcome::NoCopy, Version(), LogIndex(), 0});
  EXPECT_EQ(peer.mode(), PeerProgress::Mode::NeedsCopy);
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
  pump();
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
  pump();
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
