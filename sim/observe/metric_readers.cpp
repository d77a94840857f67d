// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/metric_readers.hpp"

#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

using Value = MetricReaders::Value;

auto safety(SafetyKind kind) {
  return [kind](const Observer& o) -> Value {
    const SafetyFigures figures = o.safety();
    return ExactValue::integer(figures[static_cast<std::size_t>(kind)].total_shard_ns);
  };
}

Value as_value(const std::optional<Nanoseconds>& known) {
  if (!known) return std::nullopt;
  return ExactValue::integer(static_cast<UInt128>(known->count()));
}

auto latency(std::uint32_t percent) {
  return [percent](const Observer& o) { return as_value(o.clients().latency.percentile(percent)); };
}

/// Of the reads or the writes, of the run or since the last sample.
auto latency(std::uint32_t percent, KindLatency ClientTally::*kind,
             LatencyHistogram KindLatency::*when = &KindLatency::all) {
  return
      [=](const Observer& o) { return as_value(((o.clients().*kind).*when).percentile(percent)); };
}

}  // namespace

MetricReaders::Value MetricReaders::ratio_to(Count numerator, Count denominator) {
  if (denominator == 0) {
    return numerator == 0 ? Value(ExactValue::fraction(1, 1)) : std::nullopt;
  }
  return ExactValue::fraction(numerator, denominator);
}

std::vector<MetricReaders::NamedReader> MetricReaders::counts() {
  using O = const Observer&;
  return {
      counted("client.failed", [](O o) -> Count { return o.clients_.failed; }),
      counted("client.ok", [](O o) -> Count { return o.clients_.ok; }),
      counted("client.refused.cross_shard",
              [](O o) -> Count { return o.clients_.refused_cross_shard; }),
      counted("client.refused.shard_key",
              [](O o) -> Count { return o.clients_.refused_shard_key; }),
      counted("client.replica_reads", [](O o) -> Count { return o.clients_.replica_reads; }),
      counted("client.requests", [](O o) -> Count { return o.clients_.requests; }),
      counted("client.retries", [](O o) -> Count { return o.clients_.retries; }),
      counted("client.unknown", [](O o) -> Count { return o.clients_.unknown; }),
      counted("coordinator.changes", [](O o) -> Count { return o.cluster_.office_changes(); }),
      counted("coordinator.present",
              [](O o) -> Count { return o.cluster_.has_coordinator() ? 1 : 0; }),
      counted("events", [](O o) -> Count { return o.events_; }),
      counted("faults.crashes", [](O o) -> Count { return o.faults_.of(FaultKind::kCrash); }),
      counted("faults.disk_errors",
              [](O o) -> Count { return o.faults_.of(FaultKind::kDiskError); }),
      counted("faults.disk_full", [](O o) -> Count { return o.faults_.of(FaultKind::kDiskFull); }),
      counted("faults.disks_lost", [](O o) -> Count { return o.faults_.of(FaultKind::kDiskLost); }),
      counted("faults.documents_garbled",
              [](O o) -> Count { return o.faults_.of(FaultKind::kDocumentGarbled); }),
      counted("faults.messages_lost",
              [](O o) -> Count { return o.faults_.of(FaultKind::kMessageLost); }),
      counted("faults.restarts", [](O o) -> Count { return o.faults_.of(FaultKind::kRestart); }),
      counted("faults.sectors_rotten",
              [](O o) -> Count { return o.faults_.of(FaultKind::kSectorRotten); }),
      counted("faults.upgrades", [](O o) -> Count { return o.faults_.of(FaultKind::kUpgrade); }),
      counted("leaders.taken", [](O o) -> Count { return o.leaders_taken_; }),
      counted("migration.aborted", [](O o) -> Count { return o.ledger_.aborted(); }),
      counted("migration.bytes.moved", [](O o) -> Count { return o.ledger_.moved().count(); }),
      counted("migration.count", [](O o) -> Count { return o.ledger_.count(); }),
      counted("migrations.active", [](O o) -> Count { return o.ledger_.active(); }),
      counted("migrations.completed", [](O o) -> Count { return o.ledger_.completed(); }),
      counted("nodes.alive", [](O o) -> Count { return o.cluster_.members_running(); }),
      counted("nodes.drained", [](O o) -> Count { return o.cluster_.drained(); }),
      counted("nodes.draining", [](O o) -> Count { return o.cluster_.draining(); }),
      counted("nodes.joined", [](O o) -> Count { return o.cluster_.joined(); }),
      counted("nodes.removed", [](O o) -> Count { return o.cluster_.removed(); }),
      counted("nodes.total", [](O o) -> Count { return o.cluster_.members(); }),
      counted("operator.commands", [](O o) -> Count { return o.operator_.commands; }),
      counted("operator.refused", [](O o) -> Count { return o.operator_.refused; }),
      counted("replicas.in_sync", [](O o) -> Count { return o.cluster_.in_sync(); }),
      counted("replicas.learners", [](O o) -> Count { return o.cluster_.learners(); }),
      counted("replicas.promoted", [](O o) -> Count { return o.cluster_.promoted(); }),
      counted("shards.migrating",
              [](O o) -> Count { return o.cluster_.shards_with(ShardStatus::Migrating); }),
      counted("shards.offline",
              [](O o) -> Count { return o.cluster_.shards_with(ShardStatus::Offline); }),
      counted("shards.syncing",
              [](O o) -> Count { return o.cluster_.shards_with(ShardStatus::Syncing); }),
      counted("shards.total", [](O o) -> Count { return o.cluster_.shards_total(); }),
      counted("table.revision", [](O o) -> Count { return o.cluster_.revision().value(); }),
      counted("time", [](O o) -> Count { return static_cast<Count>(o.now_.count()); }),
  };
}

std::vector<MetricReaders::NamedReader> MetricReaders::values() {
  using O = const Observer&;
  return {
      valued("client.latency_ns.p50", latency(50)),
      valued("client.latency_ns.p99", latency(99)),
      valued("client.latency_ns.reads.max", latency(100, &ClientTally::reads)),
      valued("client.latency_ns.reads.p50", latency(50, &ClientTally::reads)),
      valued("client.latency_ns.reads.p90", latency(90, &ClientTally::reads)),
      valued("client.latency_ns.reads.p99", latency(99, &ClientTally::reads)),
      valued("client.latency_ns.reads.recent_p50",
             latency(50, &ClientTally::reads, &KindLatency::recent)),
      valued("client.latency_ns.reads.recent_p99",
             latency(99, &ClientTally::reads, &KindLatency::recent)),
      valued("client.latency_ns.writes.max", latency(100, &ClientTally::writes)),
      valued("client.latency_ns.writes.p50", latency(50, &ClientTally::writes)),
      valued("client.latency_ns.writes.p90", latency(90, &ClientTally::writes)),
      valued("client.latency_ns.writes.p99", latency(99, &ClientTally::writes)),
      valued("client.latency_ns.writes.recent_p50",
             latency(50, &ClientTally::writes, &KindLatency::recent)),
      valued("client.latency_ns.writes.recent_p99",
             latency(99, &ClientTally::writes, &KindLatency::recent)),
      valued("disk.used.max",
             [](O o) -> Value {
               const Ratio fullest = o.loads_.fullest_disk();
               return ExactValue::fraction(fullest.numerator(), fullest.denominator());
             }),
      valued("migration.bytes.minimum",
             [](O o) -> Value { return integer(o.minimum().bytes.count()); }),
      valued("migration.bytes.regret",
             [](O o) -> Value {
               return ratio_to(o.ledger_.moved().count(), o.minimum().bytes.count());
             }),
      valued(
          "migration.makespan_ns",
          [](O o) -> Value { return integer(static_cast<UInt128>(o.ledger_.makespan().count())); }),
      valued("safety.domain_violating_shard_ns", safety(SafetyKind::kDomainViolating)),
      valued("safety.dual_owner_shard_ns", safety(SafetyKind::kDualOwner)),
      valued("safety.ownerless_shard_ns", safety(SafetyKind::kOwnerless)),
      valued("safety.single_copy_shard_ns", safety(SafetyKind::kSingleCopy)),
      valued("safety.under_replicated_shard_ns", safety(SafetyKind::kUnderReplicated)),
      valued("safety.write_blocked_shard_ns", safety(SafetyKind::kWriteBlocked)),
  };
}

const std::vector<MetricReaders::Reader>& MetricReaders::by_index() {
  static const std::vector<Reader> kReaders = [] {
    std::vector<Reader> readers(metric_catalogue().size());
    for (const auto& table : {counts(), values(), skews(), moves(), over_time(), peer_figures()}) {
      for (const NamedReader& named : table) readers[metric_index(named.name)] = named.reader;
    }
    return readers;
  }();
  return kReaders;
}

MetricValue Observer::condition_value(MetricIndex metric) const {
  const MetricReaders::Reader& reader = MetricReaders::by_index()[metric];
  if (reader.count != nullptr) return {Ratio(reader.count(*this), 1), 0};
  const MetricDefinition& definition = metric_catalogue()[metric];
  SHARDPROOF_CHECK(definition.name == "migration.phase", "no condition reads '{}'",
                   definition.name);
  return {Ratio(), ledger_.phases()};
}

std::optional<ExactValue> Observer::value(MetricIndex metric) const {
  const MetricReaders::Reader& reader = MetricReaders::by_index()[metric];
  if (reader.count != nullptr) return ExactValue::integer(reader.count(*this));
  SHARDPROOF_CHECK(reader.value, "no value of '{}'", metric_catalogue()[metric].name);
  return reader.value(*this);
}

}  // namespace shardproof::sim
