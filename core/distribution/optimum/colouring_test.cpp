// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/colouring.hpp"

#include <gtest/gtest.h>

#include "core/distribution/optimum/colouring_testing.hpp"

namespace shardproof::distribution {
namespace {

using test::add_transfers;
using test::empty_graph;

TransferGraph triangle_of_four(std::uint32_t capacity) {
  TransferGraph graph = empty_graph(3, capacity);
  add_transfers(graph, 0, 1, 4);
  add_transfers(graph, 1, 2, 4);
  add_transfers(graph, 2, 0, 4);
  return graph;
}

TransferGraph petersen() {
  TransferGraph graph = empty_graph(10, 1);
  for (std::uint32_t i = 0; i < 5; ++i) {
    add_transfers(graph, i, (i + 1) % 5);
    add_transfers(graph, 5 + i, 5 + (i + 2) % 5);
    add_transfers(graph, i, 5 + i);
  }
  return graph;
}

TransferGraph complete(std::uint32_t nodes) {
  TransferGraph graph = empty_graph(nodes, 1);
  for (std::uint32_t a = 0; a < nodes; ++a) {
    for (std::uint32_t b = a + 1; b < nodes; ++b) add_transfers(graph, a, b);
  }
  return graph;
}

TransferGraph ring_of_five() {
  TransferGraph graph = empty_graph(5, 1);
  for (std::uint32_t i = 0; i < 5; ++i) add_transfers(graph, i, (i + 1) % 5);
  return graph;
}

/// Ten sources, of which each gives a shard to each of two new nodes.
TransferGraph scale_out(std::uint32_t capacity_of_the_new) {
  TransferGraph graph = empty_graph(12, 1);
  for (const std::uint32_t newcomer : {10u, 11u}) {
    graph.capacities[newcomer] = capacity_of_the_new;
    for (std::uint32_t source = 0; source < 10; ++source) add_transfers(graph, source, newcomer);
  }
  return graph;
}

/// Twelve shards from one node, to four others.
TransferGraph drain() {
  TransferGraph graph = empty_graph(5, 1);
  for (std::uint32_t target = 1; target <= 4; ++target) add_transfers(graph, 0, target, 3);
  return graph;
}

struct Instance {
  const char* name;
  TransferGraph graph;
  std::uint64_t degree;
  std::uint64_t density;
  std::size_t optimum;
};

void PrintTo(const Instance& instance, std::ostream* out) { *out << instance.name; }

class KnownInstance : public testing::TestWithParam<Instance> {};

TEST_P(KnownInstance, BoundsAndOptimumAreThoseOfTheCatalogue) {
  const auto& [name, graph, degree, density, optimum] = GetParam();
  const test::BestSchedule best = test::best_schedule(graph);
  EXPECT_EQ(best.bounds.degree, degree);
  EXPECT_EQ(best.bounds.density, density);
  EXPECT_TRUE(best.bounds.density_is_exact);
  EXPECT_EQ(test::fewest_rounds(graph), optimum);
  EXPECT_EQ(best.schedule.length(), optimum) << "by " << best.scheduler;
}

TEST_P(KnownInstance, EverySchedulersScheduleIsValid) {
  const TransferGraph& graph = GetParam().graph;
  for (const RoundScheduler& scheduler : round_schedulers()) {
    const auto schedule = scheduler.schedule(graph);
    if (!schedule) continue;
    EXPECT_EQ(flaw_of(graph, *schedule), "") << scheduler.name;
    EXPECT_GE(schedule->length(), GetParam().optimum) << scheduler.name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Catalogue, KnownInstance,
    testing::Values(Instance{"triangle, capacity 1", triangle_of_four(1), 8, 12, 12},
                    Instance{"triangle, capacity 2", triangle_of_four(2), 4, 4, 4},
                    Instance{"triangle, capacity 3", triangle_of_four(3), 3, 3, 3},
                    Instance{"Petersen", petersen(), 3, 3, 4}, Instance{"K5", complete(5), 4, 5, 5},
                    Instance{"K6", complete(6), 5, 5, 5}, Instance{"C5", ring_of_five(), 2, 3, 3},
                    Instance{"scale-out", scale_out(1), 10, 4, 10},
                    Instance{"scale-out to nodes of capacity 2", scale_out(2), 5, 3, 5},
                    Instance{"drain", drain(), 12, 6, 12}));

TEST(ColouringTest, OddCyclesAndOddCapacitiesAreRefusedByTheExactOnes) {
  EXPECT_FALSE(bipartite_schedule(ring_of_five()).has_value());
  EXPECT_FALSE(even_schedule(ring_of_five()).has_value());
  EXPECT_FALSE(rounded_schedule(ring_of_five()).has_value());
  EXPECT_TRUE(bipartite_schedule(drain()).has_value());
  EXPECT_TRUE(even_schedule(triangle_of_four(2)).has_value());
  EXPECT_TRUE(rounded_schedule(triangle_of_four(3)).has_value());
}

TEST(ColouringTest, FifoWaitsForTheFirstAndListOvertakes) {
  TransferGraph graph = empty_graph(6, 1);
  add_transfers(graph, 0, 1, 2);
  add_transfers(graph, 2, 3, 2);
  add_transfers(graph, 4, 5);
  const RoundSchedule fifo = fifo_schedule(graph);
  EXPECT_EQ(fifo.rounds, (std::vector<std::vector<std::uint32_t>>{{0}, {1, 2}, {3, 4}}));
  EXPECT_EQ(list_schedule(graph).rounds,
            (std::vector<std::vector<std::uint32_t>>{{0, 2, 4}, {1, 3}}));
}

TEST(ColouringTest, NothingToMoveIsNoRound) {
  const TransferGraph graph = empty_graph(3, 1);
  for (const RoundScheduler& scheduler : round_schedulers()) {
    EXPECT_EQ(scheduler.schedule(graph)->length(), 0u) << scheduler.name;
  }
  EXPECT_TRUE(test::best_schedule(graph).is_proven());
}

TEST(ColouringTest, ValidatorNamesEachKindOfFlaw) {
  const TransferGraph graph = drain();
  RoundSchedule schedule = *bipartite_schedule(graph);
  EXPECT_EQ(flaw_of(graph, schedule), "");
  RoundSchedule crowded = schedule;
  crowded.rounds[0].push_back(schedule.rounds[1][0]);
  EXPECT_EQ(flaw_of(graph, crowded), "round 0: n0 is over its capacity of 1");
  RoundSchedule twice = schedule;
  twice.rounds.push_back({0});
  EXPECT_EQ(flaw_of(graph, twice), "transfer 0 is there 2 times");
  RoundSchedule unknown = schedule;
  unknown.rounds.push_back({12});
  EXPECT_EQ(flaw_of(graph, unknown), "round 12: no transfer 12");
  schedule.rounds.pop_back();
  EXPECT_NE(flaw_of(graph, schedule), "");
}

TEST(ColouringTest, LeaderTransfersAreNoTransfers) {
  Plan plan;
  plan.moves.push_back({ShardId(0), NodeId(0), NodeId(1), MoveKind::LeaderTransfer});
  plan.moves.push_back({ShardId(1), NodeId(1), NodeId(2), MoveKind::Move});
  plan.moves.back().bytes = Bytes(7);
  const TransferGraph graph = transfer_graph(plan, 3, 2);
  ASSERT_EQ(graph.transfers.size(), 1u);
  EXPECT_EQ(graph.transfers[0].bytes, Bytes(7));
  EXPECT_EQ(graph.capacities, (std::vector<std::uint32_t>{2, 2, 2}));
}

/// A hub whose transfers are far more than anybody else's makes colours by the thousand, of which
/// most vertices use few.
TEST(ColouringTest, HubOfManyTransfersIsScheduledInItsDegree) {
  TransferGraph graph = empty_graph(401, 1);
  for (std::uint32_t target = 1; target <= 400; ++target) add_transfers(graph, 0, target, 5);
  for (std::uint32_t node = 1; node < 400; node += 2) add_transfers(graph, node, 401 - node, 3);
  const test::BestSchedule best = test::best_schedule(graph);
  EXPECT_EQ(best.schedule.length(), 2000u);
  EXPECT_EQ(flaw_of(graph, *std::optional(kempe_schedule(graph))), "");
}

}  // namespace
}  // namespace shardproof::distribution
