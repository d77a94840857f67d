// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/cluster_tally.hpp"

#include "sim/observe/grown.hpp"

namespace shardproof::sim {
namespace {

/// Added for +1; unsigned wrap-around makes it the way to take one away.
constexpr std::uint64_t kAway = ~std::uint64_t{0};

}  // namespace

ClusterTally::Node& ClusterTally::node(NodeId id) { return grown(nodes_, id.value()); }

void ClusterTally::count_node(const Node& node, std::uint64_t sign) {
  if (!node.is_member()) return;
  members_ += sign;
  if (node.process == ProcessState::kRunning) running_ += sign;
  if (node.record.state == NodeState::Draining) draining_ += sign;
}

template <typename Change>
void ClusterTally::change_node(NodeId id, Change&& change) {
  Node& changed = node(id);
  count_node(changed, kAway);
  change(changed);
  count_node(changed, 1);
}

void ClusterTally::apply(const NodeRecord& record, bool is_start) {
  const Node& before = node(record.id);
  if (!before.is_known && !is_start) ++joined_;
  if (before.is_member() && record.state == NodeState::Removed) {
    ++removed_;
    if (before.record.state == NodeState::Draining) ++drained_;
  }
  change_node(record.id, [&](Node& node) {
    node.is_known = true;
    node.record = record;
  });
  ++placement_version_;
}

void ClusterTally::apply(const CollectionConfig& collection) {
  grown(collections_, collection.id.value()) = collection;
}

void ClusterTally::count_shard(const ShardInfo& shard, std::uint64_t sign) {
  if (shard.status != ShardStatus::Retired) shards_total_ += sign;
  by_status_[static_cast<std::size_t>(shard.status)] += sign;
  learners_ += sign * shard.learners.size();
  in_sync_ += sign * shard.replicas.size();
  const auto count_copy = [&](NodeId id) {
    change_node(id, [&](Node& node) { node.copies += sign; });
  };
  for (const NodeId id : shard.replicas) count_copy(id);
  for (const NodeId id : shard.learners) count_copy(id);
  if (shard.leader.has_value()) node(shard.leader).leaders += sign;
}

void ClusterTally::apply(const ShardInfo& shard) {
  ShardInfo& before = grown(shards_, shard.id.value());
  if (before.id.has_value()) {
    for (const NodeId id : before.learners) promoted_ += contains(shard.replicas, id) ? 1 : 0;
    count_shard(before, kAway);
  }
  const bool moved = before.replicas != shard.replicas || before.learners != shard.learners;
  count_shard(shard, 1);
  if (moved) ++placement_version_;
  before = shard;
}

void ClusterTally::on_process(NodeId id, ProcessState state) {
  change_node(id, [&](Node& node) { node.process = state; });
  if (state == ProcessState::kDown && coordinator_ == id) coordinator_ = NodeId::none();
  ++placement_version_;
}

void ClusterTally::on_office_taken(NodeId node, Term term) {
  coordinator_ = node;
  if (term > term_) {
    term_ = term;
    ++office_changes_;
  }
}

void ClusterTally::on_office_left(NodeId node) {
  if (coordinator_ == node) coordinator_ = NodeId::none();
}

const ShardInfo& ClusterTally::shard(ShardId id) const {
  static const ShardInfo kUnknown;
  return id.has_value() && id.value() < shards_.size() ? shards_[id.value()] : kUnknown;
}

const CollectionConfig* ClusterTally::collection_of(ShardId id) const {
  const CollectionId collection = shard(id).collection;
  if (collection.is_none() || collection.value() >= collections_.size()) return nullptr;
  return &collections_[collection.value()];
}

bool ClusterTally::is_running(NodeId id) const {
  return id.value() < nodes_.size() && nodes_[id.value()].process == ProcessState::kRunning;
}

}  // namespace shardproof::sim
