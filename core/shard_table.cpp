// SPDX-License-Identifier: Apache-2.0
#include "core/shard_table.hpp"

#include <algorithm>

namespace shardproof {
namespace {

/// Dense storage by id: grows with default (absent) entries.
template <typename T>
T& slot(std::vector<T>& values, std::uint32_t id) {
  if (id >= values.size()) values.resize(id + 1);
  return values[id];
}

template <typename T>
const T* find_in(const std::vector<T>& values, std::uint32_t id) {
  if (id >= values.size() || values[id].id.is_none()) return nullptr;
  return &values[id];
}

struct KeyOf {
  RecordKey operator()(const CoordinatorRecord&) const { return {RecordKind::Coordinator, 0}; }
  RecordKey operator()(const ClusterSettings&) const { return {RecordKind::Settings, 0}; }
  RecordKey operator()(const NodeRecord& r) const { return {RecordKind::Node, r.id.value()}; }
  RecordKey operator()(const CollectionConfig& r) const {
    return {RecordKind::Collection, r.id.value()};
  }
  RecordKey operator()(const ShardInfo& r) const { return {RecordKind::Shard, r.id.value()}; }
};

Result<void> validate_members(const ShardInfo& shard, const ShardTable& table) {
  NodeList all = shard.replicas;
  all.insert(all.end(), shard.learners.begin(), shard.learners.end());
  for (const NodeId node : all) {
    if (table.find_node(node) == nullptr) return fail("{}: {} is not a member", shard.id, node);
  }
  std::sort(all.begin(), all.end());
  const auto twin = std::adjacent_find(all.begin(), all.end());
  if (twin != all.end()) return fail("{}: {} is listed twice", shard.id, *twin);
  return {};
}

Result<void> validate_retired(const ShardInfo& shard) {
  const bool is_bare = shard.leader.is_none() && shard.fencing.is_none() &&
                       shard.replicas.empty() && shard.learners.empty() && !shard.migration;
  if (!is_bare) return fail("{}: retired, and still names nodes", shard.id);
  return {};
}

}  // namespace

bool contains(const NodeList& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

void erase_node(NodeList& nodes, NodeId node) {
  nodes.erase(std::remove(nodes.begin(), nodes.end(), node), nodes.end());
}

RecordKey key_of(const Record& record) { return std::visit(KeyOf{}, record); }

ShardTable::Stamp& ShardTable::stamp(RecordKey key) {
  return slot(stamps_[static_cast<std::size_t>(key.kind)], key.id);
}

void ShardTable::apply(const TableDelta& delta) {
  for (const Record& record : delta.records) {
    Stamp& mark = stamp(key_of(record));
    digest_ -= mark.digest;
    mark = {delta.revision, record_digest(record)};
    digest_ += mark.digest;
    if (const auto* coordinator = std::get_if<CoordinatorRecord>(&record)) {
      coordinator_ = *coordinator;
    } else if (const auto* settings = std::get_if<ClusterSettings>(&record)) {
      settings_ = *settings;
    } else if (const auto* node = std::get_if<NodeRecord>(&record)) {
      slot(nodes_, node->id.value()) = *node;
    } else if (const auto* collection = std::get_if<CollectionConfig>(&record)) {
      slot(collections_, collection->id.value()) = *collection;
    } else if (const auto* shard = std::get_if<ShardInfo>(&record)) {
      slot(shards_, shard->id.value()) = *shard;
    }
  }
  revision_ = std::max(revision_, delta.revision);
}

const NodeRecord* ShardTable::find_node(NodeId id) const { return find_in(nodes_, id.value()); }

const CollectionConfig* ShardTable::find_collection(CollectionId id) const {
  return find_in(collections_, id.value());
}

const CollectionConfig* ShardTable::find_collection(std::string_view database,
                                                    std::string_view name) const {
  for (const CollectionConfig& collection : collections_) {
    if (collection.successor.has_value()) continue;
    // The collection that documents are moved into was created after theirs.
    if (collection.database == database && collection.name == name) return &collection;
  }
  return nullptr;
}

const CollectionConfig* ShardTable::find_serving_collection(CollectionId id) const {
  const CollectionConfig* collection = find_collection(id);
  while (collection != nullptr && collection->successor.has_value()) {
    collection = find_collection(collection->successor);
  }
  return collection;
}

const ShardInfo* ShardTable::find_shard(ShardId id) const { return find_in(shards_, id.value()); }

Revision ShardTable::modified(RecordKey key) const {
  const auto& stamps = stamps_[static_cast<std::size_t>(key.kind)];
  return key.id < stamps.size() ? stamps[key.id].revision : Revision();
}

bool has_surplus(const ShardInfo& shard, const CollectionConfig& collection) {
  return shard.replicas.size() > collection.replication_factor;
}

bool is_legal_transition(ShardStatus from, ShardStatus to) {
  if (from == to) return true;
  switch (from) {
    case ShardStatus::Active: return true;
    case ShardStatus::Migrating: return to != ShardStatus::Retired;
    case ShardStatus::Syncing: return true;
    case ShardStatus::Offline:
      // A returning holder leads alone at first or with its peers, and learners may be added later:
      // no migration starts from Offline.
      return to != ShardStatus::Migrating;
    case ShardStatus::Retired: return false;
  }
  return false;
}

bool is_legal_transition(std::optional<MigrationPhase> from, std::optional<MigrationPhase> to) {
  if (from == to) return true;
  if (!from) return *to == MigrationPhase::Prepare;
  if (!to) return true;
  return static_cast<int>(*to) == static_cast<int>(*from) + 1;
}

Result<void> validate(const ShardInfo& shard, const CollectionConfig& collection,
                      const ShardTable& table) {
  const std::uint32_t first = collection.first_shard.value();
  if (shard.id.value() < first || shard.id.value() >= first + collection.num_shards) {
    return fail("{}: not a shard of {}, which has s{}..s{}", shard.id, collection.full_name(),
                first, first + collection.num_shards - 1);
  }
  if (shard.status == ShardStatus::Retired) return validate_retired(shard);
  if (shard.replicas.empty()) return fail("{}: the in-sync set is empty", shard.id);
  if (auto members = validate_members(shard, table); !members) return members;
  if (shard.leader.is_none() != (shard.status == ShardStatus::Offline)) {
    return fail("{}: status {} with leader {}", shard.id, to_string(shard.status), shard.leader);
  }
  if (shard.leader.has_value() && !contains(shard.replicas, shard.leader)) {
    return fail("{}: leader {} is not in sync", shard.id, shard.leader);
  }
  const std::size_t extra = shard.migration ? 1 : 0;
  const ShardInfo* before = table.find_shard(shard.id);
  const std::size_t had = before == nullptr ? 0 : before->replicas.size();
  if (shard.replicas.size() > std::max(collection.replication_factor + extra, had)) {
    return fail("{}: {} in-sync copies, replication factor {}", shard.id, shard.replicas.size(),
                collection.replication_factor);
  }
  return {};
}

const char* to_string(ShardStatus status) {
  switch (status) {
    case ShardStatus::Active: return "Active";
    case ShardStatus::Migrating: return "Migrating";
    case ShardStatus::Syncing: return "Syncing";
    case ShardStatus::Offline: return "Offline";
    case ShardStatus::Retired: return "Retired";
  }
  return "?";
}

const char* to_string(MigrationPhase phase) {
  switch (phase) {
    case MigrationPhase::Prepare: return "Prepare";
    case MigrationPhase::Copy: return "Copy";
    case MigrationPhase::Sync: return "Sync";
    case MigrationPhase::Switch: return "Switch";
    case MigrationPhase::Cleanup: return "Cleanup";
  }
  return "?";
}

const char* to_string(WriteMode mode) { return mode == WriteMode::Queue ? "queue" : "live"; }

const char* to_string(MigrationReason reason) {
  switch (reason) {
    case MigrationReason::Balance: return "balance";
    case MigrationReason::Drain: return "drain";
    case MigrationReason::Domain: return "domain";
    case MigrationReason::Manual: return "manual";
  }
  return "?";
}

}  // namespace shardproof
