// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/lease_bound.hpp"

#include <gtest/gtest.h>

#include "core/coordinator/harness.hpp"
#include "core/replica_bench_testing.hpp"

namespace shardproof::test {
namespace {

const NodeId n0(0), n1(1), n2(2);

/// Three nodes, the first of which can be coordinator. Somebody before it may have granted leases
/// for which this is the bound.
class AfterAnotherVersion : public testing::Test {
 protected:
  explicit AfterAnotherVersion(Nanoseconds bound = seconds(9)) : bound_(bound), cluster(3, 1) {
    cluster.store.write({ClusterSettings{true, bound}});
    cluster.add_shard({n1, n2});
  }
  void take_office() {
    ASSERT_TRUE(cluster.run_until([&] { return cluster.in_office().has_value(); }));
    taken_at_ = cluster.now;
  }
  Nanoseconds committed() const { return cluster.store.table().settings().lease_bound; }
  /// What the table says until the longest lease of before is surely over.
  void expect_no_takeover_meanwhile() {
    while (cluster.now < taken_at_ + bound_) {
      ASSERT_TRUE(cluster.facts_of<fact::NodeSuspected>().empty())
          << (cluster.now - taken_at_).count();
      ASSERT_EQ(cluster.shard().leader, n1) << (cluster.now - taken_at_).count();
      ASSERT_EQ(committed(), bound_) << (cluster.now - taken_at_).count();
      cluster.run(milliseconds(10));
    }
  }

  const Nanoseconds own_ = lease_bound(quiet_config().timing);
  const Nanoseconds bound_;
  Harness cluster;
  Instant taken_at_;
};

TEST_F(AfterAnotherVersion, ASilentNodeMayHoldTheLongestLeaseThatThereIs) {
  cluster.down = {n1};
  take_office();
  expect_no_takeover_meanwhile();
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
}

TEST_F(AfterAnotherVersion, ANodeThatWasHeardMayStillHoldTheLeaseOfBefore) {
  take_office();
  cluster.run(milliseconds(600));
  cluster.down = {n1};
  expect_no_takeover_meanwhile();
  EXPECT_TRUE(cluster.run_until([&] { return cluster.shard().leader == n2; }));
}

TEST_F(AfterAnotherVersion, TheBoundIsLoweredWhenTheLongerLeasesAreOver) {
  take_office();
  expect_no_takeover_meanwhile();
  EXPECT_TRUE(cluster.run_until([&] { return committed() == own_; }));
  EXPECT_LE(cluster.now, taken_at_ + bound_ + seconds(1));
}

TEST_F(AfterAnotherVersion, WhatAnOperatorHasSetStays) {
  cluster.store.write({ClusterSettings{false, bound_}});
  take_office();
  ASSERT_TRUE(cluster.run_until([&] { return committed() == own_; }));
  EXPECT_FALSE(cluster.store.table().settings().balancing_enabled);
}

class AfterShorterLeases : public AfterAnotherVersion {
 protected:
  AfterShorterLeases() : AfterAnotherVersion(seconds(1)) {}
};

TEST_F(AfterShorterLeases, TheBoundIsRaisedAtOnce) {
  take_office();
  EXPECT_TRUE(cluster.run_until([&] { return committed() == own_; }));
  EXPECT_LE(cluster.now, taken_at_ + seconds(1));
}

TEST(GrantableLease, IsWithinTheBoundThatIsCommitted) {
  ReplicaBench bench;
  const Timing& timing = bench.config.timing;
  EXPECT_EQ(grantable_lease(bench.step()), Nanoseconds(0));
  bench.commit({ClusterSettings{true, seconds(1)}});
  EXPECT_EQ(grantable_lease(bench.step()), seconds(1) - timing.clock_error_bound);
  bench.commit({ClusterSettings{true, lease_bound(timing)}});
  EXPECT_EQ(grantable_lease(bench.step()), timing.node_lease);
  bench.commit({ClusterSettings{true, hours(1)}});
  EXPECT_EQ(grantable_lease(bench.step()), timing.node_lease);
}

TEST(Heartbeats, ThatComeMoreRarelyThanTheCoordinatorsOwnLetItActBetweenThem) {
  NodeConfig config = quiet_config();
  config.timing.heartbeat_interval = milliseconds(20);
  Harness cluster(3, 1, config);
  ASSERT_TRUE(cluster.run_into_office());
  // The others send one every 500 ms, all at once.
  const auto heartbeats = [&] { return cluster.now.count() / milliseconds(500).count(); };
  const auto last = heartbeats();
  ASSERT_TRUE(cluster.run_until([&] { return heartbeats() != last; }));
  cluster.run(milliseconds(300));
  const auto answer = cluster.answer(cluster.command(about(message::AdminKind::ClusterStatus, n0)));
  EXPECT_EQ(answer.outcome, message::AdminOutcome::Done) << answer.text;
}

}  // namespace
}  // namespace shardproof::test
