// SPDX-License-Identifier: Apache-2.0
#include "sim/run/node_config.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

Timing make_timing(const ScenarioSpec& spec) {
  Timing timing;
  timing.heartbeat_interval = spec.protocol.heartbeat;
  timing.node_lease = spec.protocol.lease;
  timing.coordinator_lease = spec.protocol.lease;
  timing.clock_error_bound = spec.protocol.clock_error;
  timing.replica_timeout = spec.protocol.replica_timeout;
  // Who loses one message must not be out of patience before it is sent again.
  timing.resend_after = std::min(timing.resend_after, spec.protocol.replica_timeout / 2);
  timing.disk_timeout = spec.protocol.disk_timeout;
  timing.metadata_timeout = spec.protocol.metadata_timeout;
  timing.staleness_bound = spec.protocol.staleness_bound;
  timing.report_interval = spec.protocol.reporting_period;
  timing.chunk_timeout = spec.migration.chunk_timeout;
  timing.migration_timeout = spec.migration.phase_timeout;
  timing.request_timeout = spec.protocol.routing_timeout.value_or(spec.client.request_timeout);
  return timing;
}

/// The world begins before the scenario.
distribution::MoveLimits make_limits(const ScenarioSpec& spec) {
  distribution::MoveLimits limits = spec.policy.limits;
  limits.time_of_day_at_start = distribution::time_of_day(Instant() - kSetupTime, spec.starts_at);
  for (distribution::MoveWindow& window : limits.windows) {
    if (window.daily) continue;
    window.start += kSetupTime;
    window.end += kSetupTime;
  }
  return limits;
}

}  // namespace

NodeConfig make_node_config(const ScenarioSpec& spec) {
  NodeConfig config;
  config.has_cluster_manager = !spec.cluster.single;
  config.timing = make_timing(spec);
  config.bounds.queue_writes_max = spec.migration.queue_limit;
  config.bounds.compaction_min = spec.disk.compaction;
  config.bounds.chunk_size = spec.migration.chunk;
  config.bounds.chunks_in_flight = spec.migration.chunks_in_flight;
  config.distribution.placement = spec.policy.placement;
  config.distribution.rebalance = spec.policy.rebalance;
  config.distribution.rebalance_interval = spec.policy.period.value_or(Nanoseconds(0));
  config.distribution.rebalance_threshold = spec.policy.threshold;
  config.distribution.rebalance_on_membership = spec.policy.on_membership;
  config.distribution.write_mode = spec.migration.write_mode;
  config.distribution.limits = make_limits(spec);
  for (const std::string& name : spec.rules_off) {
    const RuleInfo* known = find_rule(name);
    SHARDPROOF_CHECK(known != nullptr, "rule '{}' is not known", name);
    config.rules.switch_off(known->rule);
  }
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
