// SPDX-License-Identifier: Apache-2.0
#include "sim/run/check_config.hpp"

#include <algorithm>
#include <array>

#include "core/distribution/registry.hpp"
#include "core/fault_points.hpp"
#include "sim/check/move_limits.hpp"

namespace shardproof::sim {
namespace {

constexpr std::array kTimes = {
    &Timing::heartbeat_interval, &Timing::node_lease,           &Timing::coordinator_lease,
    &Timing::clock_error_bound,  &Timing::coordinator_interval, &Timing::metadata_timeout,
    &Timing::resend_after,       &Timing::chunk_timeout,        &Timing::replica_timeout,
    &Timing::staleness_bound,    &Timing::request_timeout,      &Timing::retry_backoff,
    &Timing::migration_timeout,  &Timing::repair_delay,         &Timing::report_interval,
    &Timing::disk_timeout,
};
static_assert(sizeof(Timing) == kTimes.size() * sizeof(Nanoseconds), "name every time here");

void loosen(Bounds& bounds, const Bounds& other) {
  bounds.queue_writes_max = std::max(bounds.queue_writes_max, other.queue_writes_max);
  bounds.chunks_in_flight = std::max(bounds.chunks_in_flight, other.chunks_in_flight);
}

check::VersionTraits traits_of(const NodeConfig& config) {
  check::VersionTraits traits;
  traits.timing = config.timing;
  traits.bounds = config.bounds;
  traits.limits = config.distribution.limits;
  traits.policy_options = config.distribution.options;
  const auto* policy = distribution::find_rebalance_policy(config.distribution.rebalance);
  if (policy != nullptr) {
    const auto& set =
        distribution::values_of(config.distribution.rebalance, config.distribution.options);
    traits.balance_bound = policy->bound(distribution::with_values({}, set));
    traits.plan_measures = policy->measures();
    traits.plans_keep_domains = policy->keeps_domains();
  }
  const auto* placement = distribution::find_placement_policy(config.distribution.placement);
  if (placement != nullptr) traits.places_in_domains = placement->spreads_domains();
  traits.plan_interval = config.distribution.rebalance_interval;
  traits.plan_threshold = config.distribution.rebalance_threshold;
  return traits;
}

/// As it is between the faults: also as an event leaves it for good, and where queues overflow.
bool loses_messages(const ScenarioSpec& spec) {
  const Ratio none(0, 1);
  const NetworkSpec& network = spec.network;
  if (network.loss != none || network.corruption != none || network.queue != Bytes(0)) return true;
  return std::any_of(spec.events.begin(), spec.events.end(), [&](const EventSpec& event) {
    const auto* change = std::get_if<NetworkAction>(&event.action);
    return change != nullptr && !event.lasts && change->loss && *change->loss != none;
  });
}

}  // namespace

check::CheckConfig make_check_config(const ScenarioSpec& spec,
                                     const std::vector<NodeConfig>& versions, bool is_watching) {
  const NodeConfig& first = versions.front();
  check::CheckConfig checks;
  checks.is_watching = is_watching;
  checks.has_cluster_manager = first.has_cluster_manager;
  checks.longest = checks.shortest = first.timing;
  checks.bounds = first.bounds;
  checks.limits = first.distribution.limits;
  checks.versions.clear();
  for (const NodeConfig& version : versions) {
    checks.versions.push_back(traits_of(version));
    for (const auto time : kTimes) {
      checks.longest.*time = std::max(checks.longest.*time, version.timing.*time);
      checks.shortest.*time = std::min(checks.shortest.*time, version.timing.*time);
    }
    loosen(checks.bounds, version.bounds);
    check::loosen(checks.limits, version.distribution.limits);
  }
  checks.network_loses = loses_messages(spec);
  const auto forced = static_cast<std::size_t>(FaultPoint::CompactionForced);
  checks.compacts_early = spec.fault_points[forced].has_value();
  checks.reports_return = spec.network.duplicate_delay != NetworkSpec{}.duplicate_delay;
  checks.replica_reads =
      std::any_of(spec.traffic.begin(), spec.traffic.end(), [](const TrafficSpec& traffic) {
        return traffic.read_from == TrafficSpec::ReadFrom::kReplica;
      });
  checks.audit_interval_log2 = 0;
  while ((std::uint64_t{1} << checks.audit_interval_log2) < spec.checks.audit_every) {
    checks.audit_interval_log2 += 1;
  }
  return checks;
}

}  // namespace shardproof::sim
