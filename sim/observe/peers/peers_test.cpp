// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/observe/metric_families.hpp"
#include "sim/observe/observer_testing.hpp"
#include "sim/observe/peers/ceph.hpp"
#include "sim/observe/peers/cruise_control.hpp"
#include "sim/observe/peers/elasticsearch.hpp"
#include "sim/observe/peers/hbase.hpp"
#include "sim/observe/peers/hdfs.hpp"
#include "sim/observe/peers/kudu.hpp"
#include "sim/observe/peers/pd.hpp"
#include "sim/observe/peers/redpanda.hpp"
#include "sim/observe/peers/scylla.hpp"
#include "sim/observe/peers/slicer.hpp"

namespace shardproof::sim::peers {
namespace {

using Counts = std::vector<std::uint64_t>;
constexpr std::uint64_t kGib = std::uint64_t{1} << 30;

TEST(Ceph, ReadBalanceScoresAreThoseOfTheManual) {
  // Sixteen primaries on three devices: 10 / 5.33 and 6 / 5.33.
  EXPECT_NEAR(*read_balance_score(Counts{10, 4, 2}), 1.88, 0.005);
  EXPECT_NEAR(*read_balance_score(Counts{6, 5, 5}), 1.13, 0.006);
  EXPECT_FALSE(read_balance_score(Counts{0, 0}));
}

TEST(Ceph, EvenPgsHaveNoDeviationAndChanceHasThatOfTheManual) {
  // osdmaptool --test-map-pgs: avg 8 stddev 0 (0x) (expected 2.3094 0.288675x).
  const auto stats = pg_stats(Counts{8, 8, 8});
  EXPECT_EQ(stats->avg, 8);
  EXPECT_EQ(stats->stddev, 0);
  EXPECT_NEAR(stats->expected_stddev, 2.3094, 5e-5);
  EXPECT_NEAR(stats->expected_stddev / stats->avg, 0.288675, 5e-7);
  EXPECT_NEAR(pg_stats(Counts{6, 8, 10})->stddev, std::sqrt(8.0 / 3), 1e-12);
  EXPECT_FALSE(pg_stats(Counts{0}));
}

TEST(Ceph, UpmapDeviationIsFromTheTargetByWeight) {
  EXPECT_NEAR(*upmap_deviation(Counts{10, 20, 30}, Counts{1, 2, 3}), 0, 1e-12);
  EXPECT_NEAR(*upmap_deviation(Counts{20, 20, 20}, Counts{1, 2, 3}), 10, 1e-12);
}

TEST(Ceph, TheManagerMindsOverfullDevicesOnly) {
  EXPECT_EQ(mgr_score(Counts{5, 5, 5}, Counts{1, 1, 1}), 0);
  EXPECT_NEAR(mgr_score(Counts{3, 1}, Counts{1, 1}), 0.5 * std::erf(0.5 / std::sqrt(2.0)), 1e-9);
  // By weight: 3 / (1/3) and 1 / (2/3) of a mean of 2.
  EXPECT_NEAR(mgr_score(Counts{3, 1}, Counts{1, 2}), std::erf(1.25 / std::sqrt(2.0)) / 3, 1e-9);
  EXPECT_EQ(mgr_score(Counts{0, 0}, Counts{1, 1}), 0);
}

RC_GTEST_PROP(Ceph, TheErrorFunctionIsRight, ()) {
  const double x = *rc::gen::inRange(0, 7'000'000) * 1e-6;
  RC_ASSERT(std::fabs(error_function(x) - std::erf(x)) < 1e-9);
}

TEST(Ceph, APgIsMisplacedIfItsUpSetIsAnother) {
  using Sets = std::vector<std::vector<std::uint32_t>>;
  EXPECT_EQ(
      misplaced_ratio(Sets{{0, 1}, {1, 2}, {2, 0}, {0, 2}}, Sets{{0, 1}, {1, 3}, {2, 0}, {0, 2}}),
      0.25);
}

TEST(Pd, RegionScoresAreThoseOfTheFormula) {
  const auto score = [](std::uint64_t available) {
    return region_score(Bytes(std::uint64_t{100'000} << 20), Bytes(1000 * kGib),
                        Bytes(available * kGib), 1);
  };
  EXPECT_NEAR(score(500), 143'972.12, 0.005);
  EXPECT_NEAR(score(100), 5'000'276'838.54, 0.005);
  EXPECT_EQ(score(1000), 100'000) << "an empty store weighs what its regions do";
  EXPECT_EQ(region_score(Bytes(8 << 20), Bytes(kGib / 2), Bytes(0), 2), 4);
  EXPECT_GT(score(201), score(202));
  EXPECT_GT(score(199), 10 * score(201)) << "short of space";
}

TEST(Pd, TheSimulatorsChecksHoldWithinTheirTolerances) {
  EXPECT_TRUE(*is_uniform(Counts{95, 105, 100}));
  EXPECT_FALSE(*is_uniform(Counts{94, 106, 100}));
  EXPECT_FALSE(is_uniform(Counts{0, 0}));
  EXPECT_EQ(hot_difference(Counts{3, 1, 2}), 2u);
  EXPECT_EQ(*import_deviation(Counts(10, 7)), 0);
  // One store has 11 %, one 9 %: 2 / 100.
  EXPECT_NEAR(*import_deviation(Counts{11, 9, 10, 10, 10, 10, 10, 10, 10, 10}), 0.02, 1e-12);
  EXPECT_FALSE(import_deviation(Counts(9, 7)));
  EXPECT_EQ(leader_score(10, 2, 4), 3);
}

TEST(Elasticsearch, WeightsAreNormalisedAndOfWhatIsAboveTheAverage) {
  WeightInput node;
  EXPECT_EQ(allocation_weight(node), 0);
  node.shards = 12;
  node.shards_average = 10;
  EXPECT_NEAR(allocation_weight(node), 0.45 * 2 / (0.45 + 0.55 + 10 + 2e-11), 1e-12);
  node.index_shards = 2;
  node.index_shards_average = 3;
  EXPECT_NEAR(allocation_weight(node, {1, 1, 0, 0}), (2.0 - 1) / 2, 1e-12);
}

TEST(Elasticsearch, OverageIsRoundedUpToATenthOfAPercent) {
  EXPECT_EQ(*overage_percent(Counts{10, 10, 10}), 0);
  EXPECT_EQ(*overage_percent(Counts{11, 10, 9}), 10);
  EXPECT_NEAR(*overage_percent(Counts{4, 3, 3}), 20, 1e-12);
  EXPECT_NEAR(*overage_percent(Counts{3000, 3001, 2998}), 0.1, 1e-12);
  EXPECT_FALSE(overage_percent(Counts{0}));
}

TEST(Elasticsearch, StatisticsAndUndesiredShards) {
  const auto stats = allocation_stats(Counts{2, 4, 6});
  EXPECT_EQ(stats->total, 12);
  EXPECT_EQ(stats->average, 4);
  EXPECT_NEAR(stats->std_dev, std::sqrt(8.0 / 3), 1e-12);
  using Sets = std::vector<std::vector<std::uint32_t>>;
  EXPECT_EQ(undesired_allocations(Sets{{0, 1}, {2, 3}}, Sets{{1, 0}, {2, 4}}), 1u);
}

TEST(Scylla, OvercommitIsOverTheIdealByCapacity) {
  EXPECT_NEAR(*overcommit(Counts{10, 20}, Counts{1, 2}), 1, 1e-12);
  EXPECT_NEAR(*overcommit(Counts{20, 10}, Counts{1, 2}), 2, 1e-12);
  EXPECT_NEAR(*size_imbalance(Counts{10, 8}), 0.2, 1e-12);
}

TEST(Scylla, TheBestPackingPlacesTheLargestFirst) {
  // 7 | 6, 5 | 7 6, then 4 3: {7 4} {6 5} and 3 on the first of equals.
  EXPECT_EQ(pack_largest_first({{4, 1}, {7, 1}, {5, 1}, {3, 1}, {6, 1}}, Counts{1, 1}),
            (Counts{14, 11}));
  // Copies of one tablet are on different nodes.
  EXPECT_EQ(pack_largest_first({{9, 2}, {1, 1}}, Counts{1, 1, 1}), (Counts{9, 9, 1}));
  EXPECT_EQ(pack_largest_first({{6, 3}}, Counts{1, 1}), (Counts{6, 6}));
  // A node of twice the capacity takes twice as much.
  EXPECT_EQ(pack_largest_first({{1, 1}, {1, 1}, {1, 1}}, Counts{1, 2}), (Counts{1, 2}));
  EXPECT_NEAR(*best_overcommit({{1, 1}, {1, 1}, {1, 1}}, Counts{1, 1}), 4.0 / 3, 1e-12);
}

TEST(Redpanda, EachNodeIsToHaveItsPartWithinWholeReplicas) {
  EXPECT_EQ(expected_replicas(Counts{30, 30}, Counts{1, 2}), (std::vector<double>{20, 40}));
  EXPECT_EQ(unbalanced_nodes(Counts{21, 39}, Counts{1, 2}, 1), 0u) << "one replica is within";
  EXPECT_EQ(unbalanced_nodes(Counts{22, 38}, Counts{1, 2}, 1), 2u);
  EXPECT_EQ(unbalanced_nodes(Counts{1030, 970}, Counts{1, 1}, 3), 0u);
  EXPECT_EQ(*disk_used_max(Counts{40, 90}, Counts{100, 100}), 0.9);
}

TEST(CruiseControl, StatisticsAreOfPartsByCapacity) {
  const auto even = resource_stats(Counts{10, 20}, Counts{100, 200});
  EXPECT_EQ(even->st_dev, 0);
  EXPECT_EQ(even->balanced_brokers, 2u);
  const auto uneven = resource_stats(Counts{12, 18}, Counts{100, 100});
  EXPECT_EQ(uneven->avg, 15);
  EXPECT_EQ(uneven->st_dev, 3);
  EXPECT_EQ(uneven->balanced_brokers, 0u);
  EXPECT_EQ(resource_stats(Counts{90, 110, 100}, Counts{1, 1, 1})->balanced_brokers, 3u);
}

TEST(CruiseControl, AViolatedGoalCostsByPriorityAndStrictness) {
  EXPECT_EQ(balancedness({}), 100);
  EXPECT_EQ(balancedness(std::vector<Goal>{{true, false}, {false, false}}), 100);
  // From the lowest up 1, 1.1, 1.21 x 1.5 for the hard one.
  const double all = 1 + 1.1 + 1.21 * 1.5;
  EXPECT_NEAR(balancedness(std::vector<Goal>{{true, true}, {false, false}, {false, false}}),
              100 - 100 * 1.21 * 1.5 / all, 1e-9);
  EXPECT_NEAR(balancedness(std::vector<Goal>{{true, false}, {false, false}, {false, true}}),
              100 - 100 / all, 1e-9);
  EXPECT_NEAR(balancedness(std::vector<Goal>{{true, true}, {false, true}}), 0, 1e-9);
}

TEST(Kudu, SkewIsOfWholeReplicas) {
  EXPECT_EQ(table_skew(Counts{5, 3, 4}), 2u);
  EXPECT_FALSE(table_skew({}));
  EXPECT_EQ(location_load(9, 2), 4.5);
}

TEST(Hdfs, DeviationsAreInPercentagePoints) {
  // 50 %, 20 % and 30 % of 100, 100 and 200: the cluster's usage is 32.5 %, the average 33.3 %.
  const Counts used = {50, 20, 60};
  const Counts disks = {100, 100, 200};
  EXPECT_NEAR(*usage_deviation(used, disks), 17.5, 1e-9);
  EXPECT_NEAR(*data_density(used, disks), 50 - 100.0 / 3, 1e-9);
}

TEST(Hbase, CountsCostFromTheEvenestToAllOnOne) {
  EXPECT_EQ(*count_skew_cost(Counts{3, 3, 4}), 0) << "no whole counts are more even";
  EXPECT_EQ(*count_skew_cost(Counts{0, 10, 0}), 1);
  // Mean 2: |x - 2| sums to 4 of at most 8.
  EXPECT_NEAR(*count_skew_cost(Counts{4, 2, 0, 2}), 4.0 / 12, 1e-12);
  EXPECT_FALSE(count_skew_cost(Counts{0}));
  EXPECT_EQ(*weighted_cost(std::vector<Cost>{{1, 500}, {0, 500}}), 0.5);
  EXPECT_FALSE(weighted_cost({}));
}

TEST(Slicer, ImbalanceAndChurn) {
  EXPECT_EQ(*load_imbalance(Counts{30, 10, 20}), 1.5);
  EXPECT_EQ(*key_churn(9, 100), 0.09);
  EXPECT_FALSE(key_churn(0, 0));
}

TEST(Peers, EveryFigureOfTheCatalogueIsMadeOfAStateThatAllowsIt) {
  PeerState state;
  state.copies = state.leaders = state.requests = Counts{3, 1, 2, 2, 2, 2, 2, 2, 2, 2};
  state.bytes = state.disk_used = Counts{30, 10, 20, 20, 20, 20, 20, 20, 20, 20};
  state.disks = Counts(10, 100);
  for (std::uint64_t i = 0; i < 10; ++i) state.locations.push_back({0, i / 5, i / 5, i});
  state.documents = state.recent_write_b = state.bytes;
  state.stores.assign(10, {1, 2, 3, 4, 5, 6, 7, 8});
  state.tables = {{state.copies, state.bytes}};
  state.replica_sets = {{0, 5}, {1, 6}};
  state.network_in = state.network_out = state.bytes;
  state.networks = Counts(10, 1000);
  state.flow_window = Nanoseconds(1'000'000'000);
  state.regions = {{0u, {0, 5}, {1, 2, 3, 4, 5}}};
  state.run.emplace();
  state.run->overcommit.add(state.bytes, state.disks);
  state.run->latencies = {Nanoseconds(1), Nanoseconds(2), Nanoseconds(3),
                          Nanoseconds(4), Nanoseconds(5), Nanoseconds(6)};
  state.shards.assign(10, {20, 2});
  state.transfers = TransferCounter{2, 1};
  state.bytes_moved = 50;
  state.cpu = Counts{30, 10, 20, 20, 20, 20, 20, 20, 20, 20};
  state.window = Nanoseconds(40);
  state.lease_thrash_pct = state.replica_thrash_pct = ExactValue::integer(0);
  state.qps_thrash_pct = state.cpu_thrash_pct = ExactValue::integer(0);
  const PeerFigures figures = peer_figures(state);
  for (const MetricDefinition& metric : peer_metrics()) {
    const auto found = figures.find(metric.name);
    EXPECT_TRUE(found != figures.end() && found->second) << metric.name;
  }
  EXPECT_EQ(figures.size(), peer_metrics().size()) << "a figure without a definition";
  EXPECT_TRUE(*figures.at("peers.scylla.node_overcommit") == Ratio(3, 2));
  EXPECT_TRUE(*figures.at("peers.kudu.table_skew") == Ratio(2, 1));
  EXPECT_TRUE(*figures.at("peers.asim.cpu_util_max") == Ratio(3, 4));
  EXPECT_TRUE(*figures.at("peers.cruise_control.cpu_avg") == Ratio(1, 2));
  EXPECT_TRUE(*figures.at("peers.cruise_control.cpu_min") == Ratio(1, 4));
  EXPECT_TRUE(*figures.at("peers.pd.is_uniform") == Ratio(0, 1));
}

TEST(Peers, WhatCannotBeComputedIsNothingAndNeverZero) {
  testing::Watched world;
  EXPECT_TRUE(*world.value("peers.ceph.read_balance_score") == Ratio(3, 2));
  EXPECT_TRUE(world.is("peers.kudu.table_skew", 1));
  EXPECT_FALSE(world.value("peers.hdfs.usage_deviation")) << "no disk is limited";
  EXPECT_FALSE(world.value("peers.pd.region_score_max"));
  EXPECT_FALSE(world.value("peers.scylla.node_overcommit")) << "nothing is held";
  EXPECT_FALSE(world.value("peers.slicer.key_churn"));
  EXPECT_FALSE(world.value("peers.cruise_control.cpu_avg")) << "no time has passed";
  EXPECT_FALSE(Observer().value(metric_index("peers.ceph.stddev"))) << "no node";
  // A change is seen.
  world.commit({testing::shard(0, 2, 1, {0, 1})});
  EXPECT_TRUE(*world.value("peers.ceph.read_balance_score") == Ratio(3, 1));
}

}  // namespace
}  // namespace shardproof::sim::peers
