// SPDX-License-Identifier: Apache-2.0
#include "sim/run/node_config.hpp"

namespace shardproof::sim {
namespace {

Timing make_timing(const ScenarioSpec& spec) {
  Timing timing;
  timing.heartbeat_interval = spec.protocol.heartbeat;
  timing.node_lease = spec.protocol.lease;
  timing.coordinator_lease = spec.protocol.lease;
  timing.clock_error_bound = spec.protocol.clock_error;
  timing.replica_timeout = spec.protocol.replica_timeout;
  timing.metadata_timeout = spec.protocol.metadata_timeout;
  timing.staleness_bound = spec.protocol.staleness_bound;
  timing.report_interval = spec.protocol.reporting_period;
  timing.chunk_timeout = spec.migration.chunk_timeout;
  timing.migration_timeout = spec.migration.phase_timeout;
  timing.request_timeout = spec.client.request_timeout;
  return timing;
}

distribution::MoveLimits make_limits(const ScenarioSpec& spec) {
  const MoveLimits& from = spec.policy.limits;
  distribution::MoveLimits limits;
  limits.moves_per_node = from.moves_per_node;
  limits.moves_per_domain = from.moves_per_zone;
  limits.moves_cluster_wide = from.moves_in_cluster;
  limits.bandwidth = from.bandwidth;
  constexpr Nanoseconds kDay = hours(24);
  // At the world's beginning, which is before the scenario's.
  limits.time_of_day_at_start = Nanoseconds((spec.starts_at + kDay - kSetupTime).count() % kDay.count());
  for (const MoveWindow& window : from.windows) {
    const Nanoseconds from_midnight = window.daily ? Nanoseconds(0) : spec.starts_at;
    const auto minute = [&](Nanoseconds time) {
      const Nanoseconds of_day((time + from_midnight).count() % kDay.count());
      return static_cast<std::uint16_t>(of_day.count() / minutes(1).count());
    };
    limits.windows.push_back({minute(window.start), minute(window.end)});
  }
  return limits;
}

}  // namespace

NodeConfig make_node_config(const ScenarioSpec& spec) {
  NodeConfig config;
  config.has_cluster_manager = !spec.cluster.single;
  config.timing = make_timing(spec);
  config.bounds.queue_writes_max = spec.migration.queue_limit;
  config.bounds.chunk_size = spec.migration.chunk;
  config.bounds.chunks_in_flight = spec.migration.chunks_in_flight;
  config.distribution.placement = spec.policy.placement;
  config.distribution.rebalance = spec.policy.rebalance;
  config.distribution.rebalance_interval = spec.policy.period.value_or(Nanoseconds(0));
  config.distribution.write_mode = spec.migration.write_mode;
  config.distribution.limits = make_limits(spec);
  return config;
}

CollectionConfig make_collection_config(const CollectionSpec& spec) {
  CollectionConfig config;
  config.database = spec.database;
  config.name = spec.name;
  config.num_shards = spec.shards;
  config.replication_factor = spec.replication_factor;
  config.shard_key = spec.shard_key;
  config.write_concern = spec.write_concern;
  return config;
}

}  // namespace shardproof::sim
