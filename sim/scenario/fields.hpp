// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config.hpp"
#include "sim/scenario/codecs.hpp"
#include "sim/scenario/latency_codec.hpp"
#include "sim/scenario/names.hpp"
#include "sim/scenario/policy_options_codec.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The keys of the tables of a scenario, each named once: `visitor` is a `TableReader`,
/// `TableWriter` or `TableSchema`. Tables that need more than a list of keys have files of their
/// own.

inline constexpr std::uint32_t kShardsMax = 1'000'000;
inline constexpr std::uint32_t kNodesMax = 100'000;
/// One a nanosecond, the shortest time there is.
inline constexpr std::uint64_t kIopsMax = 1'000'000'000;

/// "zone", "rack", "region": a domain of that level, drawn.
inline OneOf<NodeSelector::Kind> domain_level() {
  using Kind = NodeSelector::Kind;
  return {
      {{"zone", Kind::kRandomZone}, {"rack", Kind::kRandomRack}, {"region", Kind::kRandomRegion}}};
}

inline IndexOfName collection_codec(const Names& names) {
  return {"collection", views(names.collections), names.all_collections_known};
}

template <typename Visitor>
void fields(Visitor& visitor, NodeCapacity& capacity) {
  visitor.field("disk", capacity.disk, kCapacity);
  visitor.field("cpu", capacity.cpu_milli, Cores{});
  visitor.field("memory", capacity.memory, kBytes);
  visitor.field("network", capacity.network, kBandwidth);
}

template <typename Visitor>
void fields(Visitor& visitor, CollectionSpec& collection, const Names& names) {
  visitor.required("database", collection.database, Text{false});
  visitor.required("name", collection.name, Text{false});
  visitor.field("sharded", collection.sharded, Flag{});
  visitor.field("shards", collection.shards, Whole<std::uint32_t>{1, kShardsMax});
  visitor.field("replication_factor", collection.replication_factor, Whole<std::uint32_t>{1, 64});
  visitor.field("shard_key", collection.shard_key, ListOf<Text>{Text{false}, 1});
  visitor.field("write_concern", collection.write_concern, Whole<std::uint32_t>{0, 64});
  visitor.table("documents", [&](auto& documents) {
    documents.field("count", collection.documents, Whole<std::uint64_t>{0, 1'000'000'000});
    documents.field("size", collection.document_size, kSize);
  });
  const IndexOfName node{"node", views(names.nodes), names.all_nodes_known};
  visitor.field("copies", collection.copies, ListOf<ListOf<IndexOfName>>{{node, 1}});
  visitor.field("shard_bytes", collection.shard_bytes, ListOf<Parsed<Bytes>>{kBytes});
}

template <typename Visitor>
void fields(Visitor& visitor, distribution::MoveLimits& limits) {
  visitor.field("moves_per_node", limits.moves_per_node, Whole<std::uint32_t>{});
  visitor.field("moves_per_zone", limits.moves_per_domain, Whole<std::uint32_t>{});
  visitor.field("moves_in_cluster", limits.moves_cluster_wide, Whole<std::uint32_t>{});
  visitor.field("bandwidth", limits.bandwidth, kBandwidth);
  visitor.field("fewest_copies_first", limits.fewest_copies_first, Flag{});
  visitor.field("windows", limits.windows, ListOf<Parsed<distribution::MoveWindow>>{kWindow});
}

/// Whose settings a table has. Those of another version, where they are not written, are those of
/// the scenario: what may be absent is said there by "none".
enum class Whose : std::uint8_t { kScenario, kVersion };

template <typename Visitor, typename Codec>
void optional_of(Whose whose, Visitor& visitor, std::string_view key,
                 std::optional<typename Codec::Value>& value, const Codec& codec) {
  if (whose == Whose::kVersion) {
    visitor.field(key, value, OrNone<Codec>{codec});
  } else {
    visitor.optional(key, value, codec);
  }
}

template <typename Visitor>
void fields(Visitor& visitor, PolicySpec& policy, const Vocabulary& vocabulary,
            Whose whose = Whose::kScenario) {
  visitor.field("placement", policy.placement,
                KnownName{"placement policy", vocabulary.placements});
  visitor.field("rebalance", policy.rebalance,
                KnownName{"rebalance policy", vocabulary.rebalances});
  if (whose == Whose::kScenario) {
    visitor.field("compare", policy.compare,
                  ListOf<KnownName>{{"rebalance policy", vocabulary.rebalances}});
  }
  visitor.field("options", policy.options, OptionsOfPolicies{});
  visitor.field("on_membership", policy.on_membership, Flag{});
  optional_of(whose, visitor, "threshold", policy.threshold, kPositiveRatio);
  optional_of(whose, visitor, "period", policy.period, kPositiveDuration);
  visitor.table("limits", [&](auto& limits) { fields(limits, policy.limits); });
}

template <typename Visitor>
void fields(Visitor& visitor, LinkSpec& link) {
  visitor.required("zone", link.zone, Text{false});
  visitor.required("other_zone", link.other_zone, Text{false});
  visitor.required("latency", link.latency, kDelay);
  visitor.field("bandwidth", link.bandwidth, kBandwidth);
}

template <typename Visitor>
void fields(Visitor& visitor, NetworkSpec& network) {
  visitor.field("latency", network.latency, LatencyCodec{});
  visitor.field("zone_latency", network.zone_latency, kDelay);
  visitor.field("region_latency", network.region_latency, kDelay);
  visitor.field("loss", network.loss, kProbability);
  visitor.field("duplication", network.duplication, kProbability);
  visitor.field("duplicate_delay", network.duplicate_delay, kDelay);
  visitor.field("corruption", network.corruption, kProbability);
  visitor.field("queue", network.queue, kCapacity);
  visitor.tables("link", network.links, [](auto& table, LinkSpec& link) { fields(table, link); });
}

template <typename Visitor>
void fields(Visitor& visitor, DiskSpec& disk) {
  visitor.field("read_latency", disk.read_latency, kDelay);
  visitor.field("write_latency", disk.write_latency, kDelay);
  visitor.field("sync_latency", disk.sync_latency, kDelay);
  visitor.field("bandwidth", disk.bandwidth, kBandwidth);
  visitor.optional("iops", disk.iops, Whole<std::uint64_t>{1, kIopsMax});
  visitor.field("unsynced", disk.unsynced, kUnsynced);
  visitor.field("undeleted", disk.undeleted, kProbability);
  visitor.field("compaction", disk.compaction, kPositiveBytes);
}

template <typename Visitor>
void fields(Visitor& visitor, ProcessSpec& process) {
  visitor.field("step", process.step, kPositiveDuration);
}

template <typename Visitor>
void fields(Visitor& visitor, ClockSpec& clock) {
  visitor.field("offset", clock.offset, kDuration);
  visitor.field("drift", clock.drift_ppb, kDriftBound);
  visitor.field("wobble", clock.wobble, kWobble);
}

template <typename Visitor>
void fields(Visitor& visitor, MetadataSpec& metadata) {
  visitor.field("latency", metadata.latency, kDelay);
  visitor.field("lost_answers", metadata.lost_answers, kProbability);
  visitor.field("recognises_repeats", metadata.recognises_repeats, Flag{});
  visitor.field("coalesce", metadata.coalesce, kDuration);
}

template <typename Visitor>
void fields(Visitor& visitor, ProtocolSpec& protocol, Whose whose = Whose::kScenario) {
  visitor.field("heartbeat", protocol.heartbeat, kPositiveDuration);
  visitor.field("lease", protocol.lease, kPositiveDuration);
  visitor.field("clock_error", protocol.clock_error, kDuration);
  visitor.field("reporting_period", protocol.reporting_period, kPositiveDuration);
  visitor.field("replica_timeout", protocol.replica_timeout, kPositiveDuration);
  visitor.field("disk_timeout", protocol.disk_timeout, kPositiveDuration);
  visitor.field("repair_delay", protocol.repair_delay, kDuration);
  visitor.field("metadata_timeout", protocol.metadata_timeout, kPositiveDuration);
  visitor.field("staleness_bound", protocol.staleness_bound, kPositiveDuration);
  optional_of(whose, visitor, "routing_timeout", protocol.routing_timeout, kPositiveDuration);
}

template <typename Visitor>
void fields(Visitor& visitor, MigrationSpec& migration) {
  visitor.field("write_mode", migration.write_mode,
                OneOf<WriteMode>{{{"queue", WriteMode::Queue}, {"live", WriteMode::Live}}});
  visitor.field("chunk", migration.chunk, kPositiveBytes);
  visitor.field("chunks_in_flight", migration.chunks_in_flight,
                Whole<std::uint32_t>{1, kChunksInFlightMax});
  visitor.field("queue_limit", migration.queue_limit, Whole<std::uint32_t>{1, 1'000'000});
  visitor.field("chunk_timeout", migration.chunk_timeout, kPositiveDuration);
  visitor.field("phase_timeout", migration.phase_timeout, kPositiveDuration);
}

/// The keys of a `[[version]]`, but for its name: tables of the scenario's names, with what is the
/// software's of them.
template <typename Visitor>
void fields(Visitor& visitor, VersionSpec& version, const Vocabulary& vocabulary) {
  visitor.table("policy",
                [&](auto& table) { fields(table, version.policy, vocabulary, Whose::kVersion); });
  visitor.table(
      "disk", [&](auto& table) { table.field("compaction", version.compaction, kPositiveBytes); });
  visitor.table("protocol", [&](auto& table) { fields(table, version.protocol, Whose::kVersion); });
  visitor.table("migration", [&](auto& table) { fields(table, version.migration); });
  visitor.field("rules_off", version.rules_off, ListOf<KnownName>{{"rule", vocabulary.rules}});
}

template <typename Visitor>
void fields(Visitor& visitor, ClientSpec& client) {
  visitor.field("request_timeout", client.request_timeout, kPositiveDuration);
  visitor.field("retry_backoff", client.retry_backoff, kPositiveDuration);
  visitor.field("retry_backoff_max", client.retry_backoff_max, kPositiveDuration);
  visitor.field("attempts", client.attempts, Whole<std::uint32_t>{1, 1000});
}

template <typename Visitor>
void fields(Visitor& visitor, CheckSpec& checks) {
  visitor.field("audit_every", checks.audit_every, PowerOfTwo{});
  visitor.field("settle", checks.settle, kPositiveDuration);
  visitor.field("progress", checks.progress, kPositiveDuration);
  visitor.field("history", checks.history, Flag{});
  visitor.field("heal", checks.heal,
                OneOf<HealMode>{{{"all", HealMode::kAll}, {"core", HealMode::kCore}}});
}

}  // namespace shardproof::sim
