// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/load_history.hpp"

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::kSecond;
using testing::shard;
using testing::Watched;

ExactValue ratio(std::uint64_t numerator, std::uint64_t denominator) {
  return ExactValue::fraction(numerator, denominator);
}

TEST(SkewOverTime, ASampleHoldsUntilTheNext) {
  SkewOverTime skew;
  EXPECT_FALSE(skew.mean());
  skew.add(ratio(3, 1), Instant());
  skew.add(ratio(1, 1), Instant(seconds(1)));
  skew.add(ratio(1, 1), Instant(seconds(4)));
  EXPECT_NEAR(skew.mean()->to_double(), 6.0 / 4, 1e-9);
  EXPECT_TRUE(*skew.max() == Ratio(3, 1));
  EXPECT_EQ(skew.over(), seconds(1));
  EXPECT_EQ(skew.last_over(), Instant(seconds(1)));
}

TEST(SkewOverTime, TimeWithoutLoadDoesNotCount) {
  SkewOverTime skew;
  skew.add(std::nullopt, Instant());
  skew.add(ratio(2, 1), Instant(seconds(7)));
  skew.add(std::nullopt, Instant(seconds(8)));
  skew.add(ratio(5, 4), Instant(seconds(20)));
  skew.add(ratio(5, 4), Instant(seconds(21)));
  EXPECT_NEAR(skew.mean()->to_double(), 3.25 / 2, 1e-9);
  EXPECT_EQ(skew.over(), seconds(1)) << "5/4 itself is not above it";
}

TEST(LoadHistory, MetricsFollowTheSamples) {
  Watched world;
  world.observer.end_sample();
  world.at(2);
  world.commit({shard(0, 2, 1, {0, 1})});
  world.observer.end_sample();
  world.at(4);
  world.commit({shard(0, 3, 0, {0, 1})});
  world.observer.end_sample();
  // Leaders 1 1 0, then 0 2 0, then 1 1 0 again.
  EXPECT_NEAR(world.value("skew.leaders.max_over_mean.time_mean")->to_double(), 2.25, 1e-9);
  EXPECT_TRUE(*world.value("skew.leaders.max_over_mean.time_max") == Ratio(3, 1));
  EXPECT_TRUE(world.is("skew.leaders.max_over_mean.over_ns", 4 * kSecond));
  EXPECT_TRUE(world.is("skew.shards.max_over_mean.over_ns", 4 * kSecond)) << "1 2 1 is 3/2";
  EXPECT_TRUE(world.is("leaders.transfers", 2));
  // n0 and n1 each go up and down by one of a range of two: 100 * 2 / 2, twice.
  EXPECT_NEAR(world.value("thrash.leaders.percent")->to_double(), 200, 1e-4);
  EXPECT_TRUE(world.is("thrash.leaders.runs", 2));
  EXPECT_TRUE(*world.value("thrash.shards.percent") == Ratio(0, 1));
  EXPECT_FALSE(world.value("skew.bytes.cv.time_mean"));
}

TEST(PlanTally, RoundsAreThosePlansWithMovesThatWereNeededToBecomeQuiet) {
  Watched world;
  const auto plan = [&](bool for_evenness, std::uint64_t moves) {
    fact::PlanMade made;
    made.for_evenness = for_evenness;
    made.balance_moves = moves;
    world.fact(0, made);
  };
  EXPECT_FALSE(world.value("plans.rounds")) << "nobody has looked";
  plan(true, 3);
  plan(true, 1);
  EXPECT_FALSE(world.value("plans.rounds"));
  plan(true, 0);
  EXPECT_TRUE(world.is("plans.rounds", 2));
  EXPECT_TRUE(world.is("plans.moves", 4));
  world.commit({testing::member(3)});
  EXPECT_FALSE(world.value("plans.rounds")) << "a member has joined";
  plan(false, 0);
  EXPECT_FALSE(world.value("plans.rounds")) << "it did not look for evenness";
}

TEST(RouteTally, AnyNodeButTheCommittedLeaderIsStaleUnlessReplicasMayAnswer) {
  Watched world;
  EXPECT_FALSE(world.value("routing.stale_rate"));
  const auto route = [&](std::uint32_t target, const OperationRef& operation) {
    world.fact(2, fact::RequestRouted{{}, ShardId(0), NodeId(target), Revision(1), operation});
  };
  OperationRef from_leader(new Operation());
  auto* replica_read = new Operation();
  replica_read->read_from = ReadFrom::Replica;
  OperationRef from_replica(replica_read);
  route(0, from_leader);
  route(1, from_replica);
  EXPECT_TRUE(world.is("routing.stale", 0));
  route(1, from_leader);
  route(2, from_replica);
  EXPECT_TRUE(world.is("routing.stale", 2));
  EXPECT_TRUE(*world.value("routing.stale_rate") == Ratio(1, 2));
}

}  // namespace
}  // namespace shardproof::sim
