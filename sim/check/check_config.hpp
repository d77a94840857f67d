// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/config.hpp"
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::sim::check {

/// What the checks have to know of one version of the software.
struct VersionTraits {
  Timing timing;
  Bounds bounds;
  distribution::MoveLimits limits;
  /// Of rebalance policies, as far as they are set.
  distribution::PolicyOptions policy_options;
  /// What its rebalance policy promises, if it does; the time between periodic plans (zero: none);
  /// the excess over the mean that calls for one, of any of what the policy makes even.
  std::optional<distribution::BalanceBound> balance_bound;
  Nanoseconds plan_interval;
  std::optional<Ratio> plan_threshold;
  std::vector<distribution::LoadMeasure> plan_measures;
  bool plans_keep_domains = true;
  /// Whether its placement policy spreads the copies of new shards over failure domains.
  bool places_in_domains = true;
};

/// What the checks have to know of the run. What a node does alone is judged by the version that it
/// runs. What depends on several nodes, and on who was coordinator meanwhile, has to keep only what
/// all versions promise.
struct CheckConfig {
  /// False in the single-node mode: no leases, no terms, no metadata store.
  bool has_cluster_manager = true;
  /// At least one; the first is what nodes run until they boot with another.
  std::vector<VersionTraits> versions = std::vector<VersionTraits>(1);
  /// Of each time the longest of all versions, and the shortest.
  Timing longest;
  Timing shortest;
  /// The loosest of all versions.
  Bounds bounds;
  distribution::MoveLimits limits;
  /// Whether a message may be lost or damaged although nothing is broken.
  bool network_loses = false;
  /// Whether a message may come a second time long after the first.
  bool reports_return = false;
  /// Whether stores may compact before their logs have grown.
  bool compacts_early = false;
  /// Whether clients may read from replicas.
  bool replica_reads = false;
  /// Audits are at least this many events apart (2^k), and further if they cost more.
  std::uint32_t audit_interval_log2 = 14;
  /// False: told of everything, looks at nothing. Only for measuring what the checks cost.
  bool is_watching = true;
  /// Violations kept whole; all are counted.
  std::uint32_t violations_max = 64;

  /// How long a coordinator may not know what becomes of a disk: its node learns of it by the next
  /// operation and tells in its next report.
  Nanoseconds disk_unknown_for() const {
    return kDiskIdleMax + longest.report_interval * 3 + longest.node_lease;
  }
};

/// An invariant of the catalogue as the checks know it.
struct InvariantInfo {
  std::uint32_t number = 0;
  const char* name = "";
  const char* statement = "";
};

}  // namespace shardproof::sim::check
