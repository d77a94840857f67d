// SPDX-License-Identifier: Apache-2.0
#include "cli/planning.hpp"

#include <utility>

#include <fmt/format.h>

#include "cli/stopwatch.hpp"

namespace shardproof::cli {
namespace {

struct Cluster {
  std::string name;
  sim::ClusterSnapshot snapshot;
};

Result<sim::ClusterSnapshot, NoPlan> read(const PlanCommand& command, const std::string& file) {
  const sim::SnapshotReading reading{command.options.rebalance.disk_watermark};
  auto snapshot = command.format == nullptr ? sim::read_snapshot(file, reading)
                                            : command.format->read(file, reading);
  if (snapshot) return std::move(*snapshot);
  const bool unreadable = snapshot.error().kind == sim::InputError::Kind::kUnreadable;
  return {Unexpected<NoPlan>{
      {to_string(snapshot.error()), unreadable ? ExitCode::kInternal : ExitCode::kUsage}}};
}

/// All clusters, the files first, each as the change leaves it.
Result<std::vector<Cluster>, NoPlan> clusters_of(const PlanCommand& command) {
  std::vector<Cluster> clusters;
  for (const std::string& file : command.files) {
    auto snapshot = read(command, file);
    if (!snapshot) return {Unexpected<NoPlan>{snapshot.error()}};
    clusters.push_back({file, std::move(*snapshot)});
  }
  for (const sim::GeneratedState* state : command.states) {
    clusters.push_back(
        {std::string(state->name), sim::snapshot_of(state->make(command.seed, command.sizes))});
  }
  for (Cluster& cluster : clusters) {
    if (command.change.empty()) break;
    auto snapshot = sim::changed(std::move(cluster.snapshot), command.change);
    if (!snapshot) {
      return {Unexpected<NoPlan>{
          {fmt::format("{}: {}", cluster.name, snapshot.error().message), ExitCode::kUsage}}};
    }
    cluster.snapshot = std::move(*snapshot);
  }
  return clusters;
}

sim::PlannedCluster plan_for(const PlanCommand& command, const Cluster& cluster) {
  sim::PlannedCluster planned = sim::describe(cluster.name, cluster.snapshot, command.options);
  for (const PlanCommand::Policy& one : command.policies) {
    const Stopwatch stopwatch;
    sim::PlanOptions options = command.options;
    options.rebalance = distribution::with_values(options.rebalance, one.values);
    const sim::CarriedOut carried = sim::carry_out(cluster.snapshot, *one.policy, options);
    const std::uint64_t plan_ns = stopwatch.elapsed_ns();
    planned.policies.push_back(sim::assess(one.name, cluster.snapshot, carried, options));
    planned.policies.back().plan_ns = static_cast<double>(plan_ns);
  }
  return planned;
}

}  // namespace

Result<sim::PlanResult, NoPlan> plan_moves(const PlanCommand& command) {
  const auto clusters = clusters_of(command);
  if (!clusters) return {Unexpected<NoPlan>{clusters.error()}};
  sim::PlanResult result;
  result.moves_per_node = command.options.moves_per_node;
  result.bandwidth = command.options.bandwidth;
  for (const Cluster& cluster : *clusters) {
    result.clusters.push_back(plan_for(command, cluster));
  }
  return result;
}

}  // namespace shardproof::cli
