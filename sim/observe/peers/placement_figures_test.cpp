// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "sim/observe/peers/cruise_control.hpp"
#include "sim/observe/peers/pd.hpp"
#include "sim/observe/peers/redpanda.hpp"
#include "sim/observe/peers/scylla.hpp"
#include "sim/observe/two_zones_testing.hpp"

namespace shardproof::sim::peers {
namespace {

using testing::kSecond;
using Counts = std::vector<std::uint64_t>;
using Sets = std::vector<std::vector<std::uint32_t>>;

TEST(Pd, AStoreIsDistinctByTheFirstLabelThatDiffers) {
  const Location here = {0, 1, 2, 3};
  const auto score = [&](std::vector<Location> others) { return distinct_score(others, here); };
  EXPECT_EQ(score({}), 0u);
  EXPECT_EQ(score({here}), 0u);
  EXPECT_EQ(score({{0, 1, 2, 4}}), 1u) << "another host";
  EXPECT_EQ(score({{0, 1, 3, 4}}), 100u) << "another rack";
  EXPECT_EQ(score({{0, 2, 4, 5}}), 10'000u) << "another zone";
  EXPECT_EQ(score({{1, 3, 5, 6}}), 1'000'000u) << "another region";
  EXPECT_EQ(score({{0, 1, 2, 4}, {0, 2, 4, 5}}), 10'001u);
}

TEST(Redpanda, PairFrequencyIsOverAllPairsOfNodes) {
  // Pairs 01 02 12, 01, 23: 01 twice, three others once, two never.
  const auto some = pair_frequency(Sets{{0, 1, 2}, {1, 0}, {2, 3}}, 4);
  EXPECT_EQ(some->min, 0u);
  EXPECT_EQ(some->max, 2u);
  EXPECT_NEAR(some->average, 5.0 / 6, 1e-12);
  EXPECT_EQ(pair_frequency(Sets{{0, 1}, {1, 0}}, 2)->min, 2u);
  EXPECT_EQ(pair_frequency(Sets{{0}, {}}, 2)->max, 0u) << "single copies make no pair";
  EXPECT_FALSE(pair_frequency(Sets{{0}}, 1));
}

TEST(CruiseControl, TopicsAreAveragedAndTheirExtremesAreOverAll) {
  // 4 2 0: mean 2, deviation sqrt(8/3). 1 1 1: mean 1, deviation 0.
  const auto stats = topic_stats(std::vector<Counts>{{4, 2, 0}, {1, 1, 1}});
  EXPECT_EQ(stats->avg, 1.5);
  EXPECT_EQ(stats->max, 4);
  EXPECT_EQ(stats->min, 0);
  EXPECT_NEAR(stats->st_dev, std::sqrt(8.0 / 3) / 2, 1e-12);
  EXPECT_FALSE(topic_stats({}));
  EXPECT_EQ(count_stats(Counts{10, 20, 30})->avg, 20);
  EXPECT_NEAR(count_stats(Counts{10, 20, 30})->st_dev, std::sqrt(200.0 / 3), 1e-12);
}

TEST(Scylla, ATableIsToBeEvenInEachRack) {
  // In rack 0 of 30 bytes 20 are on a node whose part is 15; in rack 1 of 30 bytes, 20 where 20
  // belong.
  const Counts racks = {0, 0, 1, 1};
  const Counts capacities = {1, 1, 1, 2};
  EXPECT_NEAR(*table_overcommit(std::vector<Counts>{{20, 10, 10, 20}}, capacities, racks),
              20.0 / 15, 1e-12);
  // Of the second table all is on one node of rack 1: 6 where 2 belong.
  EXPECT_NEAR(
      *table_overcommit(std::vector<Counts>{{20, 10, 10, 20}, {0, 0, 6, 0}}, capacities, racks), 3,
      1e-12);
  EXPECT_FALSE(table_overcommit(std::vector<Counts>{{0, 0, 0, 0}}, capacities, racks));
}

TEST(Scylla, OvercommitIsOfTheFirstStateAndTheWorst) {
  OvercommitHistory history;
  history.add(Counts{0, 0}, Counts{1, 1});
  EXPECT_FALSE(history.init());
  for (const Counts& loads : {Counts{12, 8}, Counts{18, 2}, Counts{10, 10}}) {
    history.add(loads, Counts{1, 1});
  }
  EXPECT_NEAR(*history.init(), 1.2, 1e-12);
  EXPECT_NEAR(*history.worst(), 1.8, 1e-12);
}

TEST(Peers, FiguresOfReplicaSetsAreOfTheCommittedTable) {
  const testing::TwoZones world;
  // Sets {0, 2}, {0, 3}, {1, 2}, {0, 3}: every copy has its other in another zone.
  EXPECT_TRUE(*world.value("peers.pd.distinct_score_min") == Ratio(10'000, 1));
  EXPECT_TRUE(*world.value("peers.pd.distinct_score_max") == Ratio(10'000, 1));
  EXPECT_TRUE(*world.value("peers.redpanda.pair_frequency_max") == Ratio(2, 1));
  EXPECT_TRUE(*world.value("peers.redpanda.pair_frequency_min") == Ratio(0, 1));
  EXPECT_NEAR(world.value("peers.redpanda.pair_frequency_avg")->to_double(), 2.0 / 3, 1e-9);
  EXPECT_TRUE(*world.value("peers.cruise_control.topic_replicas_max") == Ratio(3, 1));
  EXPECT_TRUE(*world.value("peers.elasticsearch.total_shards") == Ratio(8, 1));
  EXPECT_TRUE(*world.value("peers.elasticsearch.average_shards") == Ratio(2, 1));
  EXPECT_TRUE(*world.value("peers.ceph.max") == Ratio(3, 1));
}

TEST(Peers, CountsOfTheRunHaveTheNamesOfOthers) {
  testing::Watched world;
  EXPECT_TRUE(*world.value("peers.ceph.misplaced_ratio") == Ratio(0, 1));
  ShardInfo moving = testing::shard(1, 2, 1, {1, 2});
  moving.migration = testing::migration(1, 2, 0, MigrationPhase::Cleanup);
  moving.migration->reason = MigrationReason::Drain;
  world.commit({moving});
  world.commit({testing::shard(1, 3, 0, {0, 1})});
  EXPECT_TRUE(*world.value("peers.ceph.misplaced_ratio") == Ratio(1, 2)) << "of two shards one";
  EXPECT_TRUE(world.is("peers.fdb.relocations_drain", 1));
  EXPECT_TRUE(world.is("peers.fdb.relocations_rebalance", 0));
  EXPECT_TRUE(world.is("peers.cruise_control.num_replica_movements", 1));
  EXPECT_TRUE(world.is("peers.cruise_control.num_leader_movements", 1));
  EXPECT_FALSE(world.value("peers.fdb.latency_max_ns")) << "no request";
  world.at(3);
  world.observer.on_client_reply(ReplyStatus::Ok, false, Instant(seconds(1)));
  EXPECT_TRUE(world.is("peers.fdb.latency_max_ns", 2 * kSecond));
  fact::PlanMade made;
  made.balance_moves = 3;
  world.fact(0, made);
  EXPECT_TRUE(world.is("peers.scylla.plan_count", 1));
  EXPECT_TRUE(world.is("peers.scylla.migrations_produced", 3));
}

TEST(Peers, ObjectsAreTheDocumentsHeld) {
  testing::Watched world;
  EXPECT_FALSE(world.value("peers.ceph.mgr_score_objects")) << "nothing is held";
  world.hold({{0, {ShardId(0), Bytes(10), 4}},
              {1, {ShardId(0), Bytes(10), 4}},
              {2, {ShardId(1), Bytes(90), 4}}});
  EXPECT_TRUE(*world.value("peers.ceph.mgr_score_objects") == Ratio(0, 1)) << "four each";
  EXPECT_TRUE(*world.value("peers.ceph.mgr_score_bytes") > Ratio(0, 1));
  EXPECT_NEAR(world.value("peers.scylla.table_overcommit")->to_double(), 27.0 / 11, 1e-9);
}

}  // namespace
}  // namespace shardproof::sim::peers
