// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/ceph.hpp"
#include "sim/observe/peers/put_figure.hpp"

namespace shardproof::sim::peers {
namespace {

void put_fdb(PeerFigures& figures, const RunCounts& run) {
  const auto count = [&](std::string_view name, std::uint64_t value) {
    put_figure(figures, name, static_cast<double>(value));
  };
  count("fdb.relocations_rebalance", run.relocations.rebalance);
  count("fdb.relocations_drain", run.relocations.drain);
  count("fdb.relocations_domain", run.relocations.domain);
  count("fdb.relocations_manual", run.relocations.manual);
  count("fdb.relocations_repair", run.relocations.repair);
  const auto time = [&](std::string_view name, const std::optional<Nanoseconds>& value) {
    put_figure(figures, name,
               value ? std::optional(static_cast<double>(value->count())) : std::nullopt);
  };
  time("fdb.latency_p25_ns", run.latencies.p25);
  time("fdb.latency_median_ns", run.latencies.median);
  time("fdb.latency_p90_ns", run.latencies.p90);
  time("fdb.latency_p95_ns", run.latencies.p95);
  time("fdb.latency_p99_ns", run.latencies.p99);
  time("fdb.latency_max_ns", run.latencies.max);
}

}  // namespace

void put_run_figures(PeerFigures& figures, const RunCounts& run) {
  const auto count = [&](std::string_view name, std::uint64_t value) {
    put_figure(figures, name, static_cast<double>(value));
  };
  put_figure(figures, "ceph.misplaced_ratio", misplaced_ratio(run.misplaced, run.shards));
  count("cruise_control.num_replica_movements", run.replica_movements);
  count("cruise_control.num_leader_movements", run.leader_movements);
  count("cruise_control.data_to_move_bytes", run.bytes_to_move);
  count("scylla.plan_count", run.plans);
  count("scylla.migrations_produced", run.planned_moves);
  put_figure(figures, "scylla.init_node_overcommit", run.overcommit.init());
  put_figure(figures, "scylla.worst_node_overcommit", run.overcommit.worst());
  put_fdb(figures, run);
}

}  // namespace shardproof::sim::peers
