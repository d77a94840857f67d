// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"
#include "core/coordinator/office.hpp"
#include "core/replica_bench_testing.hpp"

namespace shardproof::test {
namespace {

const NodeId n0(0), n1(1), n2(2);
const ShardId s0(0);

TEST(OfficeTest, TheFirstToAskHoldsTheOfficeAndActs) {
  Harness cluster(3, 2);
  ASSERT_TRUE(cluster.run_into_office());
  const NodeId holder = cluster.in_office();
  EXPECT_EQ(cluster.store.table().coordinator().node, holder);
  EXPECT_EQ(cluster.coordinator(holder).term(), Term(1));
  const auto taken = cluster.facts_of<fact::OfficeTaken>();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].term, Term(1));
}

TEST(OfficeTest, RenewedOfficeIsKept) {
  Harness cluster(3, 2);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(30));
  EXPECT_EQ(cluster.facts_of<fact::OfficeTaken>().size(), 1u);
  EXPECT_TRUE(cluster.facts_of<fact::OfficeLeft>().empty());
}

TEST(OfficeTest, LeavesOfficeBeforeAnUnrenewedLeaseRunsOut) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(1));
  cluster.store.refuses_campaigns = true;
  while (cluster.in_office().has_value()) {
    ASSERT_EQ(cluster.store.holder(cluster.now), n0) << "in office without a lease";
    cluster.run(milliseconds(10));
  }
  EXPECT_EQ(cluster.facts_of<fact::OfficeLeft>().size(), 1u);
}

TEST(OfficeTest, OneCoordinatorAtATimeWhenTheHolderCrashes) {
  Harness cluster(3, 3);
  ASSERT_TRUE(cluster.run_into_office());
  const NodeId first = cluster.in_office();
  cluster.crash_coordinator(first);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  EXPECT_NE(cluster.in_office(), first);
  EXPECT_EQ(cluster.coordinator(cluster.in_office()).term(), Term(2));
}

TEST(OfficeTest, AHolderThatHearsNobodyMakesRoomForAnother) {
  Harness cluster(3, 2);
  ASSERT_TRUE(cluster.run_into_office());
  const NodeId first = cluster.in_office();
  cluster.run(seconds(1));
  const Instant cut = cluster.now;
  cluster.cut_off.insert(first);
  ASSERT_TRUE(cluster.run_until([&] {
    const NodeId now = cluster.in_office();
    return now.has_value() && now != first;
  }));
  EXPECT_LT(cluster.now - cut, seconds(15)) << "before the first asks again";
  cluster.run(minutes(1));
  EXPECT_NE(cluster.in_office(), first) << "what its successor renews stays with that one";
  EXPECT_EQ(cluster.facts_of<fact::OfficeTaken>().size(), 2u);
}

TEST(OfficeTest, WhoHearsAnyNodeKeepsTheOffice) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n1};
  cluster.run(minutes(1));
  EXPECT_TRUE(cluster.facts_of<fact::OfficeLeft>().empty());
}

TEST(OfficeTest, WhoeverIsLeftAloneTakesTheOfficeAgainAndKeepsIt) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.cut_off.insert(n0);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().is_none(); }));
  const Instant left = cluster.now;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  const Nanoseconds lease = quiet_config().timing.coordinator_lease;
  EXPECT_GE(cluster.now - left, lease * 4);
  EXPECT_LE(cluster.now - left, lease * 5);
  cluster.run(minutes(1));
  EXPECT_EQ(cluster.facts_of<fact::OfficeTaken>().size(), 2u);
  EXPECT_EQ(cluster.facts_of<fact::OfficeLeft>().size(), 1u);
}

TEST(OfficeTest, WhoHeardSomebodySinceLeavesAgainWhenThatFallsSilent) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.cut_off.insert(n0);
  cluster.run(minutes(1));
  ASSERT_EQ(cluster.in_office(), n0);
  cluster.cut_off.clear();
  cluster.run(seconds(5));
  ASSERT_EQ(cluster.facts_of<fact::OfficeLeft>().size(), 1u);
  cluster.cut_off.insert(n0);
  cluster.run(seconds(5));
  EXPECT_EQ(cluster.facts_of<fact::OfficeLeft>().size(), 2u);
}

TEST(OfficeTest, WhoStandsBackGoesOnAskingWhenItHearsSomebody) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.cut_off.insert(n0);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().is_none(); }));
  cluster.run(seconds(1));
  cluster.hear(n0, n1);
  const Instant heard = cluster.now;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office() == n0; }));
  EXPECT_LE(cluster.now - heard, quiet_config().timing.coordinator_lease * 2);
}

TEST(OfficeTest, TheOnlyMemberKeepsItsOffice) {
  Harness cluster(1);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(minutes(1));
  EXPECT_TRUE(cluster.facts_of<fact::OfficeLeft>().empty());
}

TEST(OfficeTest, DeposedCoordinatorLeavesAtOnceAndItsCommitHasNoEffect) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  const Term term = cluster.store.term();
  cluster.store.end_term();
  cluster.store.refuses_campaigns = true;
  // Somebody else's term, of which this coordinator does not hear.
  cluster.store.handle(cluster.now, n1, message::Campaign{Term(), seconds(3), cluster.now});
  cluster.store.refuses_campaigns = false;
  cluster.store.handle(cluster.now, n1, message::Campaign{Term(), seconds(3), cluster.now});
  const std::uint64_t request = cluster.command(enable(4, 1), term);
  EXPECT_TRUE(cluster.in_office().is_none());
  EXPECT_EQ(cluster.answer(request).outcome, message::AdminOutcome::Unknown);
  EXPECT_TRUE(cluster.store.table().shards().empty());
}

TEST(OfficeTest, WhoComesBackWithinItsLeaseHasANewTermAndItsOldCommitsHaveNoEffect) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(1));
  cluster.store.refuses_campaigns = true;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().is_none(); }));
  ASSERT_EQ(cluster.store.holder(cluster.now), n0);
  cluster.store.refuses_campaigns = false;
  cluster.store.handle(cluster.now, n0, message::Campaign{Term(), seconds(3), cluster.now});
  ASSERT_TRUE(cluster.run_into_office());
  EXPECT_GT(cluster.coordinator(n0).term(), Term(1));
}

TEST(OfficeTest, RepeatedAnswerToAnOldAskDoesNotProlongTheLease) {
  Harness cluster(3);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.refuses_campaigns = true;
  const Instant last_renewal_at_most = cluster.now;
  while (cluster.in_office().has_value()) {
    cluster.run(milliseconds(100));
    cluster.repeat_campaign_answers();
    ASSERT_LT(cluster.now, last_renewal_at_most + seconds(3));
  }
}

TEST(OfficeTest, ATermThatWasLeftIsNotTakenUpAgain) {
  ReplicaBench bench(0);
  Office office;
  const auto ask = [&] {
    bench.now = bench.now + seconds(1);
    Step step = bench.step();
    office.on_timer(step);
    return bench.now;
  };
  const auto grant = [&](Term term, Instant asked_at) {
    Step step = bench.step();
    return office.on_reply({true, term, NodeId(0), asked_at}, step);
  };
  const Instant first = ask();
  EXPECT_EQ(grant(Term(1), first), Office::Change::Granted);
  const Instant renewal = ask();
  Step step = bench.step();
  office.leave(step);
  // What was proposed under it may still be on its way.
  EXPECT_EQ(grant(Term(1), renewal), Office::Change::None);
  EXPECT_FALSE(office.holds(bench.now));
  EXPECT_EQ(grant(Term(2), ask()), Office::Change::Granted);
}

TEST(OfficeTest, ALeaseThatRanOutBeforeTheTableCameIsNotProlonged) {
  ReplicaBench bench(0);
  Coordinator coordinator;
  const auto on_timer = [&](TimerKind kind) {
    Step step = bench.step();
    coordinator.on_timer(kind, step);
  };
  const auto grant = [&](Instant asked_at) {
    Step step = bench.step();
    coordinator.on_campaign_reply({true, Term(2), n0, asked_at}, step);
  };
  const Nanoseconds lease = bench.config.timing.coordinator_lease;
  const Instant first = bench.now;
  on_timer(TimerKind::Campaign);
  grant(first);
  bench.now = first + lease / 2;
  const Instant renewal = bench.now;
  on_timer(TimerKind::Campaign);
  bench.now = first + lease;
  on_timer(TimerKind::Coordinator);
  grant(renewal);
  bench.take<message::Campaign>();
  on_timer(TimerKind::Campaign);
  const auto asks = bench.take<message::Campaign>();
  ASSERT_EQ(asks.size(), 1u);
  EXPECT_EQ(asks[0].second.term, Term()) << "keeps an office that it does not look after";
}

TEST(OfficeTest, WhoIsNotInOfficeNamesTheCoordinator) {
  Harness cluster(3, 1);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.refuses_campaigns = true;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().is_none(); }));
  const auto answer = cluster.answer(cluster.command(about(message::AdminKind::ClusterStatus, n0)));
  EXPECT_EQ(answer.outcome, message::AdminOutcome::NotCoordinator);
  EXPECT_EQ(answer.text, "n0");
}

TEST(DetectorTest, TakesNoDecisionWithinTheReportingPeriod) {
  Harness cluster(3, 1);
  cluster.add_shard({n1, n2});
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
  const Instant start = cluster.now;
  const Timing timing;
  while (cluster.now < start + timing.node_lease + timing.clock_error_bound) {
    ASSERT_EQ(cluster.shard().epoch, Epoch(1)) << cluster.shard().epoch.value();
    ASSERT_TRUE(cluster.facts_of<fact::NodeSuspected>().empty());
    cluster.run(milliseconds(10));
  }
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
}

TEST(DetectorTest, NodeIsDeadOnlyWhenItsLastLeaseHasRunOut) {
  Harness cluster(3, 1);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(5));
  cluster.down = {n2};
  const Instant silent_since = cluster.now;
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.facts_of<fact::NodeSuspected>().empty(); }));
  EXPECT_EQ(cluster.facts_of<fact::NodeSuspected>()[0].node, n2);
  const Timing timing;
  EXPECT_GE(cluster.now - silent_since, timing.node_lease - timing.heartbeat_interval);
  EXPECT_LE(cluster.now - silent_since,
            timing.node_lease + timing.clock_error_bound + timing.coordinator_interval * 2);
}

TEST(DetectorTest, ShortSilenceMovesNothing) {
  Harness cluster(3, 1);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.run(seconds(5));
  cluster.down = {n1};
  cluster.run(milliseconds(2500));
  cluster.down = {};
  cluster.run(seconds(10));
  EXPECT_EQ(cluster.shard().epoch, Epoch(1));
}

TEST(DetectorTest, ReturningNodeIsTrustedAtItsFirstHeartbeat) {
  Harness cluster(3, 1);
  ASSERT_TRUE(cluster.run_into_office());
  cluster.down = {n2};
  ASSERT_TRUE(cluster.run_until([&] { return !cluster.facts_of<fact::NodeSuspected>().empty(); }));
  cluster.facts.clear();
  cluster.down = {};
  cluster.run(milliseconds(510));
  const auto trusted = cluster.facts_of<fact::NodeTrusted>();
  ASSERT_EQ(trusted.size(), 1u);
  EXPECT_EQ(trusted[0].node, n2);
}

TEST(ProposalsTest, UnknownCommitOutcomeIsReadBack) {
  Harness cluster(3, 1);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.is_mute = true;
  cluster.down = {n1};
  // The answer and the push are lost: only a read shows that it happened.
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  cluster.run(seconds(3));
  const auto settled = cluster.facts_of<fact::ChangeSettled>();
  ASSERT_EQ(settled.size(), 1u);
  EXPECT_TRUE(settled[0].committed);
  EXPECT_EQ(cluster.shard().epoch, Epoch(2));
  EXPECT_EQ(cluster.store.commits_received, 1u);
}

TEST(ProposalsTest, LostCommitIsSentAgainUntilItHappens) {
  Harness cluster(3, 1);
  cluster.add_shard({n1, n2});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.is_deaf = true;
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.store.commits_received >= 3; }));
  EXPECT_EQ(cluster.shard().epoch, Epoch(1));
  EXPECT_TRUE(cluster.facts_of<fact::ChangeSettled>().empty());
  cluster.store.is_deaf = false;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
  EXPECT_EQ(cluster.facts_of<fact::ChangeProposed>().size(), 1u);
}

TEST(ProposalsTest, NoSecondChangeOfAShardWhileOneIsInFlight) {
  Harness cluster(4, 1);
  cluster.add_shard({n1, n2, NodeId(3)});
  ASSERT_TRUE(cluster.run_into_office());
  cluster.store.is_deaf = true;
  cluster.down = {n1};
  ASSERT_TRUE(cluster.run_until([&] { return cluster.store.commits_received >= 1; }));
  cluster.report(
      n1, {s0, Epoch(1), MigrationId::none(), message::ShardEvent::Lagging, n2, Version(), 0});
  cluster.down = {n1, NodeId(3)};
  cluster.run(seconds(8));
  EXPECT_EQ(cluster.facts_of<fact::ChangeProposed>().size(), 1u);
}

}  // namespace
}  // namespace shardproof::test
