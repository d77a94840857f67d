// SPDX-License-Identifier: Apache-2.0
#include "sim/run/node_config.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

Timing make_timing(const ScenarioSpec& spec, const VersionSpec& version) {
  const ProtocolSpec& protocol = version.protocol;
  Timing timing;
  timing.heartbeat_interval = protocol.heartbeat;
  timing.node_lease = protocol.lease;
  timing.coordinator_lease = protocol.lease;
  timing.clock_error_bound = protocol.clock_error;
  timing.replica_timeout = protocol.replica_timeout;
  // Who loses one message must not be out of patience before it is sent again.
  timing.resend_after = std::min(timing.resend_after, protocol.replica_timeout / 2);
  timing.disk_timeout = protocol.disk_timeout;
  timing.repair_delay = protocol.repair_delay;
  timing.metadata_timeout = protocol.metadata_timeout;
  timing.staleness_bound = protocol.staleness_bound;
  timing.report_interval = protocol.reporting_period;
  timing.chunk_timeout = version.migration.chunk_timeout;
  timing.migration_timeout = version.migration.phase_timeout;
  timing.request_timeout = protocol.routing_timeout.value_or(spec.client.request_timeout);
  return timing;
}

/// The world begins before the scenario.
distribution::MoveLimits make_limits(const ScenarioSpec& spec, const VersionSpec& version) {
  distribution::MoveLimits limits = version.policy.limits;
  limits.time_of_day_at_start = distribution::time_of_day(Instant() - kSetupTime, spec.starts_at);
  for (distribution::MoveWindow& window : limits.windows) {
    if (window.daily) continue;
    window.start += kSetupTime;
    window.end += kSetupTime;
  }
  return limits;
}

}  // namespace

NodeConfig make_node_config(const ScenarioSpec& spec, const VersionSpec& version) {
  NodeConfig config;
  config.has_cluster_manager = !spec.cluster.single;
  config.timing = make_timing(spec, version);
  config.bounds.queue_writes_max = version.migration.queue_limit;
  config.bounds.compaction_min = version.compaction;
  config.bounds.chunk_size = version.migration.chunk;
  config.bounds.chunks_in_flight = version.migration.chunks_in_flight;
  config.distribution.placement = version.policy.placement;
  config.distribution.rebalance = version.policy.rebalance;
  config.distribution.rebalance_interval = version.policy.period.value_or(Nanoseconds(0));
  config.distribution.rebalance_threshold = version.policy.threshold;
  config.distribution.rebalance_on_membership = version.policy.on_membership;
  config.distribution.write_mode = version.migration.write_mode;
  config.distribution.limits = make_limits(spec, version);
  config.distribution.options = version.policy.options;
  for (const std::string& name : version.rules_off) {
    const RuleInfo* known = find_rule(name);
    SHARDPROOF_CHECK(known != nullptr, "rule '{}' is not known", name);
    config.rules.switch_off(known->rule);
  }
  return config;
}

std::vector<NodeConfig> make_node_configs(const ScenarioSpec& spec) {
  std::vector<NodeConfig> configs;
  for (const VersionSpec& version : spec.all_versions()) {
    configs.push_back(make_node_config(spec, version));
  }
  return configs;
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
