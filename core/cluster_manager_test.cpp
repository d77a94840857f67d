// SPDX-License-Identifier: Apache-2.0
#include "core/cluster_manager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using message::Heartbeat;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ClusterManagerTest : public testing::Test {
 protected:
  ClusterManagerTest() {
    ReplicaStep step = bench.step();
    manager.on_boot(step);
    bench.effects.timers().clear();
  }
  bool has_lease() {
    const ReplicaStep step = bench.step();
    return manager.has_lease(step);
  }
  void answer(Instant asked_at, Term term = Term(1)) {
    ReplicaStep step = bench.step();
    manager.on_heartbeat_reply({asked_at, term, seconds(3), Revision()}, step);
  }
  std::vector<Heartbeat> beat() {
    ReplicaStep step = bench.step();
    manager.on_timer(bench.store, step);
    std::vector<Heartbeat> sent;
    for (auto& [to, heartbeat] : bench.take<Heartbeat>()) sent.push_back(heartbeat);
    return sent;
  }

  test::ReplicaBench bench;
  ClusterManager manager;
};

TEST_F(ClusterManagerTest, TheLeaseCountsFromWhenTheNodeAsked) {
  const Instant asked = bench.now;
  bench.now = bench.now + seconds(2);
  answer(asked);
  EXPECT_TRUE(has_lease());
  bench.now = asked + seconds(3);
  EXPECT_FALSE(has_lease());
}

TEST_F(ClusterManagerTest, ALateAnswerNeverShortensTheLease) {
  const Instant asked = bench.now;
  answer(asked);
  answer(asked - seconds(1));
  bench.now = asked + seconds(3) - nanoseconds(1);
  EXPECT_TRUE(has_lease());
  EXPECT_EQ(bench.count<fact::LeaseTaken>(), 2u) << "the bench's own and the first";
}

TEST_F(ClusterManagerTest, ADeposedCoordinatorGrantsNothing) {
  bench.commit({CoordinatorRecord{NodeId(2), Term(5)}});
  answer(bench.now, Term(4));
  EXPECT_FALSE(has_lease());
  answer(bench.now, Term(5));
  EXPECT_TRUE(has_lease());
}

TEST_F(ClusterManagerTest, AHeartbeatReportsLoadsNowAndThen) {
  bench.store.create(test::kShard, bench.effects);
  manager.count_request(test::kShard);
  manager.count_request(test::kShard);
  manager.count_inputs(test::kShard, 2);
  manager.count_inputs(test::kShard, 3);
  const auto first = beat();
  ASSERT_EQ(first.size(), 1u);
  ASSERT_NE(first[0].report, nullptr);
  ASSERT_EQ(first[0].report->shards.size(), 1u);
  EXPECT_EQ(first[0].report->shards[0].requests, 2u);
  EXPECT_EQ(first[0].report->shards[0].inputs, 5u);
  EXPECT_EQ(beat().at(0).report, nullptr);
  bench.now = bench.now + bench.config.timing.report_interval;
  const auto later = beat();
  ASSERT_NE(later.at(0).report, nullptr);
  EXPECT_EQ(later[0].report->shards[0].requests, 0u) << "counted since the last report";
  EXPECT_EQ(later[0].report->shards[0].inputs, 0u);
}

TEST_F(ClusterManagerTest, ANodeWhoseDiskAnswersNothingAsksForNoLease) {
  const auto answer_of_the_disk = [&] {
    bench.store.create(ShardId(static_cast<std::uint32_t>(bench.store.copies().size())),
                       bench.effects);
    bench.finish_disk();
  };
  const Nanoseconds limit = bench.config.timing.disk_timeout;
  bench.now = bench.now + limit - nanoseconds(1);
  EXPECT_THAT(beat(), SizeIs(1));
  bench.now = bench.now + nanoseconds(1);
  EXPECT_THAT(beat(), IsEmpty());
  EXPECT_TRUE(manager.has_dead_disk());
  answer_of_the_disk();
  EXPECT_THAT(beat(), SizeIs(1)) << "it has come back to life";
  EXPECT_FALSE(manager.has_dead_disk());
  bench.now = bench.now + limit;
  EXPECT_THAT(beat(), IsEmpty()) << "counted from the last answer";
}

TEST_F(ClusterManagerTest, ANewCoordinatorIsToldEverythingAtOnce) {
  beat();
  ReplicaStep step = bench.step();
  manager.on_coordinator_change(bench.store, step);
  const auto sent = bench.take<Heartbeat>();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_NE(sent[0].second.report, nullptr);
}

TEST_F(ClusterManagerTest, WhoGetsNoLeaseReadsWhoTheCoordinatorIs) {
  answer(bench.now);
  beat();
  EXPECT_TRUE(bench.take<message::RangeRequest>().empty());
  bench.now = bench.now + seconds(3);
  beat();
  EXPECT_EQ(bench.take<message::RangeRequest>().size(), 1u);
}

TEST_F(ClusterManagerTest, WithoutAClusterManagerTheLeaseNeverEnds) {
  bench.config.has_cluster_manager = false;
  EXPECT_TRUE(has_lease());
}

}  // namespace
}  // namespace shardproof
