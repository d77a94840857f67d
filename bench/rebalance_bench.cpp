// SPDX-License-Identifier: Apache-2.0
//
// What a plan costs that takes nodes into use, and how good it is: the seconds to make it, and
// beside them
//   moves, bytes_ratio   copies that move, and their bytes by the least that has to (bounds.hpp)
//   copies_max, bytes_max   the fullest node by the best possible (packing_bound), after the plan
// The states are those of rebalance_states.hpp; /1 and /3 are copies of a shard. Then the exact
// minimum (minimum_flow) by size, beside Boost.Graph on the same network where that is small
// enough, and the schedulers on the moves of a plan.

#include <map>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/rebalance_states.hpp"
#include "core/base/check.hpp"
#include "core/base/contains.hpp"
#include "core/distribution/bounds.hpp"
#include "core/distribution/optimum/colouring.hpp"
#include "core/distribution/optimum/minimum_flow.hpp"
#include "core/distribution/optimum/packing.hpp"
#include "core/distribution/optimum/timed_schedule.hpp"
#include "core/distribution/optimum/whole_network.hpp"
#include "core/distribution/registry.hpp"

namespace shardproof::distribution {
namespace {

ClusterView carried_out(ClusterView view, const Plan& plan) {
  // Shard i of these states has id i.
  for (const Move& move : plan.moves) {
    auto& replicas = view.shards[move.shard.value()].replicas;
    if (move.kind == MoveKind::LeaderTransfer) continue;
    *std::find(replicas.begin(), replicas.end(), move.source) = move.target;
  }
  return view;
}

/// The fullest node's load over the best possible.
double over_best(const ClusterView& view, PackedLoad load) {
  const WeightedLoad bound = packing_bound(view, members_after_changes(view), load);
  std::vector<std::uint64_t> loads(view.nodes.size());
  for (const ShardView& shard : view.shards) {
    for (const NodeId node : shard.replicas) {
      loads[node.value()] += load == PackedLoad::Bytes ? shard.bytes.count() : 1;
    }
  }
  const std::uint64_t most = *std::max_element(loads.begin(), loads.end());
  return static_cast<double>(most) * static_cast<double>(bound.weight) /
         static_cast<double>(bound.amount);
}

void judge(benchmark::State& state, const ClusterView& view, const Plan& plan, Bytes least) {
  std::uint64_t moves = 0;
  for (const Move& move : plan.moves) moves += move.kind != MoveKind::LeaderTransfer;
  const ClusterView after = carried_out(view, plan);
  state.counters["moves"] = static_cast<double>(moves);
  state.counters["bytes_ratio"] =
      static_cast<double>(plan.bytes().count()) / static_cast<double>(least.count());
  state.counters["copies_max"] = over_best(after, PackedLoad::Copies);
  state.counters["bytes_max"] = over_best(after, PackedLoad::Bytes);
}

void plan_growth(benchmark::State& state, std::string policy, GrownCluster cluster,
                 RebalanceOptions options) {
  const ClusterView view = view_of(cluster);
  const RebalancePolicy* rebalance = find_rebalance_policy(policy);
  SHARDPROOF_CHECK(rebalance != nullptr);
  Plan plan;
  for (auto _ : state) plan = rebalance->plan(view, options);
  judge(state, view, plan, migration_minimum(view, members_after_changes(view)).bytes_for_both());
}

void exact_minimum(benchmark::State& state, MoveCost cost, GrownCluster cluster) {
  const ClusterView view = view_of(cluster);
  MinimumFlow flow;
  for (auto _ : state) flow = minimum_flow(view, {.cost = cost});
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  judge(state, view, flow.plan, minimum.bytes);
  state.SetLabel(
      fmt::format("{}, {} searches", flow.is_proven ? "proven" : "not proven", flow.searches));
}

/// Boost.Graph's successive shortest paths on the same network with all its arcs.
void explicit_minimum(benchmark::State& state, GrownCluster cluster) {
  const ClusterView view = view_of(cluster);
  Plan plan;
  for (auto _ : state) {
    const auto ends = solve_whole_network(view);
    plan.moves.clear();
    for (std::size_t i = 0; i < ends.size(); ++i) {
      for (const NodeId node : ends[i]) {
        const ShardView& shard = view.shards[i];
        if (contains(shard.replicas, node)) continue;
        plan.moves.push_back({shard.id, NodeId::none(), node, MoveKind::Add});
        plan.moves.back().bytes = shard.bytes;
      }
    }
  }
  const MigrationMinimum minimum = migration_minimum(view, members_after_changes(view));
  state.counters["moves"] = static_cast<double>(plan.moves.size());
  state.counters["bytes_ratio"] =
      static_cast<double>(plan.bytes().count()) / static_cast<double>(minimum.bytes.count());
}

/// Transfers between any two of a thousand nodes, so that there are odd cycles.
TransferGraph transfers_at_random(std::uint32_t capacity) {
  TransferGraph graph{std::vector<std::uint32_t>(1000, capacity), {}};
  Random random = Random::named(1, "bench", 0, "transfers");
  while (graph.transfers.size() < 100'000) {
    const NodeId source(static_cast<std::uint32_t>(random.below(1000)));
    const NodeId target(static_cast<std::uint32_t>(random.below(1000)));
    if (source != target) graph.transfers.push_back({source, target, Bytes(1)});
  }
  return graph;
}

/// The moves of the exact minimum, on the view's nodes.
const TransferGraph& transfers_of_growth(std::uint32_t capacity) {
  static std::map<std::uint32_t, TransferGraph> graphs;
  if (graphs.contains(capacity)) return graphs.at(capacity);
  const ClusterView view = view_of({.lognormal = true});
  const Plan plan = minimum_flow(view).plan;
  return graphs[capacity] = transfer_graph(plan, view.nodes.size(), capacity);
}

void colour(benchmark::State& state, RoundScheduler scheduler, std::uint32_t capacity,
            bool at_random) {
  const TransferGraph graph =
      at_random ? transfers_at_random(capacity) : transfers_of_growth(capacity);
  std::optional<RoundSchedule> schedule;
  for (auto _ : state) schedule = scheduler.schedule(graph);
  const RoundBounds bounds = round_bounds(graph);
  if (!schedule) return state.SkipWithError("not for this graph");
  SHARDPROOF_CHECK(flaw_of(graph, *schedule).empty());
  state.counters["transfers"] = static_cast<double>(graph.transfers.size());
  state.counters["rounds"] = static_cast<double>(schedule->length());
  state.counters["bound"] = static_cast<double>(bounds.rounds());
}

void schedule_in_time(benchmark::State& state, TransferOrder order) {
  const TransferGraph& graph = transfers_of_growth(2);
  const TransferRates rates = equal_rates(graph.capacities.size(), Bandwidth(100'000'000));
  TimedSchedule schedule;
  for (auto _ : state) schedule = timed_schedule(graph, rates, order);
  SHARDPROOF_CHECK(flaw_of(graph, rates, schedule).empty());
  const auto bound = time_bounds(graph, rates, view_of({.shards = 0})).time();
  state.counters["time_ratio"] =
      static_cast<double>(schedule.makespan.count()) / static_cast<double>(bound.count());
}

std::string state_name(const GrownCluster& cluster) {
  return fmt::format("{}/{}/{}", cluster.shards, cluster.lognormal ? "lognormal" : "unit",
                     cluster.copies);
}

template <typename... Arguments>
void once(const std::string& name, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), arguments...)
      ->Unit(benchmark::kMillisecond)
      ->Iterations(1);
}

bool register_benchmarks() {
  const RebalanceOptions one_percent{.bytes_band = Ratio(1, 100)};
  for (const std::uint32_t copies : {1u, 3u}) {
    for (const bool lognormal : {false, true}) {
      const GrownCluster million{.copies = copies, .lognormal = lognormal};
      const GrownCluster small{20'000, 1000, 100, copies, lognormal};
      for (const char* policy : {"greedy", "optimum"}) {
        if (find_rebalance_policy(policy) == nullptr) continue;
        once(fmt::format("{}/{}", policy, state_name(million)), plan_growth, policy, million,
             one_percent);
      }
      for (const GrownCluster& cluster : {small, million}) {
        once(fmt::format("minimum_copies/{}", state_name(cluster)), exact_minimum, MoveCost::Copies,
             cluster);
        once(fmt::format("minimum_bytes/{}", state_name(cluster)), exact_minimum, MoveCost::Bytes,
             cluster);
      }
    }
  }
  // Domains in the way: what goes into a new zone must have no copy there yet, and with three zones
  // each copy stays in its own.
  for (const std::uint32_t shards : {20'000u, 1'000'000u}) {
    const GrownCluster apart{.shards = shards, .copies = 3, .lognormal = true, .new_zone = true};
    const GrownCluster three{.shards = shards, .copies = 3, .lognormal = true, .zones = 3};
    once(fmt::format("optimum/new_zone/{}", state_name(apart)), plan_growth, "optimum", apart,
         one_percent);
    once(fmt::format("optimum/three_zones/{}", state_name(three)), plan_growth, "optimum", three,
         one_percent);
    once(fmt::format("minimum_bytes/three_zones/{}", state_name(three)), exact_minimum,
         MoveCost::Bytes, three);
    if (shards > 20'000) continue;
    once(fmt::format("minimum_bytes/new_zone/{}", state_name(apart)), exact_minimum,
         MoveCost::Bytes, apart);
  }
  const GrownCluster tiny{.shards = 300,
                          .nodes = 40,
                          .new_nodes = 4,
                          .copies = 3,
                          .lognormal = true,
                          .median_bytes = 100};
  once(fmt::format("minimum_bytes/{}", state_name(tiny)), exact_minimum, MoveCost::Bytes, tiny);
  once(fmt::format("boost_graph/{}", state_name(tiny)), explicit_minimum, tiny);
  for (const RoundScheduler& scheduler : round_schedulers()) {
    for (const std::uint32_t capacity : {1u, 2u, 3u}) {
      if (scheduler.name == "even" && capacity % 2 != 0) continue;
      if (scheduler.name == "rounded" && capacity == 1) continue;
      once(fmt::format("rounds/growth/{}/capacity:{}", scheduler.name, capacity), colour, scheduler,
           capacity, false);
      if (scheduler.name == "bipartite") continue;
      once(fmt::format("rounds/random/{}/capacity:{}", scheduler.name, capacity), colour, scheduler,
           capacity, true);
    }
  }
  once("time/as_given", schedule_in_time, TransferOrder::AsGiven);
  once("time/largest_first", schedule_in_time, TransferOrder::LargestFirst);
  return true;
}
[[maybe_unused]] const bool kRegistered = register_benchmarks();

}  // namespace
}  // namespace shardproof::distribution
