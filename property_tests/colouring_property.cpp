// SPDX-License-Identifier: Apache-2.0
//
// Schedules of rounds on random multigraphs: all are valid, none beats the bounds, the exact ones
// reach them, and on small graphs trying everything says the same. Schedules in time likewise.

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/optimum/colouring.hpp"
#include "core/distribution/optimum/colouring_testing.hpp"
#include "core/distribution/optimum/timed_schedule.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {
namespace {

struct GraphShape {
  std::uint32_t nodes = 2;
  std::uint32_t transfers = 0;
  std::uint32_t capacity_max = 1;
};

GraphShape any_graph_shape(std::uint32_t nodes_max, std::uint32_t transfers_max) {
  return {*rc::gen::inRange<std::uint32_t>(2, nodes_max + 1).as("nodes"),
          *rc::gen::inRange<std::uint32_t>(0, transfers_max + 1).as("transfers"),
          *rc::gen::inRange<std::uint32_t>(1, 5).as("capacity")};
}

TransferGraph any_graph(Random& random, const GraphShape& shape) {
  TransferGraph graph = test::empty_graph(shape.nodes, 1);
  for (auto& capacity : graph.capacities) capacity = 1 + any_below(random, shape.capacity_max);
  for (std::uint32_t i = 0; i < shape.transfers; ++i) {
    const auto ends = any_nodes(random, 2, shape.nodes);
    test::add_transfers(graph, ends[0].value(), ends[1].value());
  }
  return graph;
}

/// Nodes below `givers` only give, the others only receive.
TransferGraph any_bipartite(Random& random, const GraphShape& shape) {
  TransferGraph graph = any_graph(random, shape);
  const std::uint32_t givers = 1 + any_below(random, shape.nodes - 1);
  for (Transfer& transfer : graph.transfers) {
    transfer.source = NodeId(any_below(random, givers));
    transfer.target = NodeId(givers + any_below(random, shape.nodes - givers));
  }
  return graph;
}

RC_GTEST_PROP(ColouringProperty, EveryScheduleIsValidAndNoneBeatsTheBounds, ()) {
  Random random = any_stream();
  const TransferGraph graph = any_graph(random, any_graph_shape(24, 200));
  const RoundBounds bounds = round_bounds(graph);
  for (const RoundScheduler& scheduler : round_schedulers()) {
    const auto schedule = scheduler.schedule(graph);
    if (!schedule) continue;
    const std::string flaw = flaw_of(graph, *schedule);
    if (!flaw.empty()) RC_FAIL(fmt::format("{}: {}", scheduler.name, flaw));
    RC_ASSERT(schedule->length() >= bounds.rounds());
  }
}

/// Counts alone, each transfer tried in every round.
std::vector<std::vector<std::uint32_t>> first_fit(const TransferGraph& graph) {
  std::vector<std::vector<std::uint32_t>> rounds;
  std::vector<std::vector<std::uint32_t>> busy;  // by round and node
  for (std::uint32_t i = 0; i < graph.transfers.size(); ++i) {
    const std::uint32_t source = graph.transfers[i].source.value();
    const std::uint32_t target = graph.transfers[i].target.value();
    std::size_t round = 0;
    while (round < busy.size() && (busy[round][source] == graph.capacities[source] ||
                                   busy[round][target] == graph.capacities[target])) {
      ++round;
    }
    if (round == busy.size()) {
      busy.emplace_back(graph.capacities.size());
      rounds.emplace_back();
    }
    ++busy[round][source];
    ++busy[round][target];
    rounds[round].push_back(i);
  }
  return rounds;
}

RC_GTEST_PROP(ColouringProperty, ListSchedulingIsFirstFit, ()) {
  Random random = any_stream();
  const TransferGraph graph = any_graph(random, any_graph_shape(8, 600));
  RC_ASSERT(list_schedule(graph).rounds == first_fit(graph));
}

RC_GTEST_PROP(ColouringProperty, BipartiteGraphsAreScheduledInTheirDegree, ()) {
  Random random = any_stream();
  const TransferGraph graph = any_bipartite(random, any_graph_shape(24, 300));
  const auto schedule = bipartite_schedule(graph);
  RC_ASSERT(schedule.has_value());
  RC_ASSERT(flaw_of(graph, *schedule) == "");
  RC_ASSERT(schedule->length() == round_bounds(graph).degree);
}

RC_GTEST_PROP(ColouringProperty, EvenCapacitiesAreScheduledInTheirDegree, ()) {
  Random random = any_stream();
  TransferGraph graph = any_graph(random, any_graph_shape(24, 300));
  for (auto& capacity : graph.capacities) capacity *= 2;
  const auto schedule = even_schedule(graph);
  RC_ASSERT(schedule.has_value());
  RC_ASSERT(flaw_of(graph, *schedule) == "");
  RC_ASSERT(schedule->length() == round_bounds(graph).degree);
}

RC_GTEST_PROP(ColouringProperty, BoundsHoldAndTheBestIsAtMostOneRoundAboveTheFewest, ()) {
  Random random = any_stream();
  const TransferGraph graph = any_graph(random, any_graph_shape(5, 9));
  const std::size_t fewest = test::fewest_rounds(graph);
  const test::BestSchedule best = test::best_schedule(graph);
  RC_ASSERT(best.bounds.rounds() <= fewest);
  RC_ASSERT(best.schedule.length() >= fewest);
  RC_ASSERT(best.schedule.length() <= fewest + 1);
  if (best.is_proven()) RC_ASSERT(best.schedule.length() == fewest);
}

/// The bound over all sets, each counted by itself.
std::uint64_t densest_by_counting(const TransferGraph& graph) {
  std::uint64_t most = 0;
  for (std::uint32_t set = 1; set < (1u << graph.capacities.size()); ++set) {
    std::uint64_t inside = 0;
    std::uint64_t capacity = 0;
    const auto has = [&](NodeId node) { return ((set >> node.value()) & 1) != 0; };
    for (const Transfer& each : graph.transfers) inside += has(each.source) && has(each.target);
    for (std::uint32_t i = 0; i < graph.capacities.size(); ++i) {
      if (has(NodeId(i))) capacity += graph.capacities[i];
    }
    if (inside > 0) most = std::max(most, (inside + capacity / 2 - 1) / (capacity / 2));
  }
  return most;
}

RC_GTEST_PROP(ColouringProperty, DensityIsThatOfTheDensestSet, ()) {
  Random random = any_stream();
  const TransferGraph graph = any_graph(random, any_graph_shape(8, 40));
  RC_ASSERT(round_bounds(graph).density == densest_by_counting(graph));
}

/// With idle nodes beside, more than can be looked at, only some sets are tried: still a bound.
RC_GTEST_PROP(ColouringProperty, PeelingNeverClaimsMoreThanTheDensestSet, ()) {
  Random random = any_stream();
  const TransferGraph graph = any_graph(random, any_graph_shape(8, 40));
  TransferGraph crowded = graph;
  for (int i = 0; i < 10; ++i) {
    const auto first = static_cast<std::uint32_t>(crowded.capacities.size());
    crowded.capacities.insert(crowded.capacities.end(), 2, 1000);
    test::add_transfers(crowded, first, first + 1);
  }
  const RoundBounds bounds = round_bounds(crowded);
  RC_ASSERT(!bounds.density_is_exact);
  RC_ASSERT(bounds.density <= std::max<std::uint64_t>(1, densest_by_counting(graph)));
  RC_ASSERT(bounds.density >= 1u);
}

TransferRates any_rates(Random& random, std::size_t nodes) {
  TransferRates rates = equal_rates(nodes, Bandwidth());
  for (std::size_t node = 0; node < nodes; ++node) {
    if (random.below(4) != 0) rates.out[node] = Bandwidth(4 + random.below(50));
    if (random.below(4) != 0) rates.in[node] = Bandwidth(4 + random.below(50));
  }
  return rates;
}

RC_GTEST_PROP(TimedScheduleProperty, IsValidAndNeverBeatsTheBounds, ()) {
  Random random = any_stream();
  const GraphShape shape = any_graph_shape(16, 100);
  TransferGraph graph = any_graph(random, shape);
  for (Transfer& transfer : graph.transfers) transfer.bytes = Bytes(random.below(1000));
  const TransferRates rates = any_rates(random, shape.nodes);
  const TimeBounds bounds = time_bounds(graph, rates, test::make_view(shape.nodes));
  for (const TransferOrder order : {TransferOrder::AsGiven, TransferOrder::LargestFirst}) {
    const TimedSchedule schedule = timed_schedule(graph, rates, order);
    const std::string flaw = flaw_of(graph, rates, schedule);
    if (!flaw.empty()) RC_FAIL(flaw);
    RC_ASSERT(schedule.makespan >= bounds.time());
  }
}

/// With equal sizes and rates the time is a whole number of rounds, and largest first is a list
/// schedule: at most one round less than the degrees of both nodes of a transfer together.
RC_GTEST_PROP(TimedScheduleProperty, EqualSizesTakeNoLongerThanGreedyColouringMay, ()) {
  Random random = any_stream();
  TransferGraph graph = any_graph(random, any_graph_shape(16, 100));
  for (auto& capacity : graph.capacities) capacity = 1;
  const TransferRates rates = equal_rates(graph.capacities.size(), Bandwidth(1));
  const TimedSchedule schedule = timed_schedule(graph, rates, TransferOrder::LargestFirst);
  const auto rounds = static_cast<std::uint64_t>(schedule.makespan.count() / 1'000'000'000);
  const RoundBounds bounds = round_bounds(graph);
  RC_ASSERT(rounds >= bounds.rounds());
  RC_ASSERT(rounds <= std::max<std::uint64_t>(2 * bounds.degree, 1) - 1);
}

}  // namespace
}  // namespace shardproof::distribution
