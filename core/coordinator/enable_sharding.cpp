// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/enable_sharding.hpp"

#include <algorithm>

#include "core/coordinator/cluster_view_builder.hpp"
#include "core/coordinator/resharding.hpp"
#include "core/coordinator/tenure.hpp"
#include "core/distribution/registry.hpp"
#include "core/enable_sharding.hpp"

namespace shardproof {
namespace {

using Stage = Progress::Stage;

bool has_same_settings(const CollectionConfig& a, const CollectionConfig& b) {
  return a.num_shards == b.num_shards && a.replication_factor == b.replication_factor &&
         a.shard_key == b.shard_key && a.write_concern == b.write_concern && a.sharded == b.sharded;
}

/// The request's collection with the ids that are next.
CollectionConfig numbered(CollectionConfig collection, const ShardTable& table) {
  std::uint32_t first_shard = 0;
  for (const CollectionConfig& other : table.collections()) {
    if (other.id.has_value()) {
      first_shard = std::max(first_shard, other.first_shard.value() + other.num_shards);
    }
  }
  collection.id = next_collection(table);
  collection.first_shard = ShardId(first_shard);
  return collection;
}

Result<std::vector<distribution::CopyList>> as_ordered(const std::vector<NodeList>& copies,
                                                       const CollectionConfig& collection,
                                                       const ShardTable& table) {
  if (copies.size() != collection.num_shards) {
    return fail("copies of {} shards are ordered, and there are {}", copies.size(),
                collection.num_shards);
  }
  std::vector<distribution::CopyList> placed;
  for (const NodeList& of_shard : copies) {
    if (of_shard.empty() || of_shard.size() > collection.replication_factor) {
      return fail("{} copies of a shard are ordered: 1 to {} are possible", of_shard.size(),
                  collection.replication_factor);
    }
    for (auto node = of_shard.begin(); node != of_shard.end(); ++node) {
      const NodeRecord* record = table.find_node(*node);
      if (record == nullptr || record->state != NodeState::Active) {
        return fail("a copy is ordered on {}, which is no active member", *node);
      }
      if (std::find(of_shard.begin(), node, *node) != node) {
        return fail("two copies of a shard are ordered on {}", *node);
      }
    }
    placed.emplace_back(of_shard.begin(), of_shard.end());
  }
  return placed;
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
  const DistributionConfig& config = step.config.distribution;
  options.values = distribution::values_of(config.placement, config.options);
  return policy->place_all(build_view(tenure, step), shards, options);
}

ShardInfo new_shard(ShardId id, const CollectionConfig& collection,
                    const distribution::CopyList& nodes) {
  ShardInfo shard;
  shard.id = id;
  shard.collection = collection.id;
  shard.epoch = collection.first_epoch;
  shard.begin_epoch = collection.first_epoch;
  shard.leader = nodes.front();
  shard.replicas.assign(nodes.begin(), nodes.end());
  return shard;
}

/// The living active nodes of the lowest numbers; fewer than wanted if there are no more.
distribution::CopyList lowest_nodes(std::uint32_t count, const Tenure& tenure,
                                    const ShardTable& table) {
  distribution::CopyList nodes;
  for (const NodeRecord& node : table.nodes()) {
    if (nodes.size() == count) break;
    const bool is_active = node.id.has_value() && node.state == NodeState::Active;
    if (is_active && tenure.detector.is_alive(node.id)) nodes.push_back(node.id);
  }
  return nodes;
}

Progress already_there(const CollectionConfig& known, const CollectionConfig& wanted) {
  if (has_same_settings(known, wanted)) {
    return {Stage::Done,
            fmt::format("{} is {}: {} shards from {} on", known.full_name(),
                        known.sharded ? "sharded" : "there", known.num_shards, known.first_shard)};
  }
  return {Stage::Refused, fmt::format("{} is {} already, with other settings", known.full_name(),
                                      known.sharded ? "sharded" : "there")};
}

/// What the next collection has to wait for; null if it can be created now.
const char* what_delays_creation(const CollectionConfig& wanted, const Tenure& tenure,
                                 const Step& step) {
  const RecordKey key{RecordKind::Collection, next_collection(step.table).value()};
  if (tenure.proposals.is_busy(key)) return "the commit of another collection";
  return what_delays_placing(wanted.replication_factor, tenure, step.table);
}

}  // namespace

CollectionId next_collection(const ShardTable& table) {
  return CollectionId(static_cast<std::uint32_t>(table.collections().size()));
}

const char* what_delays_placing(std::uint32_t copies, const Tenure& tenure,
                                const ShardTable& table) {
  if (is_any_node_changing(tenure, table)) return "the commit of a member's change";
  if (!knows_all_members(tenure, table)) return "the first heartbeats of all members";
  const bool are_enough = lowest_nodes(copies, tenure, table).size() == copies;
  return are_enough ? nullptr : "as many living active members as there are to be copies";
}

Result<std::vector<Record>> records_of_new(const CollectionConfig& wanted,
                                           const std::vector<NodeList>& copies,
                                           const Tenure& tenure, const Step& step) {
  const CollectionConfig collection = numbered(wanted, step.table);
  const auto placed =
      copies.empty() ? place(collection, tenure, step) : as_ordered(copies, collection, step.table);
  if (!placed) return Unexpected{placed.error()};
  std::vector<Record> records{collection};
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId id(collection.first_shard.value() + i);
    records.push_back(new_shard(id, collection, placed.value()[i]));
  }
  return records;
}

Progress enable_sharding(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  CollectionConfig wanted = request.collection;
  wanted.sharded = true;
  const auto* known = step.table.find_collection(wanted.database, wanted.name);
  if (known != nullptr && known->sharded) return already_there(*known, wanted);
  if (known != nullptr && known->moving_to.has_value()) {
    const CollectionConfig& target = *step.table.find_collection(known->moving_to);
    if (!has_same_settings(target, wanted)) return already_there(target, wanted);
  }
  if (const auto valid = validate_new_collection(wanted, step.table); !valid) {
    return {Stage::Refused, valid.error().message};
  }
  if (known != nullptr) return reshard(*known, wanted, tenure, step);
  if (const char* delay = what_delays_creation(wanted, tenure, step)) return waiting(delay);
  auto records = records_of_new(wanted, request.copies, tenure, step);
  if (!records) return {Stage::Refused, records.error().message};
  tenure.proposals.propose(std::move(*records), "enable_sharding", step);
  return waiting("its commit");
}

Progress create_collection(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  CollectionConfig wanted = request.collection;
  wanted.sharded = false;
  wanted.num_shards = 1;
  wanted.shard_key = {"_key"};
  if (const auto* known = step.table.find_collection(wanted.database, wanted.name)) {
    return already_there(*known, wanted);
  }
  if (const auto valid = validate_new_collection(wanted, step.table); !valid) {
    return {Stage::Refused, valid.error().message};
  }
  if (const char* delay = what_delays_creation(wanted, tenure, step)) return waiting(delay);
  const auto nodes = lowest_nodes(wanted.replication_factor, tenure, step.table);
  const CollectionConfig collection = numbered(std::move(wanted), step.table);
  const ShardInfo shard = new_shard(collection.first_shard, collection, nodes);
  tenure.proposals.propose(std::vector<Record>{collection, shard}, "create", step);
  return waiting("its commit");
}

}  // namespace shardproof
