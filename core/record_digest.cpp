// SPDX-License-Identifier: Apache-2.0
#include "core/base/stable_hash.hpp"
#include "core/shard_table.hpp"

namespace shardproof {
namespace {

/// Folds fields one by one in declaration order.
class Digest {
 public:
  explicit Digest(RecordKind kind) : state_(mix64(static_cast<std::uint64_t>(kind) + 1)) {}

  Digest& add(std::uint64_t word) {
    state_ = combine64(state_, word);
    return *this;
  }
  Digest& add(std::string_view text) { return add(stable_hash(text)); }
  Digest& add(const NodeList& nodes) {
    add(nodes.size());
    for (const NodeId node : nodes) add(node.value());
    return *this;
  }
  std::uint64_t finish() const { return mix64(state_); }

 private:
  std::uint64_t state_;
};

void add_migration(Digest& digest, const Migration& migration) {
  digest.add(migration.id.value())
      .add(migration.source.value())
      .add(migration.target.value())
      .add(static_cast<std::uint64_t>(migration.phase))
      .add(static_cast<std::uint64_t>(migration.mode))
      .add(static_cast<std::uint64_t>(migration.reason))
      .add(static_cast<std::uint64_t>(migration.started.count()))
      .add(migration.lock_point.value())
      .add(migration.bandwidth.bytes_per_second());
}

std::uint64_t digest_of(const CoordinatorRecord& record) {
  return Digest(RecordKind::Coordinator).add(record.node.value()).add(record.term.value()).finish();
}

void add_limits(Digest& digest, const OrderedLimits& limits) {
  // Absent is another word than any limit, zero included.
  const auto word = [](const auto& limit) { return limit ? std::uint64_t{*limit} + 1 : 0; };
  digest.add(word(limits.moves_per_node))
      .add(word(limits.moves_per_domain))
      .add(word(limits.moves_cluster_wide))
      .add(limits.bandwidth.has_value() ? 1 : 0)
      .add(limits.bandwidth.value_or(Bandwidth()).bytes_per_second());
}

std::uint64_t digest_of(const ClusterSettings& record) {
  Digest digest(RecordKind::Settings);
  digest.add(record.balancing_enabled ? 1 : 0)
      .add(static_cast<std::uint64_t>(record.lease_bound.count()));
  // What no operator has ordered adds nothing.
  if (record.limits != OrderedLimits{}) add_limits(digest, record.limits);
  if (!record.rebalance.empty()) digest.add(record.rebalance);
  return digest.finish();
}

std::uint64_t digest_of(const NodeRecord& record) {
  return Digest(RecordKind::Node)
      .add(record.id.value())
      .add(record.domain.region)
      .add(record.domain.zone)
      .add(record.domain.rack)
      .add(record.capacity.disk.count())
      .add(record.capacity.cpu_milli)
      .add(record.capacity.memory.count())
      .add(record.capacity.network.bytes_per_second())
      .add(static_cast<std::uint64_t>(record.state))
      .finish();
}

std::uint64_t digest_of(const CollectionConfig& record) {
  Digest digest(RecordKind::Collection);
  digest.add(record.id.value())
      .add(record.database)
      .add(record.name)
      .add(record.num_shards)
      .add(record.replication_factor)
      .add(record.first_shard.value())
      .add(record.write_concern)
      .add(record.first_epoch.value())
      .add(record.sharded ? 1 : 0)
      .add(record.moving_to.value())
      .add(record.successor.value())
      .add(record.shard_key.size());
  for (const std::string& field : record.shard_key) digest.add(field);
  return digest.finish();
}

std::uint64_t digest_of(const ShardInfo& record) {
  Digest digest(RecordKind::Shard);
  digest.add(record.id.value())
      .add(record.collection.value())
      .add(record.epoch.value())
      .add(record.leader.value())
      .add(record.fencing.value())
      .add(record.replicas)
      .add(record.learners)
      .add(static_cast<std::uint64_t>(record.status))
      .add(record.begin_epoch.value())
      .add(record.migration.has_value() ? 1 : 0);
  if (record.migration) add_migration(digest, *record.migration);
  return digest.finish();
}

}  // namespace

std::uint64_t record_digest(const Record& record) {
  return std::visit([](const auto& value) { return digest_of(value); }, record);
}

}  // namespace shardproof
