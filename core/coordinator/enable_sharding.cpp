// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/enable_sharding.hpp"

#include <algorithm>

#include "core/coordinator/cluster_view_builder.hpp"
#include "core/coordinator/tenure.hpp"
#include "core/distribution/registry.hpp"
#include "core/enable_sharding.hpp"

namespace shardproof {
namespace {

using Stage = Progress::Stage;

bool has_same_settings(const CollectionConfig& a, const CollectionConfig& b) {
  return a.num_shards == b.num_shards && a.replication_factor == b.replication_factor &&
         a.shard_key == b.shard_key && a.write_concern == b.write_concern;
}

/// The request's collection with the ids that are next.
CollectionConfig numbered(CollectionConfig collection, const ShardTable& table) {
  std::uint32_t first_shard = 0;
  for (const CollectionConfig& other : table.collections()) {
    if (other.id.has_value()) {
      first_shard = std::max(first_shard, other.first_shard.value() + other.num_shards);
    }
  }
  collection.id = CollectionId(static_cast<std::uint32_t>(table.collections().size()));
  collection.first_shard = ShardId(first_shard);
  return collection;
}

Result<std::vector<distribution::CopyList>> place(const CollectionConfig& collection,
                                                  const Tenure& tenure, const Step& step) {
  const auto* policy = distribution::find_placement_policy(step.config.distribution.placement);
  if (policy == nullptr) {
    return fail("placement policy '{}' is not known", step.config.distribution.placement);
  }
  std::vector<distribution::NewShard> shards;
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    shards.push_back({ShardId(collection.first_shard.value() + i), collection.id, Bytes(0)});
  }
  distribution::PlacementOptions options;
  options.replication_factor = collection.replication_factor;
  options.disk_watermark = step.config.bounds.disk_high_watermark;
  return policy->place_all(build_view(tenure, step), shards, options);
}

ShardInfo new_shard(ShardId id, const CollectionConfig& collection,
                    const distribution::CopyList& nodes) {
  ShardInfo shard;
  shard.id = id;
  shard.collection = collection.id;
  shard.epoch = Epoch(1);
  shard.leader = nodes.front();
  shard.replicas.assign(nodes.begin(), nodes.end());
  return shard;
}

Progress create(const CollectionConfig& collection, Tenure& tenure, Step& step) {
  const auto placed = place(collection, tenure, step);
  if (!placed) return {Stage::Refused, placed.error().message};
  std::vector<Record> records{collection};
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId id(collection.first_shard.value() + i);
    records.push_back(new_shard(id, collection, placed.value()[i]));
  }
  tenure.proposals.propose(std::move(records), "enable_sharding", step);
  return {Stage::Waiting, {}};
}

}  // namespace

Progress enable_sharding(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  const CollectionConfig& wanted = request.collection;
  if (const auto* known = step.table.find_collection(wanted.database, wanted.name)) {
    if (has_same_settings(*known, wanted)) {
      return {Stage::Done, fmt::format("{} is sharded: {} shards from {} on", known->full_name(),
                                       known->num_shards, known->first_shard)};
    }
    return {Stage::Refused,
            fmt::format("{} is sharded already, with other settings", known->full_name())};
  }
  if (const auto valid = validate_new_collection(wanted, step.table); !valid) {
    return {Stage::Refused, valid.error().message};
  }
  const CollectionConfig collection = numbered(wanted, step.table);
  const bool is_busy =
      tenure.proposals.is_busy(RecordKey{RecordKind::Collection, collection.id.value()});
  if (is_busy || !knows_all_members(tenure, step.table)) return {Stage::Waiting, {}};
  return create(collection, tenure, step);
}

}  // namespace shardproof
