// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/metric_catalogue.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/base/check.hpp"
#include "sim/observe/metric_families.hpp"

namespace shardproof::sim {
namespace {

using enum MetricUnit;

constexpr std::string_view kPhases[] = {"prepare", "copy", "sync", "switch", "cleanup"};

constexpr MetricDefinition kCluster[] = {
    counter("client.failed", "client requests refused or given up, known to have had no effect"),
    final_only(
        "client.latency_ns.p50", kNanoseconds,
        "median time from when a successful request was due to its answer, retries included"),
    final_only("client.latency_ns.p99", kNanoseconds,
               "99th percentile of the time from when a successful request was due to its answer"),
    final_only("client.latency_ns.reads.max", kNanoseconds,
               "longest latency of successful reads, scans and counts"),
    final_only("client.latency_ns.reads.p50", kNanoseconds,
               "median latency of successful reads, scans and counts"),
    final_only("client.latency_ns.reads.p90", kNanoseconds,
               "90th percentile of the latency of successful reads, scans and counts"),
    final_only("client.latency_ns.reads.p99", kNanoseconds,
               "99th percentile of the latency of successful reads, scans and counts"),
    trend("client.latency_ns.reads.recent_p50", kNanoseconds,
          "median latency of successful reads, scans and counts answered since the last sample"),
    trend("client.latency_ns.reads.recent_p99", kNanoseconds,
          "99th percentile of the latency of successful reads, scans and counts answered since the "
          "last sample"),
    final_only("client.latency_ns.writes.max", kNanoseconds,
               "longest latency of successful writes and transactions"),
    final_only("client.latency_ns.writes.p50", kNanoseconds,
               "median latency of successful writes and transactions"),
    final_only("client.latency_ns.writes.p90", kNanoseconds,
               "90th percentile of the latency of successful writes and transactions"),
    final_only("client.latency_ns.writes.p99", kNanoseconds,
               "99th percentile of the latency of successful writes and transactions"),
    trend("client.latency_ns.writes.recent_p50", kNanoseconds,
          "median latency of successful writes and transactions answered since the last sample"),
    trend("client.latency_ns.writes.recent_p99", kNanoseconds,
          "99th percentile of the latency of successful writes and transactions answered since the "
          "last sample"),
    counter("client.ok", "client requests answered with success (not found is success)"),
    counter("client.refused.cross_shard", "transactions refused because they span shards"),
    counter("client.refused.shard_key", "writes refused for a missing or wrong shard key field"),
    counter("client.replica_reads", "reads answered by copies that did not lead their shard"),
    counter("client.requests", "client requests issued, retries not counted"),
    counter("client.retries", "attempts after the first of all client requests"),
    counter("client.unknown", "client requests that may or may not have had their effect"),
    counter("coordinator.changes", "terms of coordinators begun, the first one included"),
    gauge("coordinator.present", "1 while a running node holds the coordinator's office, else 0"),
    sampled("disk.used.max", kRatio, "used part of the fullest disk that has a limited size"),
    counter("events", "events delivered by the simulator"),
    counter("faults.crashes", "processes stopped by a crash"),
    counter("faults.disk_errors", "disk operations that failed, or may have"),
    counter("faults.disk_full", "writes refused by a full disk"),
    counter("faults.disks_lost", "disks whose content was lost"),
    counter("faults.documents_garbled",
            "documents of copy streams that arrived, or were staged, with other content"),
    counter("faults.messages_lost",
            "messages lost by chance, spoilt, by a partition or by a full queue"),
    counter("faults.restarts", "processes booted again"),
    counter("faults.sectors_rotten", "stored sectors in which bits have flipped"),
    counter("faults.upgrades", "processes booted again with another version of the software"),
    counter("leaders.taken", "leaderships of shards that nodes took up, the first ones included"),
    counter("migration.aborted", "migrations that ended with the old owner serving"),
    sampled("migration.bytes.minimum", kBytes,
            "least bytes that could have made the same change of placement"),
    {"migration.bytes.moved",
     kBytes,
     true,
     true,
     true,
     "bytes of documents and log sent to copy shards, resends too",
     {}},
    final_only("migration.bytes.regret", kRatio,
               "migration.bytes.moved over migration.bytes.minimum; 1 if both are 0"),
    counter("migration.count", "migrations begun"),
    final_only("migration.makespan_ns", kNanoseconds,
               "from the first migration's begin to the last one's end"),
    {"migration.phase", kChoice, true, false, false, "phases that active migrations are in",
     kPhases},
    gauge("migrations.active", "migrations begun and not ended"),
    counter("migrations.completed", "migrations that ended with the new owner serving"),
    gauge("nodes.alive", "members whose process runs"),
    counter("nodes.drained", "nodes removed because a drain had moved everything off them"),
    gauge("nodes.draining", "members that are being drained"),
    counter("nodes.joined", "nodes that joined after the start"),
    counter("nodes.removed", "nodes removed from the cluster"),
    gauge("nodes.total", "members of the cluster, running or not"),
    counter("operator.commands", "commands that operators gave"),
    counter("operator.refused", "commands of operators that were refused"),
    gauge("replicas.in_sync", "copies in their shard's in-sync set, of all shards"),
    gauge("replicas.learners", "copies that are catching up and not in their shard's in-sync set"),
    counter("replicas.promoted", "learners that became in-sync replicas"),
    sampled("safety.ownerless_shard_ns", kShardNanoseconds,
            "time in which no running node was entitled to serve the shard"),
    sampled("safety.single_copy_shard_ns", kShardNanoseconds,
            "time in which a shard with a replication factor above 1 had one live in-sync copy"),
    sampled("safety.under_replicated_shard_ns", kShardNanoseconds,
            "time in which the shard had fewer live in-sync copies than its replication factor"),
    sampled("safety.write_blocked_shard_ns", kShardNanoseconds,
            "time in which the shard's leader did not accept writes at once"),
    gauge("shards.migrating", "shards with status Migrating"),
    gauge("shards.offline", "shards with status Offline"),
    gauge("shards.syncing", "shards with status Syncing"),
    gauge("shards.total", "shards of all sharded collections"),
    gauge("table.revision", "revision of the committed shard table"),
    {"time", kNanoseconds, true, false, false, "simulated time since the start", {}},
};

/// Sorted, since `find_metric` searches by bisection.
std::vector<MetricDefinition> make_catalogue() {
  std::vector<MetricDefinition> catalogue = skew_metrics();
  catalogue.insert(catalogue.end(), std::begin(kCluster), std::end(kCluster));
  for (const auto& family : {move_metrics(), peer_metrics()}) {
    catalogue.insert(catalogue.end(), family.begin(), family.end());
  }
  std::sort(catalogue.begin(), catalogue.end(),
            [](const MetricDefinition& a, const MetricDefinition& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < catalogue.size(); ++i) {
    SHARDPROOF_CHECK(catalogue[i - 1].name != catalogue[i].name, "two metrics are called '{}'",
                     catalogue[i].name);
  }
  return catalogue;
}

}  // namespace

std::span<const MetricDefinition> metric_catalogue() {
  static const std::vector<MetricDefinition> kCatalogue = make_catalogue();
  return kCatalogue;
}

std::optional<MetricIndex> find_metric(std::string_view name) {
  const auto catalogue = metric_catalogue();
  const auto found = std::lower_bound(
      catalogue.begin(), catalogue.end(), name,
      [](const MetricDefinition& metric, std::string_view wanted) { return metric.name < wanted; });
  if (found == catalogue.end() || found->name != name) return std::nullopt;
  return static_cast<MetricIndex>(found - catalogue.begin());
}

MetricIndex metric_index(std::string_view name) {
  const auto index = find_metric(name);
  SHARDPROOF_CHECK(index.has_value(), "no metric '{}'", name);
  return *index;
}

std::string_view to_string(MetricUnit unit) {
  switch (unit) {
    case kCount: return "count";
    case kRatio: return "ratio";
    case kBytes: return "bytes";
    case kNanoseconds: return "ns";
    case kShardNanoseconds: return "shard-ns";
    case kChoice: return "choice";
  }
  SHARDPROOF_CHECK(false, "unit {}", static_cast<int>(unit));
  return {};
}

}  // namespace shardproof::sim
