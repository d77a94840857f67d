// SPDX-License-Identifier: Apache-2.0
#include "sim/check/findings.hpp"

namespace shardproof::sim::check {
namespace {

NodeRole role_of(NodeId node, const ShardInfo* shard, const ShardTable& committed) {
  if (shard != nullptr) {
    if (shard->migration && shard->migration->source == node) return NodeRole::kSource;
    if (shard->migration && shard->migration->target == node) return NodeRole::kTarget;
    if (shard->leader == node) return NodeRole::kLeader;
    if (contains(shard->replicas, node)) return NodeRole::kReplica;
    if (contains(shard->learners, node)) return NodeRole::kLearner;
  }
  return committed.coordinator().node == node ? NodeRole::kCoordinator : NodeRole::kNone;
}

/// Says what the record's shard and nodes are.
void place(const ShardTable& committed, ViolationRecord& record) {
  const ShardInfo* shard = record.shard.has_value() ? committed.find_shard(record.shard) : nullptr;
  if (shard != nullptr && shard->migration) record.phase = shard->migration->phase;
  for (const NodeId node : record.nodes) {
    // A finding may be about a client, or about nobody who could be named.
    record.roles.push_back(node.has_value() ? role_of(node, shard, committed) : NodeRole::kNone);
  }
}

}  // namespace

void Findings::report(const InvariantInfo& invariant, const At& at, const Subject& subject,
                      std::string detail, Explain explain) {
  if (!takes(invariant)) return;
  if (explain) unexplained_.emplace_back(kept_.size(), std::move(explain));
  ViolationRecord& record = kept_.emplace_back();
  record.invariant = invariant.number;
  record.name = invariant.name;
  record.message = std::move(detail);
  record.statement = invariant.statement;
  record.time = at.true_time;
  record.event = at.event;
  record.shard = subject.shard;
  record.nodes.assign(subject.nodes.begin(), subject.nodes.end());
  record.epochs.assign(subject.epochs.begin(), subject.epochs.end());
  place(committed_, record);
  record.last_events = recent_.last(subject.shard, record.nodes, kLastEvents);
  count_from(origin_, record);
}

void Findings::explain(const AuditView& view) {
  for (const auto& [violation, explain] : unexplained_) {
    const std::string text = explain(view);
    if (!text.empty()) kept_[violation].message += ": " + text;
  }
  unexplained_.clear();
}

void Findings::report_late(const InvariantInfo& invariant, ViolationRecord record) {
  if (!takes(invariant)) return;
  record.invariant = invariant.number;
  record.name = invariant.name;
  record.statement = invariant.statement;
  count_from(origin_, record);
  kept_.push_back(std::move(record));
}

std::vector<PastEvent> Findings::last_events(ShardId shard,
                                             const std::vector<NodeId>& nodes) const {
  std::vector<PastEvent> events = recent_.last(shard, nodes, kLastEvents);
  for (PastEvent& event : events) event.time = scenario_time(event.time);
  return events;
}

bool Findings::takes(const InvariantInfo& invariant) {
  ++total_;
  ++counts_[invariant.number];
  return kept_.size() < kept_max_;
}

void Findings::begin_scenario(Instant origin) {
  for (ViolationRecord& record : kept_) count_from(origin, record);
  origin_ = origin;
}

void Findings::count_from(Instant origin, ViolationRecord& record) {
  record.time = record.time - origin.since_start();
  for (PastEvent& event : record.last_events) event.time = event.time - origin.since_start();
  for (ClientOperation& operation : record.lanes.operations) {
    operation.asked_at = operation.asked_at - origin.since_start();
    if (operation.answered_at)
      *operation.answered_at = *operation.answered_at - origin.since_start();
  }
}

}  // namespace shardproof::sim::check
