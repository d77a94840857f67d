// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/leadership.hpp"

#include <algorithm>

#include "core/coordinator/shard_changes.hpp"

namespace shardproof {
namespace {

bool is_fencing_over(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  if (tenure.detector.is_dead(shard.fencing)) return true;
  const RecordKey key{RecordKind::Shard, shard.id.value()};
  return tenure.detector.known_revision(shard.fencing) >= step.table.modified(key);
}

}  // namespace

bool is_perhaps_unheard_of(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  if (shard.epoch != shard.begin_epoch) return false;
  const RecordKey key{RecordKind::Shard, shard.id.value()};
  return tenure.detector.known_revision(shard.leader) < step.table.modified(key);
}

std::size_t copies_to_ask(const ShardInfo& shard, const Step& step) {
  const CollectionConfig& collection = *step.table.find_collection(shard.collection);
  const std::size_t concern = collection.write_concern;
  const std::size_t promised = collection.replication_factor;
  const std::size_t in_sync = shard.replicas.size();
  if (concern == 0 || concern >= promised) return 1;
  const std::size_t left = promised - std::min(promised, in_sync);
  const std::size_t holders = concern > left ? concern - left : 1;
  return in_sync - std::min(in_sync, holders) + 1;
}

ShardInfo without_past_fencing(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  ShardInfo result = shard;
  if (shard.fencing.has_value() && is_fencing_over(shard, tenure, step)) {
    result.fencing = NodeId::none();
  }
  return result;
}

bool can_take_over(const ShardInfo& shard, NodeId node, const Tenure& tenure, const Step& step) {
  if (shard.leader.is_none() || node == shard.leader || shard.fencing.has_value()) return false;
  return contains(shard.replicas, node) && tenure.detector.is_alive(node) &&
         node_state(step.table, node) == NodeState::Active && copies_to_ask(shard, step) == 1;
}

NodeId best_successor(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  NodeId best;
  for (const NodeId node : shard.replicas) {
    if (!can_take_over(shard, node, tenure, step)) continue;
    const std::uint32_t leads = tenure.copies.leads(node);
    const std::uint32_t least = best.is_none() ? 0 : tenure.copies.leads(best);
    if (best.is_none() || leads < least || (leads == least && node < best)) best = node;
  }
  return best;
}

void hand_over(const ShardInfo& shard, NodeId node, const char* intent, Tenure& tenure,
               Step& step) {
  ShardInfo after = shard;
  change::set_leader(after, node, shard.leader);
  tenure.proposals.propose(change::sealed(std::move(after), shard), intent, step);
}

bool attend_leadership(Tenure& tenure, const ShardInfo& shard, ShardNotes& notes, Step& step) {
  if (node_state(step.table, shard.leader) != NodeState::Maintenance) return false;
  const NodeId successor = best_successor(shard, tenure, step);
  if (successor.has_value()) {
    hand_over(shard, successor, "maintenance", tenure, step);
    return true;
  }
  // The predecessor will adopt the table soon, then leadership can go on.
  if (shard.fencing.has_value()) notes.wake = step.now;
  return false;
}

}  // namespace shardproof
