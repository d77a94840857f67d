// SPDX-License-Identifier: Apache-2.0
#include "sim/check/initial_spread.hpp"

#include <algorithm>

#include "sim/check/shared_domains.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

/// What else may be placed with it, and is reported late.
constexpr Bytes kRoom(64 * 1024);

}  // namespace

void InitialSpread::note_change(NodeId node, const At& at) {
  if (node.value() >= changed_at_.size()) changed_at_.resize(node.value() + 1);
  changed_at_[node.value()] = at.true_time;
}

void InitialSpread::on(const hook::Commanded& command, const At&) {
  const message::AdminRequest& request = *command.request;
  if (!request.copies.empty()) placed_by_hand_.insert(request.collection.full_name());
}

void InitialSpread::on(const fact::NodeSuspected& suspected, const At& at) {
  note_change(suspected.node, at);
}

void InitialSpread::on(const fact::NodeTrusted& trusted, const At& at) {
  note_change(trusted.node, at);
}

bool InitialSpread::is_known(Instant since, const At& at) const {
  const Timing& timing = oracle_.config().longest;
  return since == Instant() ||
         at.true_time - since > timing.node_lease * 3 + timing.metadata_timeout * 2;
}

bool InitialSpread::is_free(const NodeRecord& node, const At& at) const {
  const NodeFacts& facts = oracle_.node(node.id);
  const Instant changed_at =
      node.id.value() < changed_at_.size() ? changed_at_[node.id.value()] : Instant();
  const Nanoseconds heartbeat = oracle_.version_of(node.id).timing.heartbeat_interval;
  return node.state == NodeState::Active && is_known(changed_at, at) && facts.up &&
         is_known(facts.up_since, at) && at.true_time - facts.answered_at < heartbeat * 2 &&
         facts.room.since(at.true_time - oracle_.config().disk_unknown_for()) > kRoom;
}

void InitialSpread::on(const hook::Committing& commit, const At& at) {
  const CollectionConfig* made = nullptr;
  for (const Record& record : commit.delta.records) {
    if (const auto* node = std::get_if<NodeRecord>(&record)) note_change(node->id, at);
    const auto* collection = std::get_if<CollectionConfig>(&record);
    const bool is_new =
        collection != nullptr && oracle_.table().find_collection(collection->id) == nullptr;
    if (is_new) made = collection;
  }
  const bool is_judged = made != nullptr && made->sharded && commit.author.has_value() &&
                         placed_by_hand_.count(made->full_name()) == 0 && oracle_.is_whole() &&
                         is_known(oracle_.calm_since(), at) &&
                         oracle_.version_of(commit.author).places_in_domains;
  if (!is_judged) return;
  for (const Record& record : commit.delta.records) {
    const auto* shard = std::get_if<ShardInfo>(&record);
    if (shard != nullptr && shard->collection == made->id) check(*shard, commit.author, at);
  }
}

void InitialSpread::check(const ShardInfo& shard, NodeId author, const At& at) {
  evaluated();
  const ShardTable& table = oracle_.table();
  for (const NodeId placed : shard.replicas) {
    NodeList others = shard.replicas;
    erase_node(others, placed);
    const int levels = shared_levels(table, placed, others);
    if (levels == 0) continue;
    for (const NodeRecord& node : table.nodes()) {
      if (node.id.is_none() || contains(shard.replicas, node.id)) continue;
      if (shared_levels(table, node.id, others) >= levels || !is_free(node, at)) continue;
      return report(at, {shard.id, {placed, node.id, author}, {shard.epoch}},
                    fmt::format("{} begins {} with copies on {}: {} is {}, and {} was free to take "
                                "that copy, {}",
                                author, shard.id, names_text(shard.replicas), placed,
                                distance_text(table, placed, others), node.id,
                                distance_text(table, node.id, others)));
    }
  }
}

}  // namespace shardproof::sim::check
