// SPDX-License-Identifier: Apache-2.0
#include "sim/check/well_formed_table.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

/// As what the shard names the node: "its leader and in-sync copy", "its learner".
std::string role_text(const ShardInfo& shard, NodeId node) {
  const char* leads = shard.leader == node ? "leader" : "";
  const char* copies = contains(shard.replicas, node)   ? "in-sync copy"
                       : contains(shard.learners, node) ? "learner"
                                                        : "";
  const bool is_both = *leads != '\0' && *copies != '\0';
  return fmt::format("its {}{}{}", leads, is_both ? " and " : "", copies);
}

/// Of a node that is in the lists more than once.
std::string twice_text(const ShardInfo& shard, NodeId node) {
  if (contains(shard.replicas, node) && contains(shard.learners, node)) {
    return fmt::format("{} is both in sync and a learner", node);
  }
  return fmt::format("{} is {} twice", node,
                     contains(shard.replicas, node) ? "in the in-sync set" : "a learner");
}

}  // namespace

void WellFormedTable::on(const hook::Committed& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    if (const auto* collection = std::get_if<CollectionConfig>(&record)) {
      check_collection(*collection, at);
    } else if (const auto* node = std::get_if<NodeRecord>(&record)) {
      check_member(*node, at);
    } else if (const auto* shard = std::get_if<ShardInfo>(&record)) {
      check_shard(*shard, at);
    }
  }
}

void WellFormedTable::check_collection(const CollectionConfig& collection, const At& at) {
  evaluated();
  const bool usable = collection.num_shards > 0 && collection.replication_factor > 0 &&
                      !collection.shard_key.empty();
  if (!usable) {
    report(at, {},
           fmt::format("{} is to have {} shards of {} copies each and {} fields as its shard key: "
                       "none of them may be 0",
                       collection.full_name(), collection.num_shards, collection.replication_factor,
                       collection.shard_key.size()));
  }
  if (collection.successor.has_value()) check_successor(collection, at);
  const CollectionConfig* target = oracle_.table().find_collection(collection.moving_to);
  if (target == nullptr) return;
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId id(collection.first_shard.value() + i);
    const ShardInfo* shard = oracle_.table().find_shard(id);
    if (shard == nullptr || shard->epoch < target->first_epoch) continue;
    report(at, {id, {shard->leader}, {shard->epoch, target->first_epoch}},
           fmt::format("the documents of {} move to {}, whose shards begin with {}, and {} may "
                       "still log writes in {}: a document's version would not rise",
                       collection.full_name(), target->id, target->first_epoch, id, shard->epoch));
  }
}

/// Where another collection is in its place nothing of it is served any more.
void WellFormedTable::check_successor(const CollectionConfig& collection, const At& at) {
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId id(collection.first_shard.value() + i);
    const ShardInfo* shard = oracle_.table().find_shard(id);
    if (shard == nullptr || shard->status == ShardStatus::Retired) continue;
    report(at, {id, {shard->leader}, {shard->epoch}},
           fmt::format("{} is in the place of {} of {}, whose shard {} is {}", collection.successor,
                       collection.id, collection.full_name(), id, to_string(shard->status)));
  }
}

/// Whoever leaves is struck from every shard before.
void WellFormedTable::check_member(const NodeRecord& node, const At& at) {
  if (node.state != NodeState::Removed) return;
  evaluated();
  for (const ShardInfo& shard : oracle_.table().shards()) {
    const bool is_named = contains(shard.replicas, node.id) || contains(shard.learners, node.id);
    if (shard.id.is_none() || !is_named) continue;
    return report(at, {shard.id, {node.id, shard.leader}, {shard.epoch}},
                  fmt::format("{} is removed at {}, and {} still names it as {} at {} ({})",
                              node.id, oracle_.table().revision(), shard.id,
                              role_text(shard, node.id), shard.epoch, copies_text(shard)));
  }
}

void WellFormedTable::check_shard(const ShardInfo& shard, const At& at) {
  evaluated();
  const std::string fault = find_fault(shard);
  copies_before(shard.id) = shard.replicas.size();
  if (fault.empty()) return;
  report(
      at, {shard.id, {shard.leader}, {shard.epoch}},
      fmt::format("{} at {} of {}: {}", shard.id, shard.epoch, oracle_.table().revision(), fault));
}

std::size_t& WellFormedTable::copies_before(ShardId shard) {
  if (shard.value() >= copies_.size()) copies_.resize(shard.value() + 1);
  return copies_[shard.value()];
}

std::string WellFormedTable::find_fault(const ShardInfo& shard) const {
  const CollectionConfig* collection = oracle_.table().find_collection(shard.collection);
  if (collection == nullptr) return fmt::format("its collection {} is not there", shard.collection);
  const std::uint64_t first = collection->first_shard.value();
  if (shard.id.value() < first || shard.id.value() >= first + collection->num_shards) {
    return fmt::format("it counts as one of {} ({}), whose shards are {}", shard.collection,
                       collection->full_name(), shards_text(*collection));
  }
  if (shard.status == ShardStatus::Retired) {
    const bool is_bare = shard.leader.is_none() && shard.replicas.empty() && shard.learners.empty();
    if (collection->successor.is_none()) return "retired, and its collection has no successor";
    return is_bare ? "" : fmt::format("retired, and it still names nodes: {}", copies_text(shard));
  }
  if (shard.leader.is_none() != (shard.status == ShardStatus::Offline)) {
    return fmt::format("its status is {}, and {} leads it", to_string(shard.status),
                       human_node(shard.leader));
  }
  if (shard.leader.has_value() && !contains(shard.replicas, shard.leader)) {
    return fmt::format("its leader {} is not in the in-sync set ({})", shard.leader,
                       names_text(shard.replicas));
  }
  return find_fault_in_copies(shard, *collection);
}

std::string WellFormedTable::find_fault_in_copies(const ShardInfo& shard,
                                                  const CollectionConfig& collection) const {
  if (shard.replicas.empty()) return "the in-sync set is empty";
  const std::size_t before = shard.id.value() < copies_.size() ? copies_[shard.id.value()] : 0;
  // What is on its way when the factor is lowered may still add a copy.
  if (shard.replicas.size() > std::max<std::size_t>(oracle_.factor_known(shard.id), before)) {
    return fmt::format("{} in-sync copies with replication factor {}: {} (before this commit {})",
                       shard.replicas.size(), collection.replication_factor,
                       names_text(shard.replicas), before);
  }
  NodeList all = shard.replicas;
  all.insert(all.end(), shard.learners.begin(), shard.learners.end());
  for (auto node = all.begin(); node != all.end(); ++node) {
    const NodeRecord* record = oracle_.table().find_node(*node);
    if (record == nullptr) {
      return fmt::format("{}, {}, is no node of the cluster", *node, role_text(shard, *node));
    }
    if (record->state == NodeState::Removed) {
      return fmt::format("{}, {}, is removed from the cluster", *node, role_text(shard, *node));
    }
    if (std::find(all.begin(), node, *node) != node) return twice_text(shard, *node);
  }
  return shard.migration ? find_fault_in(*shard.migration, shard) : std::string();
}

/// Until the switch the source is in sync and the target catches up.
std::string WellFormedTable::find_fault_in(const Migration& migration, const ShardInfo& shard) {
  if (migration.phase >= MigrationPhase::Switch) return {};
  if (!contains(shard.replicas, migration.source)) {
    return fmt::format("{}, from which {} in {} moves it, is not in the in-sync set ({})",
                       migration.source, migration.id, to_string(migration.phase),
                       names_text(shard.replicas));
  }
  if (contains(shard.learners, migration.target)) return {};
  return fmt::format("{}, to which {} in {} moves it, is no learner ({})", migration.target,
                     migration.id, to_string(migration.phase), copies_text(shard));
}

}  // namespace shardproof::sim::check
