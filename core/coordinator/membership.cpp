// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/membership.hpp"

#include <algorithm>

#include "core/coordinator/failover.hpp"
#include "core/coordinator/leadership.hpp"
#include "core/coordinator/tenure.hpp"

namespace shardproof {
namespace {

using Stage = Progress::Stage;
using Command = Operations::Command;

constexpr std::uint32_t kNodesMax = 1'000'000;

template <typename... Values>
Progress refused(fmt::format_string<Values...> format, Values&&... values) {
  return {Stage::Refused, fmt::format(format, std::forward<Values>(values)...)};
}

template <typename... Values>
Progress done(fmt::format_string<Values...> format, Values&&... values) {
  return {Stage::Done, fmt::format(format, std::forward<Values>(values)...)};
}

template <typename... Values>
Progress running(fmt::format_string<Values...> format, Values&&... values) {
  return {Stage::Running, fmt::format(format, std::forward<Values>(values)...)};
}

bool is_busy(NodeId node, const Tenure& tenure) {
  return tenure.proposals.is_busy(RecordKey{RecordKind::Node, node.value()});
}

void propose(NodeRecord record, NodeState state, const char* intent, Tenure& tenure, Step& step) {
  if (is_busy(record.id, tenure)) return;
  record.state = state;
  tenure.proposals.propose(std::vector<Record>{record}, intent, step);
}

/// Why the node cannot go without a copy having to stay; empty if it can.
std::string why_needed(NodeId node, const ShardTable& table) {
  const auto stay = static_cast<std::uint32_t>(
      std::count_if(table.nodes().begin(), table.nodes().end(), [&](const NodeRecord& other) {
        return other.id.has_value() && other.id != node && other.state == NodeState::Active;
      }));
  if (stay == 0) return fmt::format("{} is the last active node", node);
  for (const CollectionConfig& collection : table.collections()) {
    if (collection.id.is_none() || collection.successor.has_value()) continue;
    if (collection.replication_factor <= stay) continue;
    return fmt::format("{} needs {} nodes, only {} active ones would be left",
                       collection.full_name(), collection.replication_factor, stay);
  }
  return {};
}

/// Shards that the node leads and that another node could lead. O(shards).
std::uint32_t count_transferable(NodeId node, const Tenure& tenure, const Step& step) {
  std::uint32_t count = 0;
  if (tenure.copies.leads(node) == 0) return 0;
  for (ShardInfo shard : step.table.shards()) {
    if (shard.id.is_none() || shard.leader != node) continue;
    shard.fencing = NodeId::none();
    count += best_successor(shard, tenure, step).has_value();
  }
  return count;
}

/// A shard of which the node has the only in-sync copy; none if there is no such.
ShardId only_copy_on(NodeId node, const ShardTable& table) {
  for (const ShardInfo& shard : table.shards()) {
    if (shard.id.is_none() || shard.replicas.size() != 1) continue;
    if (shard.replicas.front() == node) return shard.id;
  }
  return ShardId::none();
}

/// Whether the node is dead for so long that another would lead what it led, if any could.
bool is_past_failover(NodeId node, const Tenure& tenure, const Step& step) {
  const Nanoseconds patience = step.config.timing.node_lease * 4;
  return tenure.detector.is_dead(node) && step.now - tenure.detector.dead_since(node) > patience;
}

/// A shard that nobody but the node could serve, as far as is known: its other copies are on dead
/// nodes, or no failover has found one of them good enough. None if there is no such.
ShardId depends_on(NodeId node, const Tenure& tenure, const Step& step) {
  const bool is_past = is_past_failover(node, tenure, step);
  for (const ShardInfo& shard : step.table.shards()) {
    if (shard.id.is_none() || !contains(holders_to_ask(shard), node)) continue;
    const bool lives_on =
        std::any_of(shard.replicas.begin(), shard.replicas.end(),
                    [&](NodeId other) { return other != node && !tenure.detector.is_dead(other); });
    const bool is_led = shard.leader.has_value() && (shard.leader != node || !is_past);
    if (!lives_on || !is_led) return shard.id;
  }
  return ShardId::none();
}

bool is_named(NodeId node, const Tenure& tenure) {
  return tenure.copies.named_by(node) > 0 || tenure.proposals.any_names(node);
}

template <typename Predicate>
bool any_other_member(NodeId node, const ShardTable& table, Predicate predicate) {
  return std::any_of(table.nodes().begin(), table.nodes().end(), [&](const NodeRecord& other) {
    return other.id.has_value() && other.id != node && other.state != NodeState::Removed &&
           predicate(other.id);
  });
}

/// Whether somebody who lives stays, to hold the office: without one, nobody could even join.
bool leaves_a_candidate(NodeId node, const Tenure& tenure, const Step& step) {
  return any_other_member(node, step.table, [&](NodeId other) {
    return other == step.self() || tenure.detector.is_alive(other);
  });
}

bool may_another_live(NodeId node, const Tenure& tenure, const Step& step) {
  return any_other_member(node, step.table,
                          [&](NodeId other) { return !tenure.detector.is_dead(other); });
}

Progress take_out(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  const NodeId node = request.node;
  const NodeRecord* record = step.table.find_node(node);
  if (record == nullptr) return refused("{} is not known", node);
  if (record->state == NodeState::Removed) return done("{} is removed", node);
  if (is_busy(node, tenure)) return waiting("the commit of its last change");
  if (!step.config.rules.is_on(Rule::LastCopyStays)) {
    propose(*record, NodeState::Removed, "remove", tenure, step);
    return waiting("its commit");
  }
  if (const ShardId shard = only_copy_on(node, step.table); shard.has_value()) {
    return refused("{} has its only in-sync copy on {}", shard, node);
  }
  if (!leaves_a_candidate(node, tenure, step)) {
    if (may_another_live(node, tenure, step)) return waiting("a heartbeat of another member");
    return refused("{} is the last live member", node);
  }
  if (!is_named(node, tenure)) {
    if (is_any_node_changing(tenure, step.table)) return waiting("the commit of a member's change");
    propose(*record, NodeState::Removed, "remove", tenure, step);
    return waiting("its commit");
  }
  // What is on the way to the store names it, or takes the last copy from it.
  if (tenure.copies.named_by(node) == 0) return waiting("commits of changes that name it");
  if (tenure.detector.is_alive(node) && !request.flag) {
    return refused("{} is alive and {} shards name it: drain it first", node,
                   tenure.copies.named_by(node));
  }
  if (request.flag) {
    const ShardId shard = depends_on(node, tenure, step);
    if (shard.has_value()) return refused("{} cannot be served without {}", shard, node);
  }
  // Its copies are struck from the shards because it is dead, or once it is found to be.
  return running("{} shards still name {}", tenure.copies.named_by(node), node);
}

/// Not heard any more it dies, with the leases that it has, and is taken out as the dead are.
void expel(NodeId node, bool is_expelled, Tenure& tenure, Step& step) {
  if (is_expelled == tenure.detector.is_expelled(node)) return;
  tenure.detector.expel(node, is_expelled);
  if (is_expelled) step.effects.fact(fact::NodeExpelled{node});
}

}  // namespace

Progress join(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  const NodeRecord& wanted = request.record;
  if (wanted.id.is_none() || wanted.id.value() >= kNodesMax) {
    return refused("{} is no node id: expected n0 to n{}", wanted.id, kNodesMax - 1);
  }
  // It may be about to leave.
  if (is_busy(wanted.id, tenure)) return waiting("the commit of its last change");
  const NodeState state = node_state(step.table, wanted.id);
  if (state == NodeState::Draining) return refused("{} is draining", wanted.id);
  if (state != NodeState::Removed) return done("{} is a member", wanted.id);
  propose(wanted, NodeState::Active, "join", tenure, step);
  return waiting("its commit");
}

Progress drain(Command& command, Tenure& tenure, Step& step) {
  const NodeId node = command.request->node;
  const NodeRecord* record = step.table.find_node(node);
  if (record == nullptr) return refused("{} is not known", node);
  if (record->state == NodeState::Removed) return done("{} is removed", node);
  if (record->state == NodeState::Draining) {
    command.started = true;
    return running("{} is draining: {} shards left", node, tenure.copies.named_by(node));
  }
  if (command.started) return refused("the drain of {} was called off", node);
  // Members leave one after the other: whether one can go depends on who stays, and on how many
  // copies there are to be.
  if (is_any_node_changing(tenure, step.table)) return waiting("the commit of a member's change");
  if (is_any_collection_changing(tenure, step.table)) {
    return waiting("the commit of a collection's change");
  }
  if (const std::string reason = why_needed(node, step.table); !reason.empty()) {
    return refused("{}", reason);
  }
  propose(*record, NodeState::Draining, "drain", tenure, step);
  return waiting("its commit");
}

Progress begin_maintenance(Command& command, Tenure& tenure, Step& step) {
  const NodeId node = command.request->node;
  const NodeRecord* record = step.table.find_node(node);
  if (record == nullptr) return refused("{} is not known", node);
  if (is_busy(node, tenure)) return waiting("the commit of its last change");
  if (record->state == NodeState::Maintenance) {
    command.started = true;
    const std::uint32_t left = count_transferable(node, tenure, step);
    if (left > 0) return running("{} still leads {} shards that others can lead", node, left);
    return done("{} is in maintenance and leads {} shards that no other can lead", node,
                tenure.copies.leads(node));
  }
  if (record->state != NodeState::Active) {
    return refused("{} is {}", node, to_string(record->state));
  }
  if (command.started) return refused("the maintenance of {} was ended", node);
  // A drain that is on its way counts on the nodes that are active.
  if (is_any_node_changing(tenure, step.table)) return waiting("the commit of a member's change");
  propose(*record, NodeState::Maintenance, "maintenance", tenure, step);
  return waiting("its commit");
}

Progress end_maintenance(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  const NodeRecord* record = step.table.find_node(request.node);
  if (record == nullptr) return refused("{} is not known", request.node);
  // Its begin may be on the way to the store.
  if (is_busy(request.node, tenure)) return waiting("the commit of its last change");
  if (record->state == NodeState::Active) return done("{} is active", request.node);
  if (record->state != NodeState::Maintenance) {
    return refused("{} is {}", request.node, to_string(record->state));
  }
  propose(*record, NodeState::Active, "end maintenance", tenure, step);
  return waiting("its commit");
}

Progress remove(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  Progress progress = take_out(request, tenure, step);
  const bool was_expelled = tenure.detector.is_expelled(request.node);
  const bool goes_on =
      progress.stage == Stage::Running || (progress.stage == Stage::Waiting && was_expelled);
  expel(request.node, request.flag && goes_on, tenure, step);
  return progress;
}

void finish_drains(Tenure& tenure, Step& step) {
  for (const NodeRecord& node : step.table.nodes()) {
    if (node.id.is_none() || node.state != NodeState::Draining) continue;
    if (is_named(node.id, tenure) || !leaves_a_candidate(node.id, tenure, step)) continue;
    propose(node, NodeState::Removed, "drained", tenure, step);
  }
}

}  // namespace shardproof
