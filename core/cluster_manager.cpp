// SPDX-License-Identifier: Apache-2.0
#include "core/cluster_manager.hpp"

#include <algorithm>

#include "core/store.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

void ClusterManager::on_boot(Step& step) {
  if (!step.config.has_cluster_manager) return;
  disk_answered_ = step.now;
  step.effects.set_timer(TimerKind::Heartbeat, Nanoseconds(0));
}

void ClusterManager::on_timer(const Store& store, Step& step) {
  // The news of another coordinator may have got lost, and the former one does not answer.
  if (!has_lease(step)) {
    if (lease_until_ != Instant()) step.effects.hit(Probe::LeaseLapsed);
    step.watcher.refresh(step);
  }
  if (step.fires(FaultPoint::TableReread)) step.watcher.refresh(step);
  if (!step.fires(FaultPoint::HeartbeatSkipped)) send_heartbeat(store, step);
  step.effects.set_timer(TimerKind::Heartbeat, step.config.timing.heartbeat_interval);
}

void ClusterManager::on_coordinator_change(const Store& store, Step& step) {
  next_report_ = step.now;
  send_heartbeat(store, step);
}

void ClusterManager::send_heartbeat(const Store& store, Step& step) {
  const NodeId coordinator = step.table.coordinator().node;
  if (coordinator.is_none()) return;
  look_at_disk(store, step);
  if (has_dead_disk_) return step.effects.hit(Probe::DeadDiskAsksForNoLease);
  message::Heartbeat heartbeat{step.now, step.table.revision(), nullptr,
                               step.config.timing.heartbeat_interval};
  if (step.now >= next_report_) {
    heartbeat.report = make_report(store, step);
    next_report_ = step.now + step.config.timing.report_interval;
  }
  step.effects.send(Endpoint::node(coordinator), std::move(heartbeat));
}

void ClusterManager::look_at_disk(const Store& store, Step& step) {
  const std::uint64_t answers = store.disk_answers();
  if (answers != disk_answers_) disk_answered_ = step.now;
  disk_answers_ = answers;
  has_dead_disk_ = step.now - disk_answered_ >= step.config.timing.disk_timeout;
}

void ClusterManager::on_heartbeat_reply(const message::HeartbeatReply& reply, Step& step) {
  step.watcher.want(reply.revision, step);
  // An answer of a deposed coordinator grants nothing: its successor does not know of it.
  if (reply.term < step.table.coordinator().term) {
    return step.effects.hit(Probe::DeposedCoordinatorsLeaseIgnored);
  }
  const bool from_ask = step.config.rules.is_on(Rule::LeaseFromAsk);
  const Instant until = (from_ask ? reply.asked_at : step.now) + reply.lease;
  if (until <= lease_until_) return;
  lease_until_ = until;
  step.effects.fact(fact::LeaseTaken{reply.asked_at, reply.lease, reply.term});
}

ClusterManager::Counts& ClusterManager::counts(ShardId shard) {
  if (shard.value() >= counts_.size()) counts_.resize(shard.value() + 1);
  return counts_[shard.value()];
}

void ClusterManager::count_request(ShardId shard) { counts(shard).requests += 1; }

void ClusterManager::count_inputs(ShardId shard, std::uint64_t count) {
  if (count > 0) counts(shard).inputs += count;
}

std::shared_ptr<const message::NodeReport> ClusterManager::make_report(const Store& store,
                                                                       const Step& step) {
  auto report = std::make_shared<message::NodeReport>();
  report->interval = step.config.timing.report_interval;
  report->disk_used = store.disk_used();
  const Bytes free = store.disk_free();
  report->disk_capacity = free == Bytes::max() ? Bytes(0) : store.disk_used() + free;
  for (const ShardId shard : store.copies()) {
    const ShardInfo* info = step.table.find_shard(shard);
    const CopySummary summary = store.summary(shard);
    message::ShardLoad load;
    load.shard = shard;
    load.documents = summary.documents;
    load.bytes = summary.bytes;
    load.requests = counts(shard).requests;
    load.inputs = counts(shard).inputs;
    load.is_leader = info != nullptr && info->leader == step.self();
    report->shards.push_back(load);
  }
  std::fill(counts_.begin(), counts_.end(), Counts());
  return report;
}

}  // namespace shardproof
