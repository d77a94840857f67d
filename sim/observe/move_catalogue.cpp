// SPDX-License-Identifier: Apache-2.0
//
// What moves cost, and how steady they were.

#include "sim/observe/metric_families.hpp"

namespace shardproof::sim {
namespace {

using enum MetricUnit;

constexpr MetricDefinition kMoves[] = {
    final_only("disk.peak_over_final", kRatio,
               "most that all disks held together at a sample over what they hold at the end"),
    final_only("disk.transient.max", kBytes,
               "most that one disk held beyond what it holds at the end"),
    counter("leaders.transfers", "commits that name another leader in place of one"),
    counter("migration.bounces",
            "completed migrations to a node that the copy had left at most 10 minutes before"),
    counter("migration.bytes.cross_zone", "bytes sent to copy shards into another zone", kBytes),
    final_only("migration.bytes.fraction", kRatio,
               "migration.bytes.moved over the bytes of all copies held at the end"),
    final_only("migration.churn", kRatio, "migration.bounces over migrations.completed"),
    counter("migration.concurrent.max",
            "most migrations that one node was source or target of at once"),
    final_only("migration.last_ns", kNanoseconds, "when the last migration ended"),
    final_only("migration.last_quarter", kCount, "migrations begun in the last quarter of the run"),
    final_only("migration.load.max", kRatio,
               "largest part of a node's network that copying took in a sampling interval"),
    final_only("migration.makespan.minimum_ns", kNanoseconds,
               "least time in which the nodes could have sent what migrations sent"),
    final_only("migration.makespan.regret", kRatio,
               "migration.makespan_ns over migration.makespan.minimum_ns"),
    counter("migration.moves",
            "copies made: migrations that were completed, and copies without one (repairs)"),
    final_only("migration.moves.minimum", kCount,
               "fewest copies that could have made the same change of placement"),
    final_only("migration.moves.regret", kRatio,
               "migration.moves over migration.moves.minimum; 1 if both are 0"),
    counter("migration.oscillation",
            "sign changes of nodes' net flow of copies from interval to interval"),
    final_only("migration.per_shard.max", kCount, "most completed migrations of one shard"),
    final_only("migration.per_shard.mean", kRatio, "completed migrations for each shard"),
    final_only("migration.per_shard.p99", kCount,
               "99th percentile (nearest rank) of the completed migrations of a shard"),
    final_only("migration.redundant", kCount, "completed migrations that went in circles"),
    final_only("migration.redundant_fraction", kRatio,
               "migration.redundant over migrations.completed"),
    counter("plans.made", "plans of coordinators, those of repairs alone left out"),
    counter("plans.moves", "movements of data that plans asked for, each time they did"),
    final_only("plans.moves_over_completed", kRatio, "plans.moves over migrations.completed"),
    final_only("plans.rounds", kCount,
               "plans with moves since membership changed, if one without has followed"),
    counter("routing.sent", "requests that routers sent to nodes, each attempt"),
    counter("routing.stale",
            "requests sent to a node that by the committed table could not answer"),
    final_only("routing.stale_rate", kRatio, "routing.stale over routing.sent"),
    sampled("safety.domain_violating_shard_ns", kShardNanoseconds,
            "time in which the in-sync set stood in fewer zones or racks than it could"),
    sampled("safety.dual_owner_shard_ns", kShardNanoseconds,
            "time in which a former leader was within its lease beside the shard's present one"),
    final_only("safety.longest.domain_violating_ns", kNanoseconds,
               "safety.domain_violating_shard_ns of the shard with the most"),
    final_only("safety.longest.dual_owner_ns", kNanoseconds,
               "safety.dual_owner_shard_ns of the shard with the most"),
    final_only("safety.longest.ownerless_ns", kNanoseconds,
               "safety.ownerless_shard_ns of the shard with the most"),
    final_only("safety.longest.single_copy_ns", kNanoseconds,
               "safety.single_copy_shard_ns of the shard with the most"),
    final_only("safety.longest.under_replicated_ns", kNanoseconds,
               "safety.under_replicated_shard_ns of the shard with the most"),
    final_only("safety.longest.write_blocked_ns", kNanoseconds,
               "safety.write_blocked_shard_ns of the shard with the most"),
    sampled("safety.over_capacity_shard_ns", kShardNanoseconds,
            "time that copies were on disks fuller than the high watermark (90 %), by samples"),
    final_only(
        "safety.read_blocked_shard_ns", kShardNanoseconds,
        "time in which nobody could serve reads: no lock holds them, so it is the ownerless"),
};

}  // namespace

std::span<const MetricDefinition> move_metrics() { return kMoves; }

}  // namespace shardproof::sim
